/** Globex's fleet goes to a new version of Acme's Vault machine by machine, and back after the first that is not well. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { fleetWorld, type FleetWorld } from '../testing/fleet-world.ts';
import type { FleetUpgradeView } from './fleet-upgrades.schema.ts';

const NEXT_IMAGE = 'ami-0acce550000000002';

let world: FleetWorld;
let id: string;
beforeAll(async () => {
  world = await fleetWorld();
  await world.database.sql(
    `insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
     values ($1, 'acme-vault', 'A vault.', 'A vault.', 'security', 'public', $2, $3)`,
    [world.market.productId, world.market.versionId, world.clock.now()],
  );
  id = await world.fleet({ fixed_machines: 2, drain_seconds: 120 });
  await world.app.settle();
});
afterAll(() => world.close());

async function call<T>(method: string, path: string, body?: object, buyerId = world.market.buyerId) {
  const caller = await asCaller({ organizationId: buyerId, kind: 'buyer' });
  const sent = body && { headers: { ...caller, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${world.app.url}${path}`, { method, headers: caller, ...sent });
  return { status: answer.status, body: (await answer.json()) as T };
}
const upgrade = (versionId: string, buyerId?: string) =>
  call<FleetUpgradeView & { code: string }>(
    'POST',
    '/v1/fleet-upgrades',
    { fleetId: id, versionId, patienceSeconds: 600 },
    buyerId,
  );
const report = async (upgradeId: string): Promise<FleetUpgradeView> =>
  (await call<FleetUpgradeView>('GET', `/v1/fleet-upgrades/${upgradeId}`)).body;
const versions = async (): Promise<string[]> =>
  (
    await world.database.sql<{ version_id: string }>(
      "select version_id from launcher.instance where fleet_id = $1 and state not in ('terminated', 'failed') order by created_at",
      [id],
    )
  ).map((row) => row.version_id);

/** Acme releases a version and sells it from now on. */
async function released(title: string, changes: Record<string, unknown> = {}): Promise<string> {
  const versionId = newId();
  await world.database.sql(
    `insert into api.version select (jsonb_populate_record(version, $2::jsonb || jsonb_build_object('id', $3::text))).*
       from api.version where version.id = $1`,
    [world.market.versionId, JSON.stringify({ title, source_image_id: NEXT_IMAGE }), versionId],
  );
  await world.app.settle(async () => {
    const [image] = await world.database.sql('select state from launcher.image where version_id = $1', [versionId]);
    return image?.state === 'ready' || image?.state === 'rejected';
  });
  for (const [column, value] of Object.entries(changes))
    await world.database.sql(`update api.version set ${column} = $2 where id = $1`, [versionId, value]);
  await world.database.sql('update api.listing set version_id = $1', [versionId]);
  return versionId;
}

/** Works for a while: a machine that does not answer is asked on and on, so that nothing would ever be settled. */
async function work(): Promise<void> {
  let rounds = 0;
  await world.app.settle(async () => ++rounds === 5);
}

/** How many serve at least, and how many there are at most, at every look until it has ended. */
async function followed(upgradeId: string): Promise<{ least: number; most: number }> {
  const seen = { least: Infinity, most: 0 };
  for (let look = 0; look < 60 && (await report(upgradeId)).endedAt === null; look += 1) {
    await work();
    seen.least = Math.min(seen.least, (await world.serving(id)).length);
    const there = (await world.members(id)).filter((row) => row.ec2_instance_id && !/terminated|failed/.test(row.state));
    seen.most = Math.max(seen.most, there.length);
    world.advance({ seconds: 310 });
  }
  return seen;
}

