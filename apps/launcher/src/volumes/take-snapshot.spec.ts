/** Snapshots of data volumes on the real SDK and the sandbox's EC2: taken once, watched, and waited for before a volume goes. */
import { DescribeSnapshotsCommand, type Snapshot as Ec2Snapshot } from '@aws-sdk/client-ec2';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SETTLE_SECONDS } from '#domain/fleet.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import type { Volume } from '#tables/launcher/volume.ts';
import { ec2Of } from '../../../sandbox/src/testing/clients.ts';
import { launcherWorld, type LaunchGiven, type World } from '../testing/world.ts';
import { DataVolumes } from './data-volumes.ts';

const DATA = { name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/var/lib/vault' } as const;
const SNAPSHOT_SECONDS = 30;

let world: World;
beforeAll(async () => {
  world = await launcherWorld({ version: { dataVolumes: [DATA] }, sandboxSettings: { snapshotMs: SNAPSHOT_SECONDS * 1000 } });
  await world.app.settle();
});
afterAll(() => world.close());

async function launched(given: LaunchGiven = {}): Promise<{ id: string; volume: Volume }> {
  const id = await world.launch(given);
  await world.app.settle(async () => (await world.currentMachine(id))?.state === 'healthy');
  return { id, volume: (await world.volumes(id))[0]! };
}

const db = () => world.app.nest.get(DataSource);
const ask = (volume: Volume): Promise<string> =>
  db().transaction((tx) => world.app.nest.get(DataVolumes, { strict: false }).planSnapshot(tx, volume, 'asked'));
const snapshots = ({ id }: Volume): Promise<Snapshot[]> =>
  db().manager.find(Snapshot, { where: { volumeId: id }, order: { createdAt: 'asc' } });
const isIn = (volume: Volume, state: string) => async (): Promise<boolean> => (await snapshots(volume)).at(-1)?.state === state;

async function atEc2({ ec2VolumeId }: Volume): Promise<Ec2Snapshot[]> {
  const Filters = [{ Name: 'volume-id', Values: [ec2VolumeId!] }];
  const { Snapshots = [] } = await ec2Of(world.sandbox).send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters }));
  return Snapshots;
}

describe('a snapshot', () => {
  it('is pending while EC2 copies, and complete when EC2 says so', async () => {
    const { id, volume } = await launched();
    await ask(volume);
    await world.app.settle(isIn(volume, 'pending'));
    expect(await snapshots(volume)).toMatchObject([{ reason: 'asked', completedAt: null }]);
    world.advance({ seconds: SNAPSHOT_SECONDS });
    await world.app.settle(isIn(volume, 'completed'));
    const [snapshot] = await snapshots(volume);
    expect(snapshot).toMatchObject({ launchId: id, progress: 100, failure: null });
    expect(snapshot?.completedAt).not.toBeNull();

    const [taken, ...more] = await atEc2(volume);
    expect(more).toEqual([]);
    expect(taken?.SnapshotId).toBe(snapshot?.ec2SnapshotId);
    expect(taken?.Tags).toContainEqual({ Key: 'slipway:snapshot', Value: snapshot?.id });
    expect((await world.told(id)).at(-1)).toBe('snapshot-completed');
  });

  it('is taken once though EC2 took it and never answered, for it is found by its tag', async () => {
    const { volume } = await launched();
    world.sandbox.faults.failNext({ operation: 'CreateSnapshot', code: '', commitThenTimeOut: true });
    await ask(volume);
    await expect(world.app.settle()).rejects.toMatchObject({ code: 'TimeoutError' });
    world.advance({ seconds: SETTLE_SECONDS + 1 });
    await world.app.settle(isIn(volume, 'completed'));
    expect(await atEc2(volume)).toHaveLength(1);
  });

  it('is asked for again when EC2 did not take it, and only after EC2 would show it', async () => {
    const { volume } = await launched();
    world.sandbox.faults.failNext({ operation: 'CreateSnapshot', code: 'RequestLimitExceeded' });
    await ask(volume);
    await expect(world.app.settle()).rejects.toThrow('RequestLimitExceeded');
    expect(await atEc2(volume)).toEqual([]);
    world.advance({ seconds: SETTLE_SECONDS + 1 });
    await world.app.settle(isIn(volume, 'pending'));
    world.advance({ seconds: SNAPSHOT_SECONDS });
    await world.app.settle(isIn(volume, 'completed'));
    expect(await atEc2(volume)).toHaveLength(1);
  });

  it('is waited for before its volume is deleted', async () => {
    const { id, volume } = await launched({ snapshotOnEnd: true });
    await world.want(id, 'terminated');
    await world.app.settle(isIn(volume, 'pending'));
    expect(await world.volumes(id)).toMatchObject([{ state: 'available', wanted: 'deleted' }]);
    world.advance({ seconds: SNAPSHOT_SECONDS });
    await world.app.settle(async () => (await world.volumes(id))[0]?.state === 'deleted');
    expect(await snapshots(volume)).toMatchObject([{ reason: 'final', state: 'completed' }]);
  });

  it('that fails keeps its volume from being deleted, and its buyer is told', async () => {
    const { id, volume } = await launched({ snapshotOnEnd: true });
    await world.want(id, 'terminated');
    await world.app.settle(isIn(volume, 'pending'));
    await world.control(`/snapshots/${(await snapshots(volume))[0]?.ec2SnapshotId}/fail`);
    world.advance({ seconds: SNAPSHOT_SECONDS });
    await world.app.settle(async () => (await world.volumes(id))[0]?.wanted === 'kept');
    expect(await world.told(id)).toContain('snapshot-failed');
    expect((await world.volumes(id))[0]).toMatchObject({ state: 'available', failure: expect.stringContaining('Not deleted') });
  });
});
