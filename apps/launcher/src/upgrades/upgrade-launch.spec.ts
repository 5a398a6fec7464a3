/** A launch goes to a new version of its product with its data, and back when that is not well. On the real SDK and the sandbox's EC2. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import type { Volume } from '#tables/launcher/volume.ts';
import { asCaller } from '#testing/app.ts';
import { launcherWorld, type World } from '../testing/world.ts';
import { UpgradeLaunch } from './upgrade-launch.ts';
import type { UpgradeView } from './upgrades.schema.ts';

const DATA = { name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/var/lib/vault' } as const;
const NEXT_IMAGE = 'ami-0acce550000000002';

let world: World;
let id: string;
beforeAll(async () => {
  world = await launcherWorld({ version: { dataVolumes: [DATA] } });
  await world.database.sql(
    `insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
     values ($1, 'acme-vault', 'A vault.', 'A vault.', 'security', 'public', $2, $3)`,
    [world.market.productId, world.market.versionId, world.clock.now()],
  );
  await world.app.settle();
  id = await world.launch();
  await world.app.settle(isHealthy);
});
afterAll(() => world.close());

const isHealthy = async (): Promise<boolean> => (await world.currentMachine(id))?.state === 'healthy';
const contents = () => world.sandbox.store.table<Record<string, string>>('ec2.contents');
const inUse = async (): Promise<Volume> =>
  (await world.volumes(id)).find(({ wanted, state }) => wanted === 'attached' && state !== 'lost')!;

async function call<T>(method: string, path: string, body?: object, buyerId = world.market.buyerId) {
  const caller = await asCaller({ organizationId: buyerId, kind: 'buyer' });
  const sent = body && { headers: { ...caller, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${world.app.url}${path}`, { method, headers: caller, ...sent });
  return { status: answer.status, body: (await answer.json()) as T };
}

/** Acme releases a version and sells it from now on. */
async function released(title: string, changes: Record<string, unknown> = {}): Promise<string> {
  const versionId = newId();
  const columns = { title, source_image_id: NEXT_IMAGE, ...changes };
  await world.database.sql(
    `insert into api.version select (jsonb_populate_record(version, $2::jsonb || jsonb_build_object('id', $3::text))).*
       from api.version where version.id = $1`,
    [world.market.versionId, JSON.stringify(columns), versionId],
  );
  await world.app.settle(async () => {
    const [image] = await world.database.sql('select state from launcher.image where version_id = $1', [versionId]);
    return image?.state === 'ready' || image?.state === 'rejected';
  });
  await world.database.sql('update api.listing set version_id = $1', [versionId]);
  return versionId;
}

const upgrade = (versionId: string, buyerId?: string) =>
  call<UpgradeView>('POST', '/v1/upgrades', { launchId: id, versionId, patienceSeconds: 600 }, buyerId);
const report = async (upgradeId: string): Promise<UpgradeView> =>
  (await call<UpgradeView>('GET', `/v1/upgrades/${upgradeId}`)).body;
const is = (upgradeId: string, state: UpgradeView['state']) => async (): Promise<boolean> =>
  (await report(upgradeId)).state === state;

