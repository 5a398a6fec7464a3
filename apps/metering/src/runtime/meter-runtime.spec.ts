import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { newId } from '#platform/ids.ts';
import { metering } from '../metering.app.ts';
import { MeterRuntime } from './meter-runtime.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
const clock = new TestClock();

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database, clock });
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  clock.set('2026-01-05T09:00:00Z');
  shop = await subscribedMarketplace(database);
});

const at = (time: string): string => (time.length > 8 ? time : `2026-01-05T${time.padEnd(8, ':00')}Z`);

/** A machine as launcher writes it. @param seen when EC2 was last asked about it. */
async function launched({ seen = '09:00', state = 'healthy' } = {}): Promise<string> {
  const id = newId();
  await database.sql(
    `insert into launcher.instance (id, subscription_id, buyer_id, vendor_id, product_id, region, instance_type, state, created_at, attempted_at, observed_at)
     values ($1, $2, $3, $4, $5, 'us-east-1', 't3.micro', $6, '2026-01-05T09:00:00Z', '2026-01-05T09:00:00Z', $7)`,
    [id, shop.subscriptionId, shop.buyerId, shop.vendorId, shop.productId, state, at(seen)],
  );
  return id;
}

const ran = (id: string, from: string, to?: string) =>
  database.sql('insert into launcher.run_interval (instance_id, subscription_id, started_at, ended_at) values ($1, $2, $3, $4)', [
    id,
    shop.subscriptionId,
    at(from),
    to && at(to),
  ]);

const seen = (id: string, time: string, state = 'healthy') =>
  database.sql('update launcher.instance set observed_at = $2, state = $3 where id = $1', [id, at(time), state]);

async function hours(): Promise<string[]> {
  const rows = await database.sql<{ hour: Date; quantity: string }>(
    `select hour, quantity from metering.usage_record where subscription_id = $1 and dimension = 'hours' and signed_by = 'platform' order by hour`,
    [shop.subscriptionId],
  );
  expect(rows.every((row) => row.quantity === '1')).toBe(true);
  return rows.map((row) => row.hour.toISOString().slice(11, 13));
}

async function countedUntil(): Promise<string> {
  const [row] = await database.sql<{ until: string }>(
    `select to_char(until at time zone 'UTC', 'HH24:MI') as until from metering.metered_until where subscription_id = $1`,
    [shop.subscriptionId],
  );
  return row!.until;
}

describe('hours that machines run', () => {
  it('are counted once each, also across a stop and a start', async () => {
    const id = await launched({ seen: '12:40' });
    await ran(id, '09:59:59', '10:10');
    await ran(id, '10:20', '10:30');
    await ran(id, '11:59', '12:00');
    await ran(id, '12:30');
    clock.set(at('12:45'));
    await app.settle();
    expect(await hours()).toEqual(['09', '10', '11', '12']);
  });

  it('are counted for each machine', async () => {
    for (const id of [await launched({ seen: '10:30' }), await launched({ seen: '10:30' })]) await ran(id, '09:10');
    clock.set(at('10:30'));
    await app.settle();
    expect(await hours()).toEqual(['09', '09', '10', '10']);
    expect(
      await database.sql('select day::text, quantity, records from metering.usage_rollup where subscription_id = $1', [
        shop.subscriptionId,
      ]),
    ).toEqual([{ day: '2026-01-05', quantity: '4', records: '4' }]);
  });

  it('are counted only up to when the machine was last seen', async () => {
    const id = await launched({ seen: '10:50' });
    await ran(id, '09:10');
    clock.set(at('14:20'));
    await app.settle();
    expect(await hours()).toEqual(['09', '10']);
    expect(await countedUntil()).toBe('10:00');

    // EC2 answers again, and says that it had stopped in the meantime.
    await database.sql('update launcher.run_interval set ended_at = $2 where instance_id = $1', [id, at('11:30')]);
    await seen(id, '14:20', 'stopped');
    await app.settle();
    expect(await hours()).toEqual(['09', '10', '11']);
    expect(await countedUntil()).toBe('14:00');
  });

  it('are counted of a run that is seen late', async () => {
    clock.set(at('13:10'));
    await app.settle();
    expect(await countedUntil()).toBe('13:00');
    await ran(await launched({ seen: '13:10' }), '10:30', '12:15');
    await app.settle();
    expect(await hours()).toEqual(['10', '11', '12']);
  });

  it('are counted again by nobody: two at once change nothing', async () => {
    const id = await launched({ seen: '15:00' });
    await ran(id, '09:10', '14:10');
    clock.set(at('15:00'));
    const stage = app.nest.get(MeterRuntime, { strict: false });
    await Promise.all([stage.work(shop.subscriptionId), stage.work(shop.subscriptionId), stage.work(shop.subscriptionId)]);
    await stage.work(shop.subscriptionId);
    expect(await hours()).toEqual(['09', '10', '11', '12', '13', '14']);
  });

  it('go on after the end of the subscription until the last machine is gone, then no more is expected', async () => {
    const id = await launched({ seen: '11:20' });
    await ran(id, '09:10');
    await database.sql('update api.subscription set ended_at = $2 where id = $1', [shop.subscriptionId, at('10:40')]);
    clock.set(at('11:20'));
    await app.settle();
    expect(await hours()).toEqual(['09', '10', '11']);
    expect(await countedUntil()).toBe('11:00');

    await database.sql('update launcher.run_interval set ended_at = $2 where instance_id = $1', [id, at('12:01')]);
    await seen(id, '12:05', 'terminated');
    clock.set(at('12:05'));
    await app.settle();
    expect(await hours()).toEqual(['09', '10', '11', '12']);
    expect(
      await database.sql(`select until = 'infinity' as final from metering.metered_until where subscription_id = $1`, [
        shop.subscriptionId,
      ]),
    ).toEqual([{ final: true }]);
  });

  it('wait for a machine that was asked for and not seen yet', async () => {
    const id = await launched({ state: 'planned' });
    await database.sql('update launcher.instance set observed_at = null where id = $1', [id]);
    clock.set(at('11:20'));
    await app.settle();
    expect(await countedUntil()).toBe('09:00');
  });

  it('cost nothing where the offer has no price for them', async () => {
    await database.sql(`delete from api.price where price_version_id = $1 and model = 'hourly'`, [shop.priceVersionId]);
    await ran(await launched({ seen: '11:20' }), '09:10');
    clock.set(at('11:20'));
    await app.settle();
    expect(await hours()).toEqual([]);
    expect(await countedUntil()).toBe('11:00');
  });

  it('are counted of the last 45 days', async () => {
    await ran(await launched({ seen: '2026-03-01T10:20:00Z' }), '09:10');
    clock.set('2026-03-01T10:20:00Z');
    await app.settle();
    expect(await hours()).toHaveLength(45 * 24 + 1);
  });
});
