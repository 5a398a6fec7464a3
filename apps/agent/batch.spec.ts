import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering/src/metering.app.ts';
import { vendorKey } from '../metering/src/testing/wire.ts';
import { curlSigns, Road, runAgent, WELL, type Ended } from './testing/road.ts';

const hasCurl = curlSigns();

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
let road: Road;
let folder: string;
let key: Awaited<ReturnType<typeof vendorKey>>;
const now = (): number => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database });
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async ({ skip }) => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-agent-'));
  skip(!hasCurl, 'curl 7.86 or later is not installed');
  shop = await subscribedMarketplace(database);
  key = await vendorKey(database, shop.vendorId);
  road = await Road.open(app.url);
});

afterEach(async () => {
  await road?.cut();
  rmSync(folder, { recursive: true, force: true });
});

const agent = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  runAgent(args, {
    SLIPWAY_METERING_URL: road.url,
    SLIPWAY_PRODUCT_CODE: shop.productCode,
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    ...env,
  });

/** What metering has, the oldest first. */
const recorded = async (): Promise<number[]> =>
  (
    await database.sql<{ quantity: string }>(
      'select quantity from metering.usage_record where subscription_id = $1 order by hour',
      [shop.subscriptionId],
    )
  ).map(({ quantity }) => Number(quantity));

describe('slipway-agent batch', () => {
  const of = (Quantity: number, hoursAgo: number, CustomerIdentifier = shop.customerIdentifier) => ({
    Timestamp: now() - hoursAgo * 3600,
    CustomerIdentifier,
    Dimension: 'users',
    Quantity,
  });

  function batch(records: object[]): Promise<Ended> {
    const file = join(folder, 'usage.jsonl');
    writeFileSync(file, `${records.map((record) => JSON.stringify(record)).join('\n')}\n\n`);
    return agent(['batch', file]);
  }

  const sizes = (): number[] => road.calls.map((call) => (call.UsageRecords as unknown[]).length);

  it('reports a file in calls of 25', async () => {
    const records = Array.from({ length: 20 }, (_, hour) => of(hour, hour));
    expect(await batch([...records, ...records])).toEqual({ ...WELL, out: '40 of 40 records accepted, 0 not.\n' });
    expect(sizes()).toEqual([25, 15]);
    expect(await recorded()).toEqual(Array.from({ length: 20 }, (_, hour) => 19 - hour));
  });

  it('reads the status of each result in a call that succeeded', async () => {
    await batch([of(1, 1)]);
    const { status, out } = await batch([of(2, 2), of(9, 1), of(3, 3, 'nobody "Status":"Success"')]);
    expect(status).toBe(1);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^DuplicateRecord\t\{.*"Quantity":9\}$/),
      expect.stringMatching(/^CustomerNotSubscribed\t\{.*"Quantity":3\}$/),
      '1 of 3 records accepted, 2 not.',
      '',
    ]);
  });

  it('sends again what was not processed, and only that', async () => {
    const [one, two, three] = [of(1, 1), of(2, 2), of(3, 3)];
    const unprocessed = {
      Results: [{ UsageRecord: one, MeteringRecordId: 'x', Status: 'Success' }],
      UnprocessedRecords: [two, three],
    };
    road.fates = [{ status: 200, answer: unprocessed }];
    expect(await batch([one, two, three])).toEqual({ ...WELL, out: '3 of 3 records accepted, 0 not.\n' });
    expect(road.calls.map((call) => call.UsageRecords)).toEqual([
      [one, two, three],
      [two, three],
    ]);
  });

  it('repeats a call that was throttled or got no answer in the same words', async () => {
    road.fates = [{ status: 400, type: 'ThrottlingException' }, 'no answer'];
    expect((await batch([of(1, 1), of(2, 2)])).status).toBe(0);
    expect(road.calls).toHaveLength(3);
    expect(new Set(road.calls.map((call) => JSON.stringify(call))).size).toBe(1);
  });

  it('names the one record for which a call was refused, and reports the others', async () => {
    const { status, out } = await batch([of(1, 1), of(2, 100), of(3, 3)]);
    expect(status).toBe(1);
    expect(out).toMatch(/^TimestampOutOfBoundsException: .*\t\{.*"Quantity":2\}\n2 of 3 records accepted, 1 not\.\n$/);
    expect(await recorded()).toEqual([3, 1]);
  });

  it('says what it cannot read', async () => {
    writeFileSync(join(folder, 'bad'), '{"Timestamp":1}\nusers 5\n');
    expect(await agent(['batch', join(folder, 'bad')])).toMatchObject({
      status: 1,
      trouble: expect.stringContaining('2:users 5'),
    });
    expect(await agent(['batch', join(folder, 'none')])).toMatchObject({
      status: 1,
      trouble: expect.stringContaining('cannot read'),
    });
    expect(await agent(['batch', join(folder, 'bad')], { AWS_ACCESS_KEY_ID: '' })).toMatchObject({
      status: 1,
      trouble: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    });
  });
});
