/** What billing relies on when it closes a month: no hour is on the wrong side of midnight UTC, and none comes after. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { newId } from '#platform/ids.ts';
import { metering } from '../metering.app.ts';

const FEBRUARY = '2026-02-01T00:00:00Z';

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
  clock.set('2026-01-31T22:00:00Z');
  shop = await subscribedMarketplace(database);
});

/** A machine that has run since 22:10 on the last of January. */
async function running(seenAt: string): Promise<string> {
  const id = newId();
  await database.sql(
    `insert into launcher.instance (id, subscription_id, buyer_id, vendor_id, product_id, region, instance_type, state, created_at, attempted_at, observed_at)
     values ($1, $2, $3, $4, $5, 'us-east-1', 't3.micro', 'healthy', '2026-01-31T22:10:00Z', '2026-01-31T22:10:00Z', $6)`,
    [id, shop.subscriptionId, shop.buyerId, shop.vendorId, shop.productId, seenAt],
  );
  await database.sql(
    `insert into launcher.run_interval (instance_id, subscription_id, started_at) values ($1, $2, '2026-01-31T22:10:00Z')`,
    [id, shop.subscriptionId],
  );
  return id;
}

const sums = () =>
  database.sql('select day::text, quantity from metering.usage_rollup where subscription_id = $1 order by day', [
    shop.subscriptionId,
  ]);

async function januaryIsCounted(): Promise<boolean> {
  const [row] = await database.sql<{ is_counted: boolean }>(
    'select until >= $2 as is_counted from metering.metered_until where subscription_id = $1',
    [shop.subscriptionId, FEBRUARY],
  );
  return row!.is_counted;
}

describe('at the end of a month', () => {
  it('each hour is on its own side of midnight UTC', async () => {
    await running('2026-02-01T00:20:00Z');
    clock.set('2026-02-01T00:20:00Z');
    await app.settle();
    expect(await sums()).toEqual([
      { day: '2026-01-31', quantity: '2' },
      { day: '2026-02-01', quantity: '1' },
    ]);
    expect(await januaryIsCounted()).toBe(true);
  });

  it('the month stays open while a machine was last seen in it, and takes its end as EC2 tells it later', async () => {
    const id = await running('2026-01-31T22:59:30Z');
    clock.set('2026-02-01T05:00:00Z');
    await app.settle();
    expect(await sums()).toEqual([{ day: '2026-01-31', quantity: '1' }]);
    expect(await januaryIsCounted()).toBe(false);

    await database.sql(`update launcher.run_interval set ended_at = '2026-02-01T00:00:00Z' where instance_id = $1`, [id]);
    await database.sql(`update launcher.instance set state = 'stopped', observed_at = $2 where id = $1`, [
      id,
      '2026-02-01T05:00:00Z',
    ]);
    await app.settle();
    // A run that ended at midnight sharp has no hour in February.
    expect(await sums()).toEqual([{ day: '2026-01-31', quantity: '2' }]);
    expect(await januaryIsCounted()).toBe(true);
  });

  it('a subscription without any machine is counted too', async () => {
    clock.set('2026-02-01T00:01:00Z');
    await app.settle();
    expect(await sums()).toEqual([]);
    expect(await januaryIsCounted()).toBe(true);
  });
});
