/** Fleets through HTTP: what a buyer may ask for, and what becomes of the wish; what the launcher writes is put there by hand. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { Account, type Problem } from '#testing/account.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { TestClock } from '#testing/clock.ts';
import { startApi, type AppUnderTest } from '../testing.ts';
import type { FleetMachineView, FleetView } from './fleets.schema.ts';

const PASSWORD = 'correct horse battery';
const IMAGE = {
  imageId: 'ami-0acce550000000001',
  imageRegion: 'us-east-1',
  regions: ['us-east-1', 'eu-west-1'],
  instanceTypes: ['t3.micro', 't3.small'],
  urlTemplate: 'http://{address}:8080/',
};
const OFFER = { currency: 'USD', terms: 'Use it well.', prices: [{ model: 'hourly', rate: '0.25' }] };
const TARGET = { metric: 'queue_depth', perMachine: 10 };
const OFFICE = { days: ['mon', 'fri'], from: '08:00', to: '18:00', timeZone: 'Europe/Berlin', min: 2, max: 5 };

let database: TestDatabase;
let app: AppUnderTest;
let [acme, globex, hooli]: Account[] = [];
let subscriptionId: string;
const clock = new TestClock('2026-01-05T09:00:00Z');

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApi(database, clock);
  const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
    Account.open(app.url, { name, email: `it@${name.toLowerCase()}.test`, password: PASSWORD, kind });
  [acme, globex, hooli] = [await open('Acme', 'vendor'), await open('Globex', 'buyer'), await open('Hooli', 'buyer')];
  subscriptionId = await subscribed('acme-queue', { metricsPath: '/metrics', drainPath: '/drain' });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** Globex subscribes to a product of Acme's whose version has these fields. */
async function subscribed(slug: string, version: Record<string, unknown>): Promise<string> {
  const product = await acme!.post<{ id: string }>('/v1/products', { name: slug });
  const { id: versionId } = await acme!.post<{ id: string }>(`/v1/products/${product.id}/versions`, {
    ...IMAGE,
    title: '1.0.0',
    ...version,
  });
  const offer = await acme!.put<{ id: string; termsSha256: string }>(`/v1/products/${product.id}/offer`, OFFER);
  await database.sql(
    `insert into launcher.image (id, version_id, region, state, boot_test_token, checks, created_at)
     select gen_random_uuid(), $1, region, 'ready', gen_random_uuid(), '[]', now() from unnest($2::text[]) region`,
    [versionId, IMAGE.regions],
  );
  const listing = { slug, summary: 'Works off queues.', description: 'Long text.', category: 'database', versionId };
  await acme!.put(`/v1/products/${product.id}/listing`, listing);
  const accepted = { offerId: offer.id, termsSha256: offer.termsSha256 };
  return (await globex!.post<{ id: string }>('/v1/subscriptions', accepted)).id;
}

const wish = (given: Record<string, unknown> = {}): Record<string, unknown> => ({
  subscriptionId,
  region: 'us-east-1',
  instanceType: 't3.micro',
  max: 5,
  ...given,
});
const create = (given: Record<string, unknown> = {}): Promise<FleetView> => globex!.post<FleetView>('/v1/fleets', wish(given));
const refusal = async (call: Promise<unknown>): Promise<Problem> => {
  const problem = await call.then(
    () => undefined,
    (error: { problem: Problem }) => error.problem,
  );
  if (!problem) throw new Error('It was not refused.');
  return problem;
};
const isRung = async (fleetId: string): Promise<boolean> =>
  (await database.sql("select 1 from pgboss.job where name = 'launcher.scale-fleet' and singleton_key = $1", [fleetId])).length >
  0;
const change = (id: string, given: Record<string, unknown>): Promise<FleetView> =>
  globex!.call<FleetView>('PATCH', `/v1/fleets/${id}`, given);

