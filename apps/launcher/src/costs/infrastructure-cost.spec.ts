/** What a subscription's machines cost at AWS while they run, to the second and the twelfth decimal. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { launcher } from '../launcher.app.ts';
import type { InfrastructureCostView } from './infrastructure-cost.schema.ts';

let database: TestDatabase;
let app: AppUnderTest;
let globex: Marketplace;
const clock = new TestClock();

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(launcher, { database, clock, settings: { BOOT_TEST_FROM: '203.0.113.7/32' } });
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});
beforeEach(async () => {
  await database.sql('truncate launcher.infrastructure_price');
  globex = await subscribedMarketplace(database);
  clock.set('2026-01-05T12:00:00Z');
});

const at = (time: string): string => (time.length > 5 ? time : `2026-01-05T${time}:00Z`);

const priced = (rate: string, { type = 't3.micro', from = '2026-01-01T00:00:00Z', currency = 'usd' } = {}): Promise<unknown> =>
  database.sql(
    `insert into launcher.infrastructure_price (region, kind, type, currency, rate, effective_from, source, imported_at)
     values ('us-east-1', 'instance', $1, $2, $3, $4, 'a spec', $4)`,
    [type, currency, rate, from],
  );

async function machine({ type = 't3.micro', seen = '12:00', state = 'healthy' } = {}): Promise<string> {
  const id = newId();
  await database.sql(
    `insert into launcher.instance (id, launch_id, version_id, subscription_id, buyer_id, vendor_id, product_id, region, instance_type, state, created_at, observed_at)
     values ($1, $1, $10, $2, $3, $4, $5, 'us-east-1', $6, $7, $8, $9)`,
    [
      id,
      globex.subscriptionId,
      globex.buyerId,
      globex.vendorId,
      globex.productId,
      type,
      state,
      at('09:00'),
      at(seen),
      globex.versionId,
    ],
  );
  return id;
}

const ran = (id: string, from: string, to: string | null = null): Promise<unknown> =>
  database.sql('insert into launcher.run_interval (instance_id, started_at, subscription_id, ended_at) values ($1, $2, $3, $4)', [
    id,
    at(from),
    globex.subscriptionId,
    to && at(to),
  ]);

async function ask(query = '', caller = { kind: 'buyer' as 'buyer' | 'vendor' | 'operator', organizationId: globex.buyerId }) {
  const answer = await fetch(`${app.url}/v1/infrastructure-cost?subscriptionId=${globex.subscriptionId}${query}`, {
    headers: await asCaller(caller),
  });
  return { status: answer.status, body: (await answer.json()) as InfrastructureCostView };
}

it('is nothing before anything has run', async () => {
  expect((await ask()).body).toEqual({
    subscriptionId: globex.subscriptionId,
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-05T12:00:00.000Z',
    totals: [],
    unpricedSeconds: '0',
    instances: [],
  });
});

it('is the seconds that each machine ran at the prices of the hours, as far as it was seen', async () => {
  await priced('0.0104');
  await priced('0.0208', { from: at('11:00') });
  await priced('0.0416', { type: 't3.medium' });
  const [running, gone] = [await machine({ seen: '11:59' }), await machine({ type: 't3.medium', state: 'terminated' })];
  await ran(running, '10:30');
  await ran(gone, '09:00', '09:10');
  await ran(gone, '09:20', '09:30');
  const { body } = await ask();
  expect(body.instances.find(({ id }) => id === running)).toEqual({
    id: running,
    launchId: running,
    region: 'us-east-1',
    instanceType: 't3.micro',
    state: 'healthy',
    ec2InstanceId: null,
    currency: 'usd',
    // 1,800 s × 0.0104 + 3,540 s × 0.0208, of an hour.
    amount: '0.025653333333',
    perHour: '0.0208',
    unpricedSeconds: '0',
    lines: [
      { seconds: '1800', rate: '0.0104', amount: '0.0052', effectiveFrom: '2026-01-01T00:00:00.000Z', source: 'a spec' },
      { seconds: '3540', rate: '0.0208', amount: '0.020453333333', effectiveFrom: '2026-01-05T11:00:00.000Z', source: 'a spec' },
    ],
  });
  expect(body.instances.find(({ id }) => id === gone)).toMatchObject({ amount: '0.013866666667', perHour: null });
  expect(body.totals).toEqual([{ currency: 'usd', amount: '0.03952', perHour: '0.0208' }]);
});

it('of a span is what ran in it, and of a launch what its machine ran', async () => {
  await priced('1');
  const [first, second] = [await machine(), await machine()];
  await ran(first, '09:00', '12:00');
  await ran(second, '11:00', '12:00');
  const total = async (query: string): Promise<string | undefined> => (await ask(query)).body.totals[0]?.amount;
  expect(await total('')).toBe('4');
  expect(await total(`&from=${at('09:00')}&to=${at('11:00')}`)).toBe('2');
  expect(await total(`&launchId=${first}`)).toBe('3');
  expect((await ask(`&from=${at('09:30')}`)).status).toBe(400);
  expect((await ask('&from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z')).status).toBe(400);
});

it('is said to be unknown where no price is, and is not converted', async () => {
  await priced('0.09', { currency: 'cny' });
  const [priceless, yuan] = [await machine({ type: 'u-6tb1.metal' }), await machine()];
  await ran(priceless, '11:00');
  await ran(yuan, '11:00');
  const { body } = await ask();
  expect(body).toMatchObject({ unpricedSeconds: '3600', totals: [{ currency: 'cny', amount: '0.09', perHour: '0.09' }] });
  expect(body.instances.find(({ id }) => id === priceless)).toMatchObject({
    currency: null,
    amount: '0',
    unpricedSeconds: '3600',
  });
});

it('is seen by its buyer and by operators, and is not there for anybody else', async () => {
  expect((await ask('', { kind: 'operator', organizationId: newId() })).status).toBe(200);
  expect((await ask('', { kind: 'buyer', organizationId: newId() })).status).toBe(404);
  expect((await ask('', { kind: 'vendor', organizationId: globex.vendorId })).status).toBe(403);
});
