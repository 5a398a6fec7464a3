/** Data comes back from snapshots: when its buyer says so, and when its zone is gone. On the real SDK and the sandbox's EC2. */
import { DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import type { Volume } from '#tables/launcher/volume.ts';
import { asCaller } from '#testing/app.ts';
import { ec2Of } from '../../../sandbox/src/testing/clients.ts';
import { launcherWorld, type LaunchGiven, type World } from '../testing/world.ts';
import type { SnapshotView } from '../volumes/snapshots.schema.ts';
import { RestoreVolume } from './restore-volume.ts';
import type { RestoreView } from './restores.schema.ts';

const DATA = { name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/var/lib/vault' } as const;
const LOG = { name: 'log', device: '/dev/sdg', sizeGib: 5, type: 'gp3', mountPath: '/var/log/vault' } as const;

let world: World;
beforeAll(async () => {
  world = await launcherWorld({ version: { dataVolumes: [DATA, LOG] } });
  await world.app.settle();
});
afterAll(() => world.close());

const current = (id: string) => world.currentMachine(id);
const isHealthy = (id: string) => async (): Promise<boolean> => (await current(id))?.state === 'healthy';
const inUse = async (id: string, name = 'data'): Promise<Volume> =>
  (await world.volumes(id)).find((volume) => volume.name === name && volume.wanted === 'attached' && volume.state !== 'lost')!;

async function launched(given: LaunchGiven = {}): Promise<string> {
  const id = await world.launch(given);
  await world.app.settle(isHealthy(id));
  return id;
}

async function call<T>(method: string, path: string, body?: object, buyerId = world.market.buyerId) {
  const caller = await asCaller({ organizationId: buyerId, kind: 'buyer' });
  const sent = body && { headers: { ...caller, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${world.app.url}${path}`, { method, headers: caller, ...sent });
  return { status: answer.status, body: (await answer.json()) as T };
}

async function snapshotOf(volume: Volume): Promise<string> {
  const { body } = await call<SnapshotView>('POST', `/v1/volumes/${volume.id}/snapshots`);
  await world.app.settle(async () => (await call<SnapshotView>('GET', `/v1/snapshots/${body.id}`)).body.state === 'completed');
  return body.id;
}

/** What the appliance has written on a disk. */
const contents = () => world.sandbox.store.table<Record<string, string>>('ec2.contents');
const restoreOf = async (id: string): Promise<RestoreView> => (await call<RestoreView>('GET', `/v1/restores/${id}`)).body;
const is = (id: string, state: RestoreView['state']) => async (): Promise<boolean> => (await restoreOf(id)).state === state;

describe('a volume', () => {
  it('is put back from a snapshot on a new machine, and the old one goes once that is healthy', async () => {
    const id = await launched();
    const [old, log, before] = [await inUse(id), await inUse(id, 'log'), await current(id)];
    contents().set(old.ec2VolumeId!, { ledger: 'good' });
    const snapshotId = await snapshotOf(old);
    contents().set(old.ec2VolumeId!, { ledger: 'ruined' });

    const asked = await call<RestoreView>('POST', `/v1/volumes/${old.id}/restores`, { snapshotId, oldVolume: 'delete' });
    expect(asked).toMatchObject({ status: 201, body: { state: 'restoring', volumeId: old.id } });
    expect(await call('POST', `/v1/volumes/${old.id}/restores`, { snapshotId })).toMatchObject({
      status: 409,
      body: { code: 'restore_under_way' },
    });
    expect(await call('DELETE', `/v1/snapshots/${snapshotId}`)).toMatchObject({ body: { code: 'snapshot_in_use' } });
    await world.app.settle(is(asked.body.id, 'done'));

    const machine = (await current(id))!;
    expect(machine).toMatchObject({ replaces: before!.id, state: 'healthy' });
    const made = await inUse(id);
    expect(made).toMatchObject({ id: asked.body.newVolumeId, instanceId: machine.id, replaces: old.id });
    expect(contents().get(made.ec2VolumeId!)).toEqual({ ledger: 'good' });
    expect(await inUse(id, 'log')).toMatchObject({ id: log.id, instanceId: machine.id });
    await world.app.settle(async () => (await world.volumes(id)).find((volume) => volume.id === old.id)?.state === 'deleted');
    world.advance({ minutes: 1 });
    const { Volumes = [] } = await ec2Of(world.sandbox).send(new DescribeVolumesCommand({}));
    expect(Volumes.map(({ VolumeId }) => VolumeId)).not.toContain(old.ec2VolumeId);
    expect(await world.told(id)).toContain('restored');
    const intervals = await world.intervals(before!.id);
    expect(intervals.at(-1)?.ended_at).not.toBeNull();
  });

  it('comes back as it was when the machine is not healthy in time', async () => {
    const id = await launched();
    const old = await inUse(id);
    const snapshotId = await snapshotOf(old);
    await world.database.sql(`update api.version set health_path = '/nowhere'`);
    const { body } = await call<RestoreView>('POST', `/v1/volumes/${old.id}/restores`, { snapshotId, patienceSeconds: 600 });
    await world.app.settle(async () => (await inUse(id)).id !== old.id && (await inUse(id)).state === 'attached');
    world.advance({ seconds: 601 });
    const stage = world.app.nest.get(RestoreVolume, { strict: false });
    await Promise.all([stage.work(body.id), stage.work(body.id)]);
    await world.database.sql(`update api.version set health_path = '/health'`);
    await world.app.settle(isHealthy(id));
    expect(await restoreOf(body.id)).toMatchObject({
      state: 'undone',
      failure: 'The appliance was not healthy within 600 seconds. The old volume was put back.',
    });
    expect(await inUse(id)).toMatchObject({ id: old.id, instanceId: (await current(id))!.id });
    const states = async (): Promise<unknown[]> =>
      (await world.volumes(id)).filter(({ name }) => name === 'data').map(({ state }) => state);
    await world.app.settle(async () => JSON.stringify(await states()) === '["attached","deleted"]');
  });

  it('is restored by its buyer alone, from what is good, while it is in use', async () => {
    const id = await launched();
    const volume = await inUse(id);
    const snapshotId = await snapshotOf(volume);
    const path = `/v1/volumes/${volume.id}/restores`;
    expect(await call('POST', path, { snapshotId }, newId())).toMatchObject({ status: 404 });
    expect(await call('POST', path, { snapshotId: newId() })).toMatchObject({ status: 404 });
    expect(await call('POST', path, { snapshotId, patienceSeconds: 1 })).toMatchObject({ status: 400 });
    const log = await inUse(id, 'log');
    expect(await call('POST', `/v1/volumes/${log.id}/restores`, { snapshotId })).toMatchObject({
      status: 409,
      body: { code: 'snapshot_not_usable' },
    });
    await world.want(id, 'stopped');
    await world.app.settle(async () => (await current(id))?.state === 'stopped');
    expect(await call('POST', path, { snapshotId })).toMatchObject({ status: 409, body: { code: 'launch_not_running' } });
    await world.want(id, 'terminated');
  });
});

describe('a zone that fails', () => {
  let id: string;
  let lost: NonNullable<Awaited<ReturnType<typeof current>>>;
  let failedAt: Date;

  it('is waited for, for a while', async () => {
    id = await launched();
    lost = (await current(id))!;
    const [data, log] = [await inUse(id), await inUse(id, 'log')];
    contents().set(data.ec2VolumeId!, { row: 'old' });
    await snapshotOf(data);
    world.advance({ minutes: 1 });
    contents().set(data.ec2VolumeId!, { row: 'good' });
    contents().set(log.ec2VolumeId!, { line: 'good' });
    await Promise.all([snapshotOf(data), snapshotOf(log)]);
    failedAt = world.clock.now();
    await world.control(`/zones/${lost.zone}/fail`);
    world.advance({ minutes: 1 });
    await world.app.settle(async () => (await world.told(id)).at(-1) === 'waiting');
    expect((await current(id))!.id).not.toBe(lost.id);
    expect(await world.volumes(id)).toMatchObject([{ state: 'attached' }, { state: 'attached' }]);
  });

  it('is left then: the data comes back from its newest snapshots in another, and the outage is not billed', async () => {
    world.advance({ seconds: 301 });
    await world.app.settle(async () => (await current(id))!.state === 'running');
    await world.app.settle(isHealthy(id));
    const machine = (await current(id))!;
    expect(machine.zone).not.toBe(lost.zone);
    for (const [name, held] of Object.entries({ data: { row: 'good' }, log: { line: 'good' } })) {
      const volume = await inUse(id, name);
      expect(volume).toMatchObject({ zone: machine.zone, instanceId: machine.id });
      expect(contents().get(volume.ec2VolumeId!)).toEqual(held);
    }
    expect((await world.told(id)).filter((kind) => kind === 'restoring')).toHaveLength(2);
    const [before] = await world.intervals(lost.id);
    expect(Math.abs(Number(before!.ended_at) - Number(failedAt))).toBeLessThan(90_000);
    expect(Number((await world.intervals(machine.id))[0]!.started_at)).toBeGreaterThan(Number(failedAt) + 300_000);
    await world.control(`/zones/${lost.zone}/restore`);
  });
});