describe('a fleet', () => {
  it('is a wish with sensible numbers where none are said, and rings the launcher in its own transaction', async () => {
    const fleet = await create({ target: TARGET });
    expect(fleet).toMatchObject({
      product: 'acme-queue',
      version: '1.0.0',
      min: 1,
      max: 5,
      fixed: null,
      target: { ...TARGET, scope: 'machine', idleAt: 0 },
      schedules: [],
      scaleOutSeconds: 60,
      scaleInSeconds: 300,
      hourlyCeiling: null,
      idleMinutes: null,
      drainSeconds: 120,
      placement: 'none',
      currency: 'usd',
      endedAt: null,
      state: { desired: null, machines: 0, healthy: 0, why: 'It was not looked at yet.' },
    });
    expect(await isRung(fleet.id)).toBe(true);
    expect(await globex!.get<FleetView>(`/v1/fleets/${fleet.id}`)).toEqual(fleet);
  });

  it('takes the launch options, and does not show the values of settings again', async () => {
    const options = {
      name: 'workers',
      zone: 'us-east-1b',
      placement: 'spread',
      market: 'spot',
      tags: { team: 'data' },
      sshFrom: '203.0.113.0/24',
    };
    const licensed = await subscribed('acme-licensed', { userDataTemplate: '#cloud-config\nlicence: {{licence}}\n' });
    const fleet = await create({ ...options, subscriptionId: licensed, max: 7, userData: { licence: 'secret' } });
    expect(fleet).toMatchObject({ ...options, settings: ['licence'] });
    expect(JSON.stringify(fleet)).not.toContain('secret');
  });

  it('is the same for the same key, also after it was changed, and another wish under it is refused', async () => {
    const send = (given: Record<string, unknown>): Promise<Response> =>
      fetch(`${app.url}/v1/fleets`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': 'workers-1' },
        body: JSON.stringify(wish({ tags: { b: '2', a: '1' }, schedules: [OFFICE], hourlyCeiling: '9.50', ...given })),
      });
    const key = await globex!.post<{ key: string }>('/v1/auth/api-key/create', {
      name: 'ci',
      organizationId: globex!.organizationId,
    });
    const headers = { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' };
    const [first, second] = await Promise.all([send({}), send({})]);
    const fleet = (await first.json()) as FleetView;
    expect(first.status).toBe(201);
    expect(((await second.json()) as FleetView).id).toBe(fleet.id);
    expect(await (await send({ max: 6 })).json()).toMatchObject({ status: 409, code: 'idempotency_mismatch' });
    await change(fleet.id, { max: 6 }).then(() => clock.advance({ seconds: 1 }));
    await change(fleet.id, { max: 7 });
    expect(await (await send({})).json()).toMatchObject({ id: fleet.id, max: 7 });
    expect(await (await send({ region: 'eu-west-1' })).json()).toMatchObject({ code: 'idempotency_mismatch' });
  });

  it('shows how many machines there are and why, as the launcher wrote it down', async () => {
    const { id } = await create({ target: TARGET });
    await database.sql(
      `insert into launcher.fleet_state (fleet_id, desired, why, load, scaled_out_at, scaled_in_at, members_seen, decided_at)
       values ($1, 2, 'Because.', 17.5, '2026-01-05T08:00:00Z', '2026-01-05T08:30:00Z', '', '2026-01-05T09:00:00Z')`,
      [id],
    );
    for (const [state, draining] of [
      ['healthy', null],
      ['healthy', clock.now()],
      ['pending', null],
      ['terminated', null],
    ] as const)
      await database.sql(
        `insert into launcher.instance (id, fleet_id, version_id, subscription_id, buyer_id, vendor_id, product_id, region, instance_type, state, url, created_at, draining_at)
         select $1, fleet.id, fleet.version_id, fleet.subscription_id, fleet.buyer_id, fleet.buyer_id, fleet.buyer_id, fleet.region, 't3.micro', $3, 'http://198.51.100.7:8080/', $4, $5
           from api.fleet where fleet.id = $2`,
        [newId(), id, state, clock.now(), draining],
      );
    expect((await globex!.get<FleetView>(`/v1/fleets/${id}`)).state).toEqual({
      desired: 2,
      why: 'Because.',
      machines: 3,
      healthy: 1,
      draining: 1,
      load: 17.5,
      scaledAt: '2026-01-05T08:30:00.000Z',
      asleepSince: null,
      decidedAt: '2026-01-05T09:00:00.000Z',
    });
    const { items } = await globex!.get<{ items: FleetMachineView[] }>(`/v1/fleets/${id}/machines`);
    expect(items.map(({ state, url }) => [state, url !== null]).sort()).toEqual([
      ['healthy', true],
      ['healthy', true],
      ['pending', false],
      ['terminated', false],
    ]);
  });

  it('is changed in what is said, and stays what it was in the rest', async () => {
    const { id } = await create({ target: TARGET, schedules: [OFFICE], hourlyCeiling: '2.5' });
    clock.advance({ minutes: 1 });
    expect(await change(id, { fixed: 3, hourlyCeiling: null })).toMatchObject({
      fixed: 3,
      hourlyCeiling: null,
      max: 5,
      target: TARGET,
      schedules: [OFFICE],
      changedAt: clock.now().toISOString(),
    });
    expect(await change(id, { fixed: null, target: null, schedules: [] })).toMatchObject({
      fixed: null,
      target: null,
      schedules: [],
    });
    expect(await refusal(change(id, { region: 'eu-west-1', max: 0 }))).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('is woken, once for each time it is asked, and only if it ever sleeps', async () => {
    const { id } = await create({ min: 0, target: TARGET, idleMinutes: 10 });
    const woken = await globex!.post<FleetView>(`/v1/fleets/${id}/wake`);
    expect(woken.wakeRequestedAt).toBe(clock.now().toISOString());
    const restless = await create();
    expect(await refusal(globex!.post(`/v1/fleets/${restless.id}/wake`))).toMatchObject({
      status: 409,
      code: 'fleet_never_sleeps',
    });
  });

  it('ends when its buyer says so, and then is neither changed nor woken', async () => {
    const { id } = await create({ min: 0, target: TARGET, idleMinutes: 10 });
    const ended = await globex!.delete<FleetView>(`/v1/fleets/${id}`);
    expect(ended.endedAt).toBe(clock.now().toISOString());
    clock.advance({ hours: 1 });
    expect(await globex!.delete<FleetView>(`/v1/fleets/${id}`)).toEqual(ended);
    expect(await refusal(change(id, { max: 4 }))).toMatchObject({ code: 'fleet_ended' });
    expect(await refusal(globex!.post(`/v1/fleets/${id}/wake`))).toMatchObject({ code: 'fleet_ended' });
  });

  it('is not there for anybody else, and none of a vendor’s business', async () => {
    const { id } = await create();
    for (const [method, path] of [
      ['GET', `/v1/fleets/${id}`],
      ['GET', `/v1/fleets/${id}/machines`],
      ['PATCH', `/v1/fleets/${id}`],
      ['POST', `/v1/fleets/${id}/wake`],
      ['DELETE', `/v1/fleets/${id}`],
    ] as const) {
      const body = method === 'PATCH' ? { max: 2 } : undefined;
      expect(await refusal(hooli!.call(method, path, body)), path).toMatchObject({ status: 404, code: 'fleet_not_found' });
      expect(await refusal(acme!.call(method, path, body)), path).toMatchObject({ status: 403 });
    }
    expect(await refusal(hooli!.post('/v1/fleets', wish()))).toMatchObject({ status: 404, code: 'subscription_not_found' });
    expect(await hooli!.get('/v1/fleets')).toEqual({ items: [] });
  });
});

describe('a wish that cannot be', () => {
  it('is refused with each wrong field named', async () => {
    const shapes = {
      max: 500,
      target: { metric: 'queue depth', perMachine: 0 },
      schedules: [{ ...OFFICE, from: '25:00', timeZone: 'Mars/Base' }],
    };
    expect(await refusal(create(shapes))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      detail: expect.stringMatching(
        /max: .*target\.metric: .*target\.perMachine: .*schedules\.0\.from: .*schedules\.0\.timeZone: /s,
      ),
    });
    expect(await refusal(create({ zone: 'eu-west-1a', sshFrom: '0.0.0.0/0' }))).toMatchObject({
      detail: expect.stringMatching(/zone: must be in the region.*sshFrom: opens SSH to every address/s),
    });
  });

  it('is refused when its numbers do not fit each other, when made and when changed', async () => {
    const wrong = { min: 4, max: 3, fixed: 9, schedules: [{ ...OFFICE, min: 6, max: 5 }], idleMinutes: 10 };
    expect(await refusal(create(wrong))).toMatchObject({
      status: 400,
      code: 'invalid_fleet',
      detail: [
        'min: must not be more than max, which is 3',
        'fixed: must be from 4 to 3',
        'schedules.0.min: must not be more than its max',
        'schedules.0.max: must not be more than max, which is 3',
        'idleMinutes: needs a target, by which machines say that they are idle',
        'idleMinutes: needs min 0, which is 4.',
      ].join('; '),
    });
    const { id } = await create({ min: 2, fixed: 4 });
    expect(await refusal(change(id, { max: 3 }))).toMatchObject({ code: 'invalid_fleet', detail: 'fixed: must be from 2 to 3.' });
    expect(await refusal(create({ placement: 'spread', zone: 'us-east-1a', max: 8 }))).toMatchObject({
      detail: 'max: must be at most 7, the most that EC2 spreads in one zone.',
    });
  });

  it('is refused when its ceiling does not pay for the machines that it has at least', async () => {
    await database.sql(
      `insert into launcher.infrastructure_price (region, kind, type, currency, rate, effective_from, source, imported_at)
       values ('us-east-1', 'instance', 't3.micro', 'usd', '0.0104', '2026-01-01', 'a test', now())`,
    );
    expect(await refusal(create({ min: 2, hourlyCeiling: '0.52' }))).toMatchObject({
      status: 409,
      code: 'ceiling_too_low',
      detail:
        'A machine costs 0.2604 USD an hour, so hourlyCeiling pays for 1 of the 2 that it has at least; raise it, or lower min.',
    });
    expect(await create({ min: 2, hourlyCeiling: '0.5208' })).toMatchObject({ hourlyCeiling: '0.5208' });
  });

  it('is refused where the version, its regions, the account or the subscription say no', async () => {
    const plain = await subscribed('acme-plain', {});
    expect(await refusal(create({ subscriptionId: plain, target: TARGET }))).toMatchObject({ status: 409, code: 'no_metrics' });
    const disk = { name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/data' };
    const store = await subscribed('acme-store', { dataVolumes: [disk] });
    expect(await refusal(create({ subscriptionId: store }))).toMatchObject({ status: 409, code: 'has_data_volumes' });
    expect(await refusal(create({ region: 'eu-central-1' }))).toMatchObject({ code: 'region_not_offered' });
    expect(await refusal(create({ instanceType: 'm5.large' }))).toMatchObject({ code: 'instance_type_not_offered' });
    await database.sql("insert into billing.standing values ($1, 'past_due', now())", [globex!.organizationId]);
    expect(await refusal(create())).toMatchObject({ code: 'standing_past_due' });
    await database.sql('delete from billing.standing');
  });
});

describe('a subscription that ends', () => {
  let own: string;
  beforeEach(async () => {
    own = await subscribed(`acme-${newId().slice(-8)}`, {});
  });

  it('ends its fleets, and takes no new one', async () => {
    const { id } = await create({ subscriptionId: own, min: 2 });
    await database.sql("delete from pgboss.job where name = 'launcher.scale-fleet'");
    await globex!.delete(`/v1/subscriptions/${own}`);
    expect(await globex!.get<FleetView>(`/v1/fleets/${id}`)).toMatchObject({ endedAt: clock.now().toISOString() });
    expect(await isRung(id)).toBe(true);
    expect(await refusal(create({ subscriptionId: own }))).toMatchObject({ code: 'subscription_ended' });
  });
});
