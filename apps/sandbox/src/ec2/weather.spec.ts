/** Bad weather, through the official SDK and the control port: throttling, lag, no room, zones and racks that fail. */
import {
  AttachVolumeCommand,
  CreatePlacementGroupCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, control, ec2Of, refusal } from '../testing/clients.ts';

let sandbox: Sandbox;
let ec2: EC2Client;

beforeEach(async () => {
  sandbox = await startSandbox({ bootMs: 0, volumeMs: 0, snapshotMs: 0 });
  ec2 = ec2Of(sandbox);
});
afterEach(() => sandbox.close());

const run = async (input: Partial<RunInstancesCommandInput> = {}, client = ec2) =>
  (
    await client.send(
      new RunInstancesCommand({ ImageId: ACME_VAULT, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }),
    )
  ).Instances ?? [];

async function launch(input: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  return (await run(input))[0]?.InstanceId ?? '';
}

async function find(input: object = {}) {
  const seen = await ec2.send(new DescribeInstancesCommand(input));
  return seen.Reservations?.flatMap((reservation) => reservation.Instances ?? []) ?? [];
}
const stateOf = async (id: string) => (await find({ InstanceIds: [id] }))[0]?.State?.Name;
const weather = (changed: object) => control(sandbox, '/weather', changed);
const fair = () => fetch(`${sandbox.control}/weather`, { method: 'DELETE' });
const later = (ms: number) => sandbox.clock.advance(ms);

describe('throttling', () => {
  const THROTTLED = { code: 'RequestLimitExceeded', status: 503 };

  /** Calls until the bucket is empty. @returns how many went through, less what flowed in meanwhile at most. */
  async function drained(perSecond: number, call: () => Promise<unknown>): Promise<{ calls: number; least: number }> {
    const start = Date.now();
    let calls = 0;
    for (;;) {
      const error = await call().then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      if (error) {
        expect(await refusal(Promise.reject(error))).toMatchObject(THROTTLED);
        return { calls, least: calls - Math.ceil(((Date.now() - start) / 1000) * perSecond) };
      }
      calls++;
    }
  }

  it('lets an account make 1,000 instances at once and then two a second', async () => {
    await weather({ throttle: { resources: true } });
    for (let batch = 0; batch < 9; batch++) expect(await run({ MinCount: 100, MaxCount: 100 })).toHaveLength(100);
    const rest = await drained(2, () => run({ MinCount: 5, MaxCount: 5 }));
    expect(rest.calls).toBeGreaterThanOrEqual(20);
    expect(rest.least).toBeLessThanOrEqual(20);
    later(50_000);
    const refilled = await drained(2, () => run({ MinCount: 5, MaxCount: 5 }));
    expect(refilled.calls).toBeGreaterThanOrEqual(20);
    expect(refilled.least).toBeLessThanOrEqual(20);
    await expect(run({ MinCount: 100, MaxCount: 100 })).rejects.toThrow('resource rate limit');
    await fair();
    await expect(run({ MinCount: 100, MaxCount: 100 })).resolves.toHaveLength(100);
  }, 60_000);

  it.each([
    ['RunInstances', 5, 2, () => run()],
    ['DescribeInstances without a filter', 50, 10, () => find()],
    ['DescribeInstances with one', 100, 20, () => find({ Filters: [{ Name: 'instance-id', Values: ['i-0'] }] })],
  ])(
    'lets calls of %s through as long as its bucket of %i has tokens',
    async (_, most, perSecond, call) => {
      await weather({ throttle: { requests: true } });
      const first = await drained(perSecond, call);
      expect(first.calls).toBeGreaterThanOrEqual(most);
      expect(first.least).toBeLessThanOrEqual(most);
      await expect(ec2.send(new DescribeVolumesCommand({}))).resolves.toBeDefined();
      later((most / perSecond) * 1000);
      const again = await drained(perSecond, call);
      expect(again.calls).toBeGreaterThanOrEqual(most);
    },
    60_000,
  );

  it('is off unless it was switched on, by the control port or from the start', async () => {
    for (let call = 0; call < 10; call++) await run();
    const strict = await startSandbox({ throttle: 'requests' });
    const client = ec2Of(strict);
    for (let call = 0; call < 5; call++) await run({}, client);
    expect(await refusal(run({}, client))).toMatchObject(THROTTLED);
    await strict.close();
  });
});

