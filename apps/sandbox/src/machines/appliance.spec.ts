/** The appliances in the machines, over HTTP: data on a volume and in its snapshots, numbers, draining, and when they are well. */
import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  EC2Client,
  GetConsoleOutputCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, ACME_VAULT_IMDSV1, control, ec2Of } from '../testing/clients.ts';

let sandbox: Sandbox;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ bootMs: 0, volumeMs: 0, snapshotMs: 0 });
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

interface Machine {
  id: string;
  url: string;
}

async function launch(ImageId = ACME_VAULT, input: Partial<RunInstancesCommandInput> = {}): Promise<Machine> {
  const made = await ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }));
  const [instance] = made.Instances ?? [];
  // The control port answers when every machine that should be up is.
  await control(sandbox, '/clock', { advanceMs: 1 });
  return { id: instance?.InstanceId ?? '', url: `http://${instance?.PublicIpAddress}:${sandbox.appliancePort}` };
}

async function volume(input: object = { Size: 1 }): Promise<string> {
  return (await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', ...input }))).VolumeId ?? '';
}

const attach = (VolumeId: string, { id }: Machine, Device = '/dev/sdf') =>
  ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: id, Device }));

const write = async ({ url }: Machine, key: string, body: string) =>
  (await fetch(`${url}/rows/${key}`, { method: 'PUT', body })).status;
const rowsOf = async ({ url }: Machine): Promise<unknown> => (await fetch(`${url}/rows`)).json();
const health = async ({ url }: Machine) => (await fetch(`${url}/health`)).status;

describe('rows', () => {
  it('are on the volume, move with it to another machine, and are gone with it', async () => {
    const [first, second] = [await launch(), await launch()];
    const id = await volume();
    await attach(id, first);
    expect(await write(first, 'order-1', 'twelve, zwölf')).toBe(200);
    expect(await rowsOf(first)).toEqual({ 'order-1': 'twelve, zwölf' });
    expect(await write(first, 'a%20key', 'x')).toBe(404);
    expect(await write(first, 'large', 'x'.repeat(4097))).toBe(413);

    await control(sandbox, `/instances/${first.id}/lose`);
    await expect(rowsOf(first)).rejects.toThrow('fetch failed');
    expect(await rowsOf(second)).toEqual({});
    await attach(id, second);
    expect(await rowsOf(second)).toEqual({ 'order-1': 'twelve, zwölf' });
    await ec2.send(new DetachVolumeCommand({ VolumeId: id }));
    expect(await rowsOf(second)).toEqual({});
    await attach(await volume(), second);
    expect(await rowsOf(second)).toEqual({});
  });

  it('are in a snapshot as they were at that moment, and in every volume made of it, also in another zone', async () => {
    const machine = await launch();
    const id = await volume();
    await attach(id, machine);
    await write(machine, 'state', 'before');
    const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId: id }));
    await write(machine, 'state', 'after');
    const elsewhere = await launch(ACME_VAULT, { Placement: { AvailabilityZone: 'us-east-1b' } });
    await attach(await volume({ AvailabilityZone: 'us-east-1b', SnapshotId }), elsewhere);
    expect([await rowsOf(machine), await rowsOf(elsewhere)]).toEqual([{ state: 'after' }, { state: 'before' }]);
    const fresh = await launch(ACME_VAULT, { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId } }] });
    expect(await rowsOf(fresh)).toEqual({ state: 'before' });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [fresh.id] }));
    const ofSnapshot = [{ Name: 'snapshot-id', Values: [SnapshotId ?? ''] }];
    expect((await ec2.send(new DescribeVolumesCommand({ Filters: ofSnapshot }))).Volumes).toHaveLength(1);
  });
});

describe('software that keeps its data on a volume apart', () => {
  it('is well while one is attached', async () => {
    const image = { ownerId: '222233334444', name: 'strict', software: { needsDataVolume: true }, launchPermissions: ['all'] };
    const { imageId } = (await (await control(sandbox, '/images', image)).json()) as { imageId: string };
    const machine = await launch(imageId);
    expect(await health(machine)).toBe(503);
    const id = await volume();
    await attach(id, machine);
    expect(await health(machine)).toBe(200);
    await ec2.send(new DetachVolumeCommand({ VolumeId: id, Force: true }));
    expect(await health(machine)).toBe(503);
    const { Output = '' } = await ec2.send(new GetConsoleOutputCommand({ InstanceId: machine.id }));
    expect(Buffer.from(Output, 'base64').toString()).toContain('not ready: no data volume is attached');
  });
});

describe('an appliance', () => {
  it('shows the numbers that it was given', async () => {
    const machine = await launch();
    const metrics = async () => (await fetch(`${machine.url}/metrics`)).json();
    expect(await metrics()).toEqual({});
    expect((await control(sandbox, `/instances/${machine.id}/metrics`, { queue_depth: 12, cpu: 0.5 })).status).toBe(200);
    expect(await metrics()).toEqual({ queue_depth: 12, cpu: 0.5 });
    expect((await control(sandbox, `/instances/${machine.id}/metrics`, { queue_depth: 'many' })).status).toBe(400);
    expect((await control(sandbox, '/instances/i-0123456789abcdef0/metrics', {})).status).toBe(404);
  });

  it('remembers that it was told to drain', async () => {
    const machine = await launch();
    const draining = async () => ((await (await fetch(`${machine.url}/drain`)).json()) as { draining: boolean }).draining;
    const told = async () => {
      const seen = await fetch(`${sandbox.control}/instances/${machine.id}`);
      return ((await seen.json()) as { notes: { drainedAt?: number } }).notes.drainedAt;
    };
    expect([await draining(), await told()]).toEqual([false, undefined]);
    expect((await fetch(`${machine.url}/drain`, { method: 'POST' })).status).toBe(202);
    const first = await told();
    await fetch(`${machine.url}/drain`, { method: 'POST' });
    expect([await draining(), await told()]).toEqual([true, first]);
    expect(first).toBeTypeOf('number');
  });

  it('is unwell when it is told to be, and where its old way to its metadata is closed', async () => {
    const [machine, dated, lax] = [
      await launch(),
      await launch(ACME_VAULT_IMDSV1, { MetadataOptions: { HttpTokens: 'required' } }),
      await launch(ACME_VAULT_IMDSV1, { MetadataOptions: { HttpTokens: 'optional' } }),
    ];
    expect([await health(machine), await health(dated), await health(lax)]).toEqual([200, 503, 200]);
    await control(sandbox, `/instances/${machine.id}/health`, { healthy: false });
    expect(await health(machine)).toBe(503);
    await control(sandbox, `/instances/${machine.id}/health`, { healthy: true });
    expect(await health(machine)).toBe(200);
  });

  it('does not answer while its machine reboots', async () => {
    const slow = await startSandbox({ bootMs: 60_000 });
    const made = await ec2Of(slow).send(
      new RunInstancesCommand({ ImageId: ACME_VAULT, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
    );
    const [instance] = made.Instances ?? [];
    const machine = { id: instance?.InstanceId ?? '', url: `http://${instance?.PublicIpAddress}:${slow.appliancePort}` };
    await control(slow, '/clock', { advanceMs: 60_000 });
    expect(await health(machine)).toBe(200);
    await ec2Of(slow).send(new RebootInstancesCommand({ InstanceIds: [machine.id] }));
    await expect(health(machine)).rejects.toThrow('fetch failed');
    await control(slow, '/clock', { advanceMs: 60_000 });
    expect(await health(machine)).toBe(200);
    await slow.close();
  });
});
