/** Key pairs, through the official SDK. */
import {
  CreateKeyPairCommand,
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  EC2Client,
  ImportKeyPairCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, ec2Of, refusal } from '../testing/clients.ts';

let sandbox: Sandbox;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ bootMs: 0 });
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

const describeKeys = async (input: object = {}, client = ec2) => (await client.send(new DescribeKeyPairsCommand(input))).KeyPairs;

it.each(['rsa', 'ed25519'] as const)('makes a pair of type %s and hands out its private key once', async (KeyType) => {
  const made = await ec2.send(
    new CreateKeyPairCommand({
      KeyName: `globex-${KeyType}`,
      KeyType,
      TagSpecifications: [{ ResourceType: 'key-pair', Tags: [{ Key: 'owner', Value: 'Globex' }] }],
    }),
  );
  expect(made).toMatchObject({ KeyName: `globex-${KeyType}`, KeyPairId: expect.stringMatching(/^key-/) });
  expect(made.KeyMaterial).toMatch(/^-----BEGIN (RSA|OPENSSH) PRIVATE KEY-----/);
  const [seen] = (await describeKeys({ KeyNames: [`globex-${KeyType}`], IncludePublicKey: true })) ?? [];
  expect(seen).toMatchObject({ KeyType, KeyFingerprint: made.KeyFingerprint, Tags: [{ Key: 'owner', Value: 'Globex' }] });
  const key = ssh2.utils.parseKey(made.KeyMaterial ?? '');
  const [, publicPart] = seen?.PublicKey?.split(' ') ?? [];
  expect(publicPart).toBe((key as ssh2.ParsedKey).getPublicSSH().toString('base64'));
  expect(JSON.stringify(await describeKeys())).not.toContain('PRIVATE');
});

it('takes a public key that was made elsewhere, and refuses what is none', async () => {
  const line = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048, comment: 'ada@globex' }).public;
  const bring = (KeyName: string, text: string) =>
    ec2.send(new ImportKeyPairCommand({ KeyName, PublicKeyMaterial: Buffer.from(text) }));
  const made = await bring('brought', line);
  expect(made.KeyFingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  expect(await refusal(bring('brought', line))).toMatchObject({ code: 'InvalidKeyPair.Duplicate', status: 400 });
  expect(await refusal(bring('nonsense', 'ssh-rsa nonsense'))).toMatchObject({ code: 'InvalidKey.Format' });
});

it('a machine gets the public key at its launch, and finds it in its metadata', async () => {
  await ec2.send(new CreateKeyPairCommand({ KeyName: 'for-launch', KeyType: 'ed25519' }));
  const run = (KeyName: string) =>
    ec2.send(
      new RunInstancesCommand({
        ImageId: ACME_VAULT,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        KeyName,
        MetadataOptions: { HttpTokens: 'optional' },
      }),
    );
  const made = await run('for-launch');
  expect(made.Instances?.[0]?.KeyName).toBe('for-launch');
  const url = `${sandbox.ec2}/imds/${made.Instances?.[0]?.InstanceId}/latest/meta-data/public-keys/0/openssh-key`;
  expect(await (await fetch(url)).text()).toMatch(/^ssh-ed25519 \S+ for-launch\n$/);
  expect(await refusal(run('nobody'))).toMatchObject({ code: 'InvalidKeyPair.NotFound', status: 400 });
});

it('is deleted by name or id; to delete what is not there is no mistake', async () => {
  const { KeyPairId } = await ec2.send(new CreateKeyPairCommand({ KeyName: 'short-lived', KeyType: 'ed25519' }));
  expect(
    await describeKeys({ KeyNames: ['short-lived'] }, ec2Of(sandbox, { region: 'eu-west-1' })).catch(
      (error: Error) => error.name,
    ),
  ).toBe('InvalidKeyPair.NotFound');
  expect((await ec2.send(new DeleteKeyPairCommand({ KeyPairId }))).KeyPairId).toBe(KeyPairId);
  expect(await refusal(describeKeys({ KeyNames: ['short-lived'] }))).toMatchObject({ code: 'InvalidKeyPair.NotFound' });
  expect((await ec2.send(new DeleteKeyPairCommand({ KeyName: 'short-lived' }))).KeyPairId).toBeUndefined();
});