describe('a lag', () => {
  it('shows what was made, changed and tagged a little later, in describe calls alone', async () => {
    const early = await launch({ ClientToken: 'early' });
    await weather({ describeLagMs: 5000 });
    const id = await launch({ ClientToken: 'late' });
    const byToken = (token: string) => find({ Filters: [{ Name: 'client-token', Values: [token] }] });
    expect(await byToken('early')).toHaveLength(1);
    expect(await byToken('late')).toEqual([]);
    expect(await find()).toHaveLength(1);
    expect(await refusal(stateOf(id))).toMatchObject({ code: 'InvalidInstanceID.NotFound' });
    // The same token gets the same machine at once.
    expect(await launch({ ClientToken: 'late' })).toBe(id);

    await ec2.send(new StopInstancesCommand({ InstanceIds: [early] }));
    await ec2.send(new CreateTagsCommand({ Resources: [early], Tags: [{ Key: 'late', Value: 'too' }] }));
    const tags = async () => (await ec2.send(new DescribeTagsCommand({}))).Tags;
    expect([await stateOf(early), await tags()]).toEqual(['running', []]);
    later(5000);
    expect([await stateOf(early), await stateOf(id)]).toEqual(['stopped', 'running']);
    expect(await tags()).toHaveLength(1);
    expect((await find()).map((instance) => instance.InstanceId)).toEqual([early, id]);
  });

  it('shows what was ended a little longer, and nothing twice over the pages', async () => {
    const ids: string[] = [];
    for (let made = 0; made < 7; made++) ids.push(await launch());
    await weather({ describeLagMs: 5000 });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [ids[2] ?? ''] }));
    const first = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5 }));
    const second = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken: first.NextToken }));
    const seen = [...(first.Reservations ?? []), ...(second.Reservations ?? [])].flatMap((one) => one.Instances ?? []);
    expect(seen.map((instance) => instance.InstanceId)).toEqual(ids);
    expect(seen[2]?.State?.Name).toBe('running');
  });
});

describe('capacity', () => {
  const zone = { Placement: { AvailabilityZone: 'us-east-1a' } };
  const limit = (instances: number | null, instanceType = 't3.micro') =>
    control(sandbox, '/capacity', { zone: 'us-east-1a', instanceType, instances });

  it('of a type in a zone is given out until it is used up, as many as there are if that is enough', async () => {
    await limit(3);
    expect(await refusal(run({ ...zone, MinCount: 4, MaxCount: 5 }))).toMatchObject({
      code: 'InsufficientInstanceCapacity',
      status: 500,
    });
    const made = await run({ ...zone, MinCount: 2, MaxCount: 5 });
    expect(made).toHaveLength(3);
    const refused = await refusal(run(zone));
    expect(refused.message).toContain('sufficient t3.micro capacity in the Availability Zone you requested (us-east-1a)');
    await expect(run({ ...zone, InstanceType: 't3.small' })).resolves.toHaveLength(1);
    expect((await run())[0]?.Placement?.AvailabilityZone).toBe('us-east-1b');

    const [id = ''] = made.map((instance) => instance.InstanceId);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await run(zone);
    expect(await refusal(ec2.send(new StartInstancesCommand({ InstanceIds: [id] })))).toMatchObject({
      code: 'InsufficientInstanceCapacity',
    });
    await limit(null);
    await expect(ec2.send(new StartInstancesCommand({ InstanceIds: [id] }))).resolves.toBeDefined();
  });

  it('is asked for by a token that can be used again after a refusal', async () => {
    await limit(0);
    expect(await refusal(launch({ ...zone, ClientToken: 'l-1' }))).toMatchObject({ code: 'InsufficientInstanceCapacity' });
    await limit(1);
    await expect(launch({ ...zone, ClientToken: 'l-1' })).resolves.toMatch(/^i-/);
    expect((await control(sandbox, '/capacity', { zone: 'mars-1a', instanceType: 't3.micro' })).status).toBe(400);
  });
});

