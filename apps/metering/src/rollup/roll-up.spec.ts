import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { newId } from '#platform/ids.ts';
import { metering } from '../metering.app.ts';
import { bucketOf } from '../buckets.ts';
import { UsageWriter } from '../usage/usage-writer.ts';
import { RollUp } from './roll-up.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
const clock = new TestClock('2026-01-07T15:20:00Z');

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database, clock });
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  shop = await subscribedMarketplace(database);
});

const record = (...rows: Array<[at: string, quantity: number, dimension?: string, sourceId?: string]>) =>
  app.nest.get(UsageWriter, { strict: false }).record(
    rows.map(([at, quantity, dimension = 'users', sourceId = shop.subscriptionId]) => ({
      subscriptionId: shop.subscriptionId,
      at: new Date(at),
      sourceId,
      dimension,
      quantity,
      signedBy: 'AKIATEST',
    })),
  );

const sums = () =>
  database.sql(
    'select day::text, dimension, quantity, records from metering.usage_rollup where subscription_id = $1 order by 1, 2',
    [shop.subscriptionId],
  );

const dirty = () =>
  database.sql('select distinct day::text from metering.usage_dirty where subscription_id = $1 order by 1', [
    shop.subscriptionId,
  ]);

const mark = (day: string): Promise<unknown> =>
  database.sql('insert into metering.usage_dirty (subscription_id, day, mark) values ($1, $2, $3)', [
    shop.subscriptionId,
    day,
    newId(),
  ]);

/** As an operator's correction would be written. */
const adjust = async (hour: string, delta: number): Promise<void> => {
  await database.sql(
    `insert into metering.usage_adjustment (subscription_id, id, hour, dimension, delta, reason, requested_by, approved_by, idem_key, created_at)
     values ($1, $2::uuid, $3, 'users', $4, 'counted twice', 'acme', 'operator', $2::text, $3)`,
    [shop.subscriptionId, newId(), hour, delta],
  );
  await mark(hour.slice(0, 10));
};

describe("a day's sum", () => {
  it('is that of its records, by UTC day and dimension', async () => {
    await record(
      ['2026-01-05T23:59:59Z', 5],
      ['2026-01-06T00:00:00Z', 7],
      ['2026-01-06T23:00:00Z', 11],
      ['2026-01-06T23:00:00Z', 13, 'scans'],
      ['2026-01-06T23:00:00Z', 0, 'users', newId()],
      ['2026-01-07T00:00:00Z', 2_147_483_647],
      ['2026-01-07T01:00:00Z', 2_147_483_647],
    );
    expect(await dirty()).toHaveLength(3);
    await app.settle();
    expect(await sums()).toEqual([
      { day: '2026-01-05', dimension: 'users', quantity: '5', records: '1' },
      { day: '2026-01-06', dimension: 'scans', quantity: '13', records: '1' },
      { day: '2026-01-06', dimension: 'users', quantity: '18', records: '3' },
      { day: '2026-01-07', dimension: 'users', quantity: '4294967294', records: '2' },
    ]);
    expect(await dirty()).toEqual([]);
  });

  it('is made anew when more comes, and is never added to', async () => {
    await record(['2026-01-05T10:00:00Z', 5]);
    await app.settle();
    await record(['2026-01-05T11:00:00Z', 7], ['2026-01-05T10:00:00Z', 5]);
    const stage = app.nest.get(RollUp, { strict: false });
    const bucket = bucketOf(shop.subscriptionId);
    await Promise.all([stage.work(bucket), stage.work(bucket)]);
    await stage.work(bucket);
    expect(await sums()).toEqual([{ day: '2026-01-05', dimension: 'users', quantity: '12', records: '2' }]);
  });

  it('holds corrections, also where they leave nothing or stand alone', async () => {
    await record(['2026-01-05T10:00:00Z', 5]);
    await adjust('2026-01-05T10:00:00Z', -5);
    await adjust('2026-01-06T10:00:00Z', 3);
    await app.settle();
    expect(await sums()).toEqual([
      { day: '2026-01-05', dimension: 'users', quantity: '0', records: '1' },
      { day: '2026-01-06', dimension: 'users', quantity: '3', records: '0' },
    ]);
  });

  it('can be shown to be of exactly its records', async () => {
    const one = newId();
    const [first, second] = await record(['2026-01-05T10:00:00Z', 5], ['2026-01-05T09:30:00Z', 7, 'users', one]);
    await app.settle();
    const lines = [
      `2026-01-05T09 ${one} users 7 ${second!.recordId}`,
      `2026-01-05T10 ${shop.subscriptionId} users 5 ${first!.recordId}`,
    ];
    const [{ rows_sha }] = (await database.sql('select rows_sha from metering.usage_rollup where subscription_id = $1', [
      shop.subscriptionId,
    ])) as [{ rows_sha: Buffer }];
    expect(rows_sha.toString('hex')).toBe(createHash('sha256').update(lines.join('\n')).digest('hex'));
  });

  it('stays to be made when usage comes while it is made', async () => {
    await record(['2026-01-05T10:00:00Z', 5]);
    const id = shop.subscriptionId;
    // Somebody has written usage of the same day and not committed yet: the sum cannot hold it.
    await database.sql('begin');
    await database.sql(
      `insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
       values ($1, '2026-01-05T11:00:00Z', $1, 'users', 7, $2, '', 'AKIATEST', now())`,
      [id, newId()],
    );
    await mark('2026-01-05');
    // Nobody waits: what is committed is summed, and its marks are gone.
    await app.nest.get(RollUp, { strict: false }).work(bucketOf(id));
    await database.sql('commit');
    expect(await sums()).toMatchObject([{ quantity: '5' }]);
    expect(await dirty()).toEqual([{ day: '2026-01-05' }]);
    await app.settle();
    expect(await sums()).toMatchObject([{ quantity: '12' }]);
    expect(await dirty()).toEqual([]);
  });

  it('holds what is being moved into a day of its own', async () => {
    await record(['2026-01-04T10:00:00Z', 5]);
    await database.sql('begin');
    await database.sql(`select metering.open_day('2026-01-04')`);
    const summed = app.nest.get(RollUp, { strict: false }).work(bucketOf(shop.subscriptionId));
    // Not before the sum has come to wait for the move.
    await until(async () => {
      const [row] = await database.sql<{ waits: boolean }>(
        `select exists (select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())) as waits`,
      );
      return row!.waits;
    });
    await database.sql('commit');
    await summed;
    expect(await sums()).toMatchObject([{ day: '2026-01-04', quantity: '5' }]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 20));
}