describe('an upgrade', () => {
  it('snapshots the data once nothing writes to it, and moves it to a machine of the new version', async () => {
    const [before, volume] = [(await world.currentMachine(id))!, await inUse()];
    contents().set(volume.ec2VolumeId!, { ledger: 'of 1.0.0' });
    const versionId = await released('1.1.0');
    world.advance({ hours: 1 });
    const asked = await upgrade(versionId);
    expect(asked).toMatchObject({ status: 201, body: { state: 'preparing', snapshots: [{ state: 'planned' }] } });
    expect(await upgrade(versionId)).toMatchObject({ status: 409, body: { code: 'upgrade_under_way' } });
    await world.app.settle(is(asked.body.id, 'replacing'));
    await world.app.settle(is(asked.body.id, 'done'));

    const machine = (await world.currentMachine(id))!;
    expect(machine).toMatchObject({ versionId, replaces: before.id, state: 'healthy' });
    expect(machine.amiId).not.toBe(before.amiId);
    expect(await inUse()).toMatchObject({ id: volume.id, ec2VolumeId: volume.ec2VolumeId, instanceId: machine.id });
    const { body } = await call<{ items: UpgradeView[] }>('GET', `/v1/upgrades?launchId=${id}`);
    expect(body.items).toMatchObject([
      { state: 'done', failure: null, fromVersionId: world.market.versionId, snapshots: [{ state: 'completed' }] },
    ]);
    const kinds = (await world.told(id)).slice((await world.told(id)).indexOf('upgrading'));
    expect(kinds.indexOf('terminated')).toBeLessThan(kinds.indexOf('snapshot-completed'));
    expect(kinds.indexOf('snapshot-completed')).toBeLessThan(kinds.indexOf('healthy'));
    expect(kinds.at(-1)).toBe('upgraded');
    // Each hour is one machine's.
    const [old] = await world.intervals(before.id);
    const [next] = await world.intervals(machine.id);
    expect(Number(old!.ended_at)).toBeLessThanOrEqual(Number(next!.started_at));
  });

  it('stays: a machine that is lost later is replaced by one of the new version', async () => {
    const lost = (await world.currentMachine(id))!;
    world.advance({ minutes: 1 });
    await world.control(`/instances/${lost.ec2InstanceId}/lose`);
    await world.app.settle(async () => (await world.currentMachine(id))!.id !== lost.id && (await isHealthy()));
    expect(await world.currentMachine(id)).toMatchObject({ versionId: lost.versionId });
  });

  it('goes back by itself, with the data from before, when the new version is not well in time', async () => {
    const [before, volume] = [(await world.currentMachine(id))!, await inUse()];
    contents().set(volume.ec2VolumeId!, { ledger: 'of 1.1.0' });
    const versionId = await released('1.2.0', { source_image_id: 'ami-0acce550000000001' });
    await world.database.sql(`update api.version set health_path = '/nowhere' where id = $1`, [versionId]);
    const { body } = await upgrade(versionId);
    await world.app.settle(
      async () => (await is(body.id, 'replacing')()) && (await inUse()).instanceId === (await world.currentMachine(id))!.id,
    );
    await world.app.settle(async () => (await inUse()).state === 'attached');
    contents().set(volume.ec2VolumeId!, { ledger: 'ruined by 1.2.0' });
    world.advance({ seconds: 601 });
    const stage = world.app.nest.get(UpgradeLaunch, { strict: false });
    await Promise.all([stage.work(body.id), stage.work(body.id)]);
    expect(await report(body.id)).toMatchObject({
      state: 'rolling-back',
      failure: 'The new version was not healthy within 600 seconds.',
    });
    await world.app.settle(is(body.id, 'rolled-back'));

    const machine = (await world.currentMachine(id))!;
    expect(machine).toMatchObject({ versionId: before.versionId, state: 'healthy' });
    const restored = await inUse();
    expect(restored).toMatchObject({ replaces: volume.id, instanceId: machine.id });
    expect(contents().get(restored.ec2VolumeId!)).toEqual({ ledger: 'of 1.1.0' });
    await world.app.settle(async () => (await world.volumes(id)).find((one) => one.id === volume.id)?.state === 'deleted');
    const running = (await world.machines()).filter(({ tags, state }) => tags['slipway:launch'] === id && state === 'running');
    expect(running).toHaveLength(1);
    expect((await world.told(id)).at(-1)).toMatch(/rolled-back|volume-deleted/);
  });

  it('is refused to others, to a version that is not sold, and to one that has no place for the data', async () => {
    const current = (await world.currentMachine(id))!.versionId;
    const bare = await released('2.0.0', { data_volumes: [] });
    expect(await upgrade(bare, newId())).toMatchObject({ status: 404 });
    expect(await upgrade(newId())).toMatchObject({ status: 404 });
    expect(await upgrade(world.market.versionId)).toMatchObject({ status: 409, body: { code: 'version_not_offered' } });
    expect(await upgrade(bare)).toMatchObject({ status: 409, body: { code: 'volumes_differ' } });
    await world.database.sql('update api.listing set version_id = $1', [current]);
    expect(await upgrade(current)).toMatchObject({ status: 409, body: { code: 'already_on_version' } });
    const { body } = await call<{ items: UpgradeView[] }>('GET', '/v1/upgrades', undefined, newId());
    expect(body.items).toEqual([]);
  });
});
