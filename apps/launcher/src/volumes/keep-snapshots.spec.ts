/** Snapshots by schedule, what is kept of them, and what their buyer may do, on the real SDK and the sandbox's EC2. */
import { DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { ec2Of } from '../../../sandbox/src/testing/clients.ts';
import { launcherWorld, type World } from '../testing/world.ts';
import { KeepSnapshots } from './keep-snapshots.ts';
import type { SnapshotView } from './snapshots.schema.ts';

const DATA = { name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/var/lib/vault' } as const;

let world: World;
let id: string;
beforeAll(async () => {
  world = await launcherWorld({ version: { dataVolumes: [DATA] } });
  await world.app.settle();
  id = await world.launch({ snapshotEveryHours: 6, snapshotsKept: 2 });
  await world.app.settle(async () => (await world.currentMachine(id))?.state === 'healthy');
});
afterAll(() => world.close());

async function call<T>(method: string, path: string, buyerId = world.market.buyerId): Promise<{ status: number; body: T }> {
  const headers = await asCaller({ organizationId: buyerId, kind: 'buyer' });
  const answer = await fetch(`${world.app.url}${path}`, { method, headers });
  return { status: answer.status, body: (await answer.json()) as T };
}

/** Of the launch, the oldest first: `['scheduled completed', …]`. */
async function snapshots(): Promise<string[]> {
  const { body } = await call<{ items: SnapshotView[] }>('GET', `/v1/snapshots?launchId=${id}`);
  return body.items.map(({ reason, state }) => `${reason} ${state}`).toReversed();
}

async function inEc2(): Promise<string[]> {
  const { Snapshots = [] } = await ec2Of(world.sandbox).send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  return Snapshots.filter(({ Tags = [] }) => Tags.some(({ Key, Value }) => Key === 'slipway:launch' && Value === id)).map(
    ({ SnapshotId }) => SnapshotId!,
  );
}

const settled = (wanted: string[]): Promise<void> =>
  world.app.settle(async () => JSON.stringify(await snapshots()) === JSON.stringify(wanted));
const keep = (): Promise<void> => world.app.nest.get(KeepSnapshots, { strict: false }).work(id);

describe('a schedule', () => {
  it('has a snapshot taken once in each of its spans, though two work at once', async () => {
    world.advance({ hours: 5 });
    await world.app.settle();
    expect(await snapshots()).toEqual([]);
    world.advance({ hours: 2 });
    await Promise.all([keep(), keep()]);
    await keep();
    await settled(['scheduled completed']);
    // Three spans nobody looked: one snapshot makes up for them.
    world.advance({ hours: 18 });
    await settled(['scheduled completed', 'scheduled completed']);
    await keep();
    expect(await inEc2()).toHaveLength(2);
  });

  it('has the oldest deleted at EC2 once there are more than are kept, also when the answer got lost', async () => {
    world.sandbox.faults.failNext({ operation: 'DeleteSnapshot', code: '', commitThenTimeOut: true });
    world.advance({ hours: 6 });
    await expect(settled(['scheduled deleted', 'scheduled completed', 'scheduled completed'])).rejects.toMatchObject({
      code: 'TimeoutError',
    });
    await settled(['scheduled deleted', 'scheduled completed', 'scheduled completed']);
    expect(await inEc2()).toHaveLength(2);
  });
});

describe('a buyer', () => {
  it('has a snapshot taken, once while it is under way, and the schedule leaves it alone', async () => {
    const [volume] = await world.volumes(id);
    const first = await call<SnapshotView>('POST', `/v1/volumes/${volume!.id}/snapshots`);
    expect(first).toMatchObject({ status: 201, body: { reason: 'asked', state: 'planned', volume: 'data', sizeGib: 20 } });
    expect((await call<SnapshotView>('POST', `/v1/volumes/${volume!.id}/snapshots`)).body.id).toBe(first.body.id);
    expect(await call('DELETE', `/v1/snapshots/${first.body.id}`)).toMatchObject({
      status: 409,
      body: { code: 'snapshot_unfinished' },
    });
    await settled(['scheduled deleted', 'scheduled completed', 'scheduled completed', 'asked completed']);
    world.advance({ hours: 6 });
    await settled(['scheduled deleted', 'scheduled deleted', 'scheduled completed', 'asked completed', 'scheduled completed']);
    const deleted = await call('DELETE', `/v1/snapshots/${first.body.id}`);
    expect(deleted).toMatchObject({ status: 200, body: { state: 'deleting' } });
    await world.app.settle(async () => (await snapshots())[3] === 'asked deleted');
    expect(await inEc2()).toHaveLength(2);
  });

  it('sees nobody else’s', async () => {
    const { body } = await call<{ items: SnapshotView[] }>('GET', '/v1/snapshots');
    const [snapshot] = body.items;
    const [volume] = await world.volumes(id);
    expect((await call<{ items: unknown[] }>('GET', '/v1/snapshots', newId())).body.items).toEqual([]);
    for (const [method, path] of [
      ['GET', `/v1/snapshots/${snapshot!.id}`],
      ['DELETE', `/v1/snapshots/${snapshot!.id}`],
      ['POST', `/v1/volumes/${volume!.id}/snapshots`],
    ] as const)
      expect(await call(method, path, newId())).toMatchObject({ status: 404 });
  });

  it('who ends the launch is left the last good one, until it is deleted too', async () => {
    await world.want(id, 'terminated');
    await world.app.settle(async () => (await inEc2()).length === 1);
    expect((await snapshots()).filter((snapshot) => snapshot === 'scheduled completed')).toHaveLength(1);
    world.advance({ days: 2 });
    await world.app.settle();
    const { body } = await call<{ items: SnapshotView[] }>('GET', `/v1/snapshots?launchId=${id}`);
    const last = body.items.find(({ state }) => state === 'completed');
    await call('DELETE', `/v1/snapshots/${last!.id}`);
    await world.app.settle(async () => (await inEc2()).length === 0);
  });
});
