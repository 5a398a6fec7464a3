/** A database as an appliance: its rows are on a volume apart, are snapshotted, tested and restored. As its buyer sees it, over HTTP. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asCaller } from '#testing/app.ts';
import { launcherWorld, type World } from '../testing/world.ts';
import type { SnapshotView } from '../volumes/snapshots.schema.ts';
import type { RestoreTestView } from './restore-tests.schema.ts';
import type { RestoreView } from './restores.schema.ts';

const ACME_POSTGRESQL = 'ami-0acce550000000518';
const DATA = { name: 'data', device: '/dev/sdf', sizeGib: 50, type: 'gp3', mountPath: '/var/lib/postgresql' } as const;

let world: World;
beforeAll(async () => {
  world = await launcherWorld({ sourceImageId: ACME_POSTGRESQL, version: { dataVolumes: [DATA] } });
  await world.app.settle();
});
afterAll(() => world.close());

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const caller = await asCaller({ organizationId: world.market.buyerId, kind: 'buyer' });
  const sent = body && { headers: { ...caller, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${world.app.url}${path}`, { method, headers: caller, ...sent });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

let id: string;
let volumeId: string;
let snapshotId: string;

const isHealthy = async (): Promise<boolean> => (await world.currentMachine(id))?.state === 'healthy';
const url = async (path: string): Promise<string> => `${(await world.currentMachine(id))!.url}${path}`;
const rows = async (): Promise<unknown> => (await fetch(await url('rows'))).json();
const write = async (key: string, body: string): Promise<void> =>
  void (await fetch(await url(`rows/${key}`), { method: 'PUT', body }));

it('keeps its rows on a volume apart, of which a snapshot is taken', async () => {
  id = await world.launch();
  await world.app.settle(isHealthy);
  await write('order-1', '12 vaults for Globex');
  volumeId = (await world.volumes(id))[0]!.id;
  snapshotId = (await call<SnapshotView>('POST', `/v1/volumes/${volumeId}/snapshots`)).id;
  await world.app.settle(async () => (await call<SnapshotView>('GET', `/v1/snapshots/${snapshotId}`)).state === 'completed');
});

it('comes up with the snapshot in a test', async () => {
  const test = await call<RestoreTestView>('POST', `/v1/snapshots/${snapshotId}/tests`);
  await world.app.settle(async () => (await call<RestoreTestView>('GET', `/v1/restore-tests/${test.id}`)).state === 'passed');
});

it('has its rows back when somebody has ruined them', async () => {
  await write('order-1', 'dropped by mistake');
  const restore = await call<RestoreView>('POST', `/v1/volumes/${volumeId}/restores`, { snapshotId });
  await world.app.settle(async () => (await call<RestoreView>('GET', `/v1/restores/${restore.id}`)).state === 'done');
  expect(await rows()).toEqual({ 'order-1': '12 vaults for Globex' });
});

it('keeps them when its machine is lost', async () => {
  await write('order-2', '3 more');
  const lost = (await world.currentMachine(id))!;
  world.advance({ minutes: 1 });
  await world.control(`/instances/${lost.ec2InstanceId}/lose`);
  await world.app.settle(async () => (await world.currentMachine(id))!.id !== lost.id && (await isHealthy()));
  expect(await rows()).toEqual({ 'order-1': '12 vaults for Globex', 'order-2': '3 more' });
});