describe('the upgrade of a fleet', () => {
  it('replaces its machines one at a time: each successor is well before its predecessor drains, and the report names all', async () => {
    const before = await world.members(id);
    const versionId = await released('1.1.0');
    const asked = await upgrade(versionId);
    expect(asked).toMatchObject({ status: 201, body: { state: 'replacing', remaining: 2, replacements: [] } });
    expect(await upgrade(versionId)).toMatchObject({ status: 409, body: { code: 'upgrade_under_way' } });
    expect(await followed(asked.body.id)).toEqual({ least: 2, most: 3 });

    expect(await report(asked.body.id)).toMatchObject({
      state: 'done',
      failure: null,
      remaining: 0,
      replacements: before.map((old) => ({ replaces: old.id, versionId, state: 'healthy' })),
    });
    expect(await versions()).toEqual([versionId, versionId]);
    for (const old of before) {
      const [row] = (await world.members(id)).filter((member) => member.id === old.id);
      expect(row).toMatchObject({ state: 'terminated', failure: null });
      // Metering stops at the drain.
      expect(await world.intervals(old.id)).toMatchObject([{ ended_at: row!.draining_at }]);
    }
    // What is lost later is replaced by the same version.
    await world.control(`/instances/${(await world.serving(id))[0]!.ec2_instance_id}/lose`);
    world.advance({ minutes: 1 });
    await world.app.settle();
    expect(await versions()).toEqual([versionId, versionId]);
  });

  it('stops after the first machine that is not well, and goes back', async () => {
    const current = (await versions())[0]!;
    const bad = await released('1.2.0', { health_path: '/nowhere' });
    const { body } = await upgrade(bad);
    expect(await followed(body.id)).toEqual({ least: 2, most: 3 });
    const { state, failure, replacements } = await report(body.id);
    expect({ state, failure }).toEqual({
      state: 'rolled-back',
      failure: 'The new version was not healthy within 600 seconds.',
    });
    expect(replacements).toMatchObject([{ versionId: bad, healthyAt: null }]);
    expect(await versions()).toEqual([current, current]);
    await world.database.sql('update api.listing set version_id = $1', [current]);
  });

  it('that the ceiling has no room for has one machine less meanwhile, and takes the upgraded ones back too', async () => {
    const current = (await versions())[0]!;
    await world.database.sql(
      `insert into launcher.infrastructure_price (region, kind, type, currency, rate, effective_from, source, imported_at)
       values ('us-east-1', 'instance', 't3.micro', 'usd', 100, '2026-01-01', 'a list', '2026-01-01')`,
    );
    await world.change(id, { hourly_ceiling: '250' });
    const next = await released('1.3.0');
    const { body } = await upgrade(next);
    await work();
    expect((await report(body.id)).replacements).toMatchObject([{ versionId: next }]);
    await world.database.sql(`update api.version set health_path = '/nowhere' where id = $1`, [next]);
    expect(await followed(body.id)).toEqual({ least: 1, most: 2 });
    expect(await report(body.id)).toMatchObject({ state: 'rolled-back', remaining: 0 });
    expect(await versions()).toEqual([current, current]);
  });

  it('is refused to others, and to a version that is not sold, or that the fleet has no use for', async () => {
    const current = (await versions())[0]!;
    const bare = await released('2.0.0', {
      data_volumes: JSON.stringify([{ name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/var/lib/vault' }]),
    });
    expect(await upgrade(bare, newId())).toMatchObject({ status: 404 });
    expect(await upgrade(newId())).toMatchObject({ status: 404 });
    expect(await upgrade(world.market.versionId)).toMatchObject({ status: 409, body: { code: 'version_not_offered' } });
    expect(await upgrade(bare)).toMatchObject({ status: 409, body: { code: 'has_data_volumes' } });
    await world.database.sql('update api.listing set version_id = $1', [current]);
    expect(await upgrade(current)).toMatchObject({ status: 409, body: { code: 'already_on_version' } });
    const list = await call<{ items: FleetUpgradeView[] }>('GET', `/v1/fleet-upgrades?fleetId=${id}`);
    expect(list.body.items).toHaveLength(3);
    expect((await call<{ items: [] }>('GET', '/v1/fleet-upgrades', undefined, newId())).body.items).toEqual([]);
  });
});