describe('a zone that fails', () => {
  it('takes its machines along, keeps its volumes to itself, and gives them back when it is up again', async () => {
    const [inside, stopped, outside] = [
      await launch({ Placement: { AvailabilityZone: 'us-east-1a' } }),
      await launch({ Placement: { AvailabilityZone: 'us-east-1a' } }),
      await launch({ Placement: { AvailabilityZone: 'us-east-1b' } }),
    ];
    const { VolumeId = '' } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
    await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: inside, Device: '/dev/sdf' }));
    const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
    await ec2.send(new StopInstancesCommand({ InstanceIds: [stopped] }));

    const answer = await control(sandbox, '/zones/us-east-1a/fail');
    expect(await answer.json()).toEqual({ lost: [inside] });
    expect([await stateOf(inside), await stateOf(stopped), await stateOf(outside)]).toEqual(['terminated', 'stopped', 'running']);
    const zoneState = async () =>
      (await ec2.send(new DescribeAvailabilityZonesCommand({ ZoneNames: ['us-east-1a'] }))).AvailabilityZones?.[0]?.State;
    const volumeState = async () => (await ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))).Volumes?.[0]?.State;
    expect([await zoneState(), await volumeState()]).toEqual(['unavailable', 'error']);

    const refusals = await Promise.all(
      [
        launch({ Placement: { AvailabilityZone: 'us-east-1a' } }),
        ec2.send(new StartInstancesCommand({ InstanceIds: [stopped] })),
        ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 })),
        ec2.send(new CreateSnapshotCommand({ VolumeId })),
        ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: stopped, Device: '/dev/sdf' })),
      ].map(refusal),
    );
    expect(refusals.map(({ code }) => code)).toEqual([
      'InsufficientInstanceCapacity',
      'InsufficientInstanceCapacity',
      'InsufficientVolumeCapacity',
      'InternalError',
      'InternalError',
    ]);
    const elsewhere = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1b', SnapshotId }));
    await ec2.send(new AttachVolumeCommand({ VolumeId: elsewhere.VolumeId, InstanceId: outside, Device: '/dev/sdf' }));

    await control(sandbox, '/zones/us-east-1a/restore');
    expect([await zoneState(), await volumeState()]).toEqual(['available', 'available']);
    await ec2.send(new StartInstancesCommand({ InstanceIds: [stopped] }));
    await expect(ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: stopped, Device: '/dev/sdf' }))).resolves.toBeDefined();
    expect((await control(sandbox, '/zones/mars-1a/fail')).status).toBe(404);
  });
});

it('a rack that fails takes all instances of its partition at once, and no others', async () => {
  await ec2.send(new CreatePlacementGroupCommand({ GroupName: 'racks', Strategy: 'partition', PartitionCount: 2 }));
  const made = await run({ MinCount: 4, MaxCount: 4, Placement: { GroupName: 'racks' } });
  const inFirst = made.filter((instance) => instance.Placement?.PartitionNumber === 1).map((instance) => instance.InstanceId);
  const answer = await control(sandbox, '/placement-groups/racks/lose', { partition: 1 });
  expect(await answer.json()).toEqual({ lost: inFirst });
  const left = await find({ Filters: [{ Name: 'instance-state-name', Values: ['running'] }] });
  expect(left.map((instance) => instance.Placement?.PartitionNumber)).toEqual([2, 2]);
});

it('a snapshot can end in an error', async () => {
  const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
  const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
  await control(sandbox, `/snapshots/${SnapshotId}/fail`);
  const seen = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }));
  expect(seen.Snapshots?.[0]?.State).toBe('error');
  const use = ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', SnapshotId }));
  expect(await refusal(use)).toMatchObject({ code: 'IncorrectState' });
});

it('a fault can let calls through first, so that the third one fails', async () => {
  await control(sandbox, '/faults', { operation: 'RunInstances', code: 'InternalError', after: 2 });
  await run();
  await run();
  expect(await refusal(run())).toMatchObject({ code: 'InternalError' });
  await expect(run()).resolves.toHaveLength(1);
});

it('the weather is shown, and fair again after a reset', async () => {
  await weather({ describeLagMs: 10 });
  await control(sandbox, '/zones/us-east-1c/fail');
  const shown = async () => (await fetch(`${sandbox.control}/weather`)).json();
  expect(await shown()).toEqual({
    throttle: { requests: false, resources: false },
    describeLagMs: 10,
    capacity: [],
    zonesDown: ['us-east-1c'],
  });
  expect((await weather({ colour: 'grey' })).status).toBe(400);
  await control(sandbox, '/reset');
  expect(await shown()).toMatchObject({ describeLagMs: 0, zonesDown: [] });
});
