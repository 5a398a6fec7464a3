/** The sandbox as a whole: appliances that answer, state that outlives a kill, ports that are taken. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeInstancesCommand, RunInstancesCommand, StopInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from './server.ts';
import { ACME_VAULT, ACME_VAULT_BROKEN, control, ec2Of } from './testing/clients.ts';
import { FREE_PORTS, sandboxProcess, said } from './testing/process.ts';

const undo: Array<() => unknown> = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function started(settings: Parameters<typeof startSandbox>[0] = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(settings);
  undo.push(() => sandbox.close());
  return sandbox;
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'sandbox-'));
  undo.push(() => rm(made, { recursive: true }));
  return made;
}

function main(settings: Record<string, string>): ChildProcess {
  const child = sandboxProcess(settings);
  undo.push(() => child.kill('SIGKILL'));
  return child;
}

async function launch(ec2: EC2Client, ImageId = ACME_VAULT): Promise<{ id: string; address: string }> {
  const made = await ec2.send(
    new RunInstancesCommand({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ClientToken: `of-${ImageId}` }),
  );
  const [instance] = made.Instances ?? [];
  return { id: instance?.InstanceId ?? '', address: instance?.PublicIpAddress ?? '' };
}

it('an appliance answers at its address while its instance runs', async () => {
  const sandbox = await started({ bootMs: 60_000 });
  const ec2 = ec2Of(sandbox);
  const { id, address } = await launch(ec2);
  const health = () => fetch(`http://${address}:${sandbox.appliancePort}/health`);
  await expect(health()).rejects.toThrow('fetch failed');
  await control(sandbox, '/clock', { advanceMs: 60_000 });
  const answer = await health();
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  expect(await (await fetch(`http://${address}:${sandbox.appliancePort}/`)).text()).toContain(id);
  await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
  await expect(health()).rejects.toThrow('fetch failed');
});

it('an image that does not boot never answers, though its instance runs', async () => {
  const sandbox = await started({ bootMs: 0 });
  const good = await launch(ec2Of(sandbox));
  const bad = await launch(ec2Of(sandbox), ACME_VAULT_BROKEN);
  await control(sandbox, '/clock', { advanceMs: 1 });
  expect((await fetch(`http://${good.address}:${sandbox.appliancePort}/health`)).status).toBe(200);
  await expect(fetch(`http://${bad.address}:${sandbox.appliancePort}/health`)).rejects.toThrow('fetch failed');
});

it('where there is one address for all, the youngest running appliance answers at it', async () => {
  const sandbox = await started({ bootMs: 0, applianceAddress: '127.0.0.1' });
  const health = () => fetch(`http://127.0.0.1:${sandbox.appliancePort}/health`);
  expect((await health()).status).toBe(404);
  const { id, address } = await launch(ec2Of(sandbox));
  expect(address).toBe('127.0.0.1');
  expect((await health()).status).toBe(200);
  await control(sandbox, `/instances/${id}/lose`);
  expect((await health()).status).toBe(404);
});

it('what was acknowledged is there again after kill -9, and running appliances answer again', async () => {
  const data = join(await folder(), 'sandbox.sqlite');
  const child = main({ SANDBOX_DATA: data, SANDBOX_BOOT_MS: '0', ...FREE_PORTS });
  const ec2Url = await said(child, /EC2.*(http:\S+)/);
  const { id, address } = await launch(ec2Of({ ec2: ec2Url }));
  child.kill('SIGKILL');
  await once(child, 'exit');

  const again = await started({ data, bootMs: 0 });
  const repeat = await launch(ec2Of(again));
  expect(repeat.id).toBe(id);
  const seen = await ec2Of(again).send(new DescribeInstancesCommand());
  expect(seen.Reservations?.[0]?.Instances?.[0]).toMatchObject({
    InstanceId: id,
    State: { Name: 'running' },
    PublicIpAddress: address,
  });
  expect((await fetch(`http://${address}:${again.appliancePort}/health`)).status).toBe(200);
});

it('keeps its identity key and writes the certificate to a file', async () => {
  const made = await folder();
  const settings = { data: join(made, 'sandbox.sqlite'), identityCertificateFile: join(made, 'deep/identity.pem') };
  const first = await startSandbox(settings);
  await first.close();
  const second = await started(settings);
  expect(second.identityCertificate).toBe(first.identityCertificate);
  expect(await readFile(settings.identityCertificateFile, 'utf8')).toBe(first.identityCertificate);
});

it('says which port is taken and which setting moves it', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  undo.push(() => other.close());
  const taken = (other.address() as AddressInfo).port;
  await expect(startSandbox({ controlPort: taken })).rejects.toThrow(
    `Port ${taken} is taken by another program. Set SANDBOX_CONTROL_PORT`,
  );
  await expect(startSandbox({ appliancePort: taken })).rejects.toThrow('Set SANDBOX_APPLIANCE_PORT');
  await expect(startSandbox({ sshPort: taken })).rejects.toThrow('Set SANDBOX_SSH_PORT');
});

it('main lists all wrong settings at once and exits 1, and stops cleanly when told', async () => {
  const wrong = main({ SANDBOX_EC2_PORT: 'x', SANDBOX_BOOT_MS: '-1' });
  const text = said(wrong, /([\s\S]*SANDBOX_EC2_PORT[\s\S]*SANDBOX_BOOT_MS[\s\S]*)/);
  const [code] = (await once(wrong, 'exit')) as [number];
  expect(code).toBe(1);
  expect(await text).toContain('SANDBOX_EC2_PORT');

  const right = main({ SANDBOX_DATA: ':memory:', ...FREE_PORTS });
  await said(right, /(EC2)/);
  right.kill('SIGTERM');
  expect(await once(right, 'exit')).toEqual([0, null]);
});
