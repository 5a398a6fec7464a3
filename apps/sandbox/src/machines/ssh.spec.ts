/** SSH into the machines, with a real client: who gets in where, by which way. */
import { CreateKeyPairCommand, EC2Client, RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import ssh2, { type ConnectConfig } from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, ACME_VAULT_PASSWORD, ACME_VAULT_ROOT, control, ec2Of } from '../testing/clients.ts';

let sandbox: Sandbox;
let ec2: EC2Client;
let privateKey: string;

beforeAll(async () => {
  sandbox = await startSandbox({ bootMs: 0 });
  ec2 = ec2Of(sandbox);
  const made = await ec2.send(new CreateKeyPairCommand({ KeyName: 'ada', KeyType: 'ed25519' }));
  privateKey = made.KeyMaterial ?? '';
});
afterAll(() => sandbox.close());

async function launch(ImageId: string, KeyName?: string): Promise<{ id: string; host: string }> {
  const made = await ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, KeyName }));
  const [instance] = made.Instances ?? [];
  await control(sandbox, '/clock', { advanceMs: 1 });
  return { id: instance?.InstanceId ?? '', host: instance?.PublicIpAddress ?? '' };
}

/** What the machine says of itself to who gets in, and otherwise why nobody does. */
function login(host: string, given: ConnectConfig): Promise<string> {
  const client = new ssh2.Client();
  return new Promise<string>((resolve) => {
    client.on('error', (error) => resolve(error.message));
    client.on('ready', () =>
      client.exec('hostname', (error, stream) => {
        if (error) return resolve(error.message);
        stream.on('data', (said: Buffer) => resolve(said.toString().trim()));
      }),
    );
    client.connect({ host, port: sandbox.sshPort, ...given });
  }).finally(() => client.end());
}

const REFUSED = 'All configured authentication methods failed';

it('lets a user in by the key pair of the launch, and by no other key or way', async () => {
  const { id, host } = await launch(ACME_VAULT, 'ada');
  const stranger = ssh2.utils.generateKeyPairSync('ed25519').private;
  expect(await login(host, { username: 'admin', privateKey })).toBe(`This is ${id}.`);
  expect(await login(host, { username: 'admin', privateKey: stranger })).toBe(REFUSED);
  expect(await login(host, { username: 'admin', password: 'admin' })).toBe(REFUSED);
  expect(await login(host, { username: 'root', privateKey })).toBe(REFUSED);
  expect(await login(host, { username: 'root', password: 'root' })).toBe(REFUSED);
});

it('lets nobody in without a key pair', async () => {
  const { host } = await launch(ACME_VAULT);
  expect(await login(host, { username: 'admin', privateKey })).toBe(REFUSED);
});

it('takes passwords where the image is careless about them, though not from root', async () => {
  const { id, host } = await launch(ACME_VAULT_PASSWORD);
  expect(await login(host, { username: 'admin', password: 'admin' })).toBe(`This is ${id}.`);
  expect(await login(host, { username: 'admin', password: 'guessed' })).toBe(REFUSED);
  expect(await login(host, { username: 'root', password: 'root' })).toBe(REFUSED);
});

it('lets root in where the image is careless about that', async () => {
  const { id, host } = await launch(ACME_VAULT_ROOT, 'ada');
  expect(await login(host, { username: 'root', privateKey })).toBe(`This is ${id}.`);
  expect(await login(host, { username: 'root', password: 'root' })).toBe(`This is ${id}.`);
  expect(await login(host, { username: 'admin', password: 'admin' })).toBe(REFUSED);
});

it('is there while the machine is', async () => {
  const { id, host } = await launch(ACME_VAULT, 'ada');
  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await control(sandbox, '/clock', { advanceMs: 1 });
  expect(await login(host, { username: 'admin', privateKey })).toContain('ECONNREFUSED');
});
