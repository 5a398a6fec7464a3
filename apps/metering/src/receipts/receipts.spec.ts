/** Usage reported by the real SDK, its receipts, and what the program `slipway` says of them. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchMeterUsageCommand } from '@aws-sdk/client-marketplace-metering';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller, startApp, TEST_RECEIPT_KEY, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { bucketOf } from '../buckets.ts';
import { loadMeteringConfig } from '../config.ts';
import { metering } from '../metering.app.ts';
import { meteringClient, vendorKey } from '../testing/wire.ts';
import { UsageWriter } from '../usage/usage-writer.ts';
import { ChainReceipts } from './chain-receipts.ts';
import type { ReceiptKeysView, ReceiptsView } from './receipts.schema.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
let folder: string;
const earlier = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
const clock = new TestClock('2026-01-07T15:20:00Z');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-receipts-'));
  writeFileSync(join(folder, 'earlier.pem'), earlier);
  database = await createTestDatabase();
  app = await startApp(metering, { database, clock, settings: { RECEIPT_PUBLIC_KEYS_FILE: join(folder, 'earlier.pem') } });
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  shop = await subscribedMarketplace(database);
});

/** Acme reports users of Globex, an hour each. */
async function report(...hours: Array<[at: string, quantity: number]>): Promise<void> {
  const { Results } = await meteringClient(app.url, await vendorKey(database, shop.vendorId)).send(
    new BatchMeterUsageCommand({
      ProductCode: shop.productCode,
      UsageRecords: hours.map(([at, Quantity]) => ({
        Timestamp: new Date(at),
        CustomerIdentifier: shop.customerIdentifier,
        Dimension: 'users',
        Quantity,
      })),
    }),
  );
  expect(Results!.map((result) => result.Status)).toEqual(hours.map(() => 'Success'));
}

const write = (...rows: Array<[at: string, quantity: number]>) =>
  app.nest.get(UsageWriter, { strict: false }).record(
    rows.map(([at, quantity]) => ({
      subscriptionId: shop.subscriptionId,
      at: new Date(at),
      sourceId: shop.subscriptionId,
      dimension: 'users',
      quantity,
      signedBy: 'AKIATEST',
    })),
  );

const ask = async (path: string, who: { kind: 'vendor' | 'buyer' | 'operator'; organizationId: string }): Promise<Response> =>
  fetch(`${app.url}${path}`, { headers: await asCaller(who) });

const asGlobex = (path: string): Promise<Response> => ask(path, { kind: 'buyer', organizationId: shop.buyerId });

/** The export and the keys as Globex takes them away, in files. */
async function takenAway(): Promise<{ file: string; keys: string; lines: Array<Record<string, string>> }> {
  const text = await (await asGlobex(`/v1/usage/receipts.ndjson?subscriptionId=${shop.subscriptionId}`)).text();
  const [file, keys] = [join(folder, `${newId()}.ndjson`), join(folder, 'keys.json')];
  writeFileSync(file, text);
  writeFileSync(keys, await (await fetch(`${app.url}/v1/receipt-keys`)).text());
  return {
    file,
    keys,
    lines: text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>),
  };
}

const sequences = () =>
  database.sql<{ sequence: string; quantity: string }>(
    `select receipt.sequence, record.quantity from metering.usage_receipt receipt
       join metering.usage_record record using (subscription_id, hour, source_id, dimension)
      where receipt.subscription_id = $1 order by receipt.sequence`,
    [shop.subscriptionId],
  );

describe('receipts', () => {
  it('are one for each record, and verified by who has only the file and the keys', async () => {
    await report(['2026-01-07T13:10:00Z', 3], ['2026-01-07T14:10:00Z', 4]);
    await app.settle();
    await report(['2026-01-07T12:10:00Z', 5]);
    await app.settle();
    const { file, keys, lines } = await takenAway();
    expect(lines.slice(0, 3).map(({ sequence, quantity }) => [sequence, quantity])).toEqual([
      ['1', expect.any(String)],
      ['2', expect.any(String)],
      ['3', '5'],
    ]);
    expect(lines[3]).toMatchObject({ head: { sequence: '3', sha: lines[2]!.sha, count: '3' } });
    expect(await slipway('verify-receipts', file, '--keys', keys)).toEqual({
      code: 0,
      out: '3 receipts, of the hours 2026-01-07T12:00:00Z to 2026-01-07T14:00:00Z: all as they were signed.\n',
    });
  });

  it('show that a record was changed, even by who owns the database', async () => {
    await report(['2026-01-07T13:10:00Z', 3], ['2026-01-07T14:10:00Z', 4]);
    await app.settle();
    await database.sql(`update metering.usage_record set quantity = 400 where subscription_id = $1 and quantity = 4`, [
      shop.subscriptionId,
    ]);
    const { file, keys, lines } = await takenAway();
    const index = lines.findIndex((line) => line.quantity === '400');
    const { code, out } = await slipway('verify-receipts', file, '--keys', keys);
    expect(code).toBe(1);
    expect(out).toContain(`line ${index + 1}, receipt ${index + 1}, record ${lines[index]!.recordId}: CHANGED.`);
    expect(out).toContain(': 1 finding.');
  });

  it('show that a record is gone', async () => {
    await report(['2026-01-07T12:10:00Z', 2], ['2026-01-07T13:10:00Z', 3], ['2026-01-07T14:10:00Z', 4]);
    await app.settle();
    const [{ recordId }] = (await database.sql(
      `delete from metering.usage_record where subscription_id = $1 and quantity = 3 returning record_id as "recordId"`,
      [shop.subscriptionId],
    )) as [{ recordId: string }];
    const gone = await takenAway();
    const { out } = await slipway('verify-receipts', gone.file, '--keys', gone.keys);
    expect(out).toMatch(new RegExp(`record ${recordId}: GONE`));
    expect(out).toContain(': 1 finding.');
  });

  it('show that a receipt is gone', async () => {
    await report(['2026-01-07T12:10:00Z', 2], ['2026-01-07T13:10:00Z', 3], ['2026-01-07T14:10:00Z', 4]);
    await app.settle();
    await database.sql('delete from metering.usage_receipt where subscription_id = $1 and sequence = 2', [shop.subscriptionId]);
    const dropped = await takenAway();
    expect((await slipway('verify-receipts', dropped.file, '--keys', dropped.keys)).out).toContain(
      'receipt 2: MISSING. receipt 2 is missing.',
    );
  });

  it('are read back a page at a time, by the two sides and the operator alone', async () => {
    await write(...Array.from({ length: 5 }, (_, hour): [string, number] => [`2026-01-06T0${hour}:00:00Z`, hour]));
    await app.settle();
    const path = `/v1/usage/receipts?subscriptionId=${shop.subscriptionId}`;
    const first = (await (await asGlobex(`${path}&limit=3`)).json()) as ReceiptsView;
    expect(first).toMatchObject({
      items: [{ sequence: '1', subscriptionId: shop.subscriptionId }, { sequence: '2' }, { sequence: '3' }],
      nextAfter: '3',
    });
    const second = await (await asGlobex(`${path}&limit=3&after=${first.nextAfter}`)).json();
    expect(second).toMatchObject({
      items: [{ sequence: '4', previous: first.items[2]!.sha }, { sequence: '5' }],
      nextAfter: null,
    });
    expect((await ask(path, { kind: 'vendor', organizationId: shop.vendorId })).status).toBe(200);
    expect((await ask(path, { kind: 'operator', organizationId: newId() })).status).toBe(200);
    for (const what of [path, path.replace('receipts?', 'receipts.ndjson?')]) {
      expect((await ask(what, { kind: 'vendor', organizationId: newId() })).status).toBe(404);
      expect((await ask(what, { kind: 'buyer', organizationId: shop.vendorId })).status).toBe(404);
      expect((await fetch(`${app.url}${what}`)).status).toBe(401);
    }
    expect((await asGlobex('/v1/usage/receipts?subscriptionId=all')).status).toBe(400);
  });

  it('are an empty chain with a signed head before there is any usage', async () => {
    const { file, keys, lines } = await takenAway();
    expect(lines).toMatchObject([{ head: { sequence: '0', count: '0' } }]);
    expect(await slipway('verify-receipts', file, '--keys', keys)).toEqual({
      code: 0,
      out: '0 receipts: all as they were signed.\n',
    });
  });

  it('are still whole when their days were archived', async () => {
    await write(['2026-01-02T10:00:00Z', 7], ['2026-01-03T10:00:00Z', 8]);
    await app.settle();
    await database.sql(`select metering.archive_day('2026-01-02')`);
    const { file, keys } = await takenAway();
    expect(await slipway('verify-receipts', file, '--keys', keys)).toMatchObject({ code: 0 });
  });
});

describe('the chain', () => {
  it('holds each record once, however often and by how many it is worked', async () => {
    await write(
      ...Array.from({ length: 24 }, (_, hour): [string, number] => [`2026-01-06T${String(hour).padStart(2, '0')}:00:00Z`, hour]),
    );
    await app.settle();
    const stage = app.nest.get(ChainReceipts, { strict: false });
    const mark = (): Promise<unknown> =>
      database.sql(
        `insert into metering.usage_unreceipted (subscription_id, day) values ($1, '2026-01-06') on conflict do nothing`,
        [shop.subscriptionId],
      );
    await mark();
    await write(['2026-01-05T00:00:00Z', 24]);
    const bucket = bucketOf(shop.subscriptionId);
    await Promise.all([stage.work(bucket), stage.work(bucket), stage.work(bucket)]);
    await app.settle();
    expect((await sequences()).map((row) => row.sequence)).toEqual(Array.from({ length: 25 }, (_, index) => String(index + 1)));
    expect(await stage.due()).toEqual([]);
  });

  it('gives a record that committed late a later place', async () => {
    const late = newId();
    await write(['2026-01-06T10:00:00Z', 1]);
    await app.settle();
    await database.sql(
      `insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
       values ($1, '2026-01-06T11:00:00Z', $1, 'users', 2, $2, '', 'AKIATEST', '2026-01-01T00:00:00.000001Z')`,
      [shop.subscriptionId, late],
    );
    await database.sql(`insert into metering.usage_dirty (subscription_id, day, mark) values ($1, '2026-01-06', $2)`, [
      shop.subscriptionId,
      newId(),
    ]);
    await app.settle();
    expect(await sequences()).toEqual([
      { sequence: '1', quantity: '1' },
      { sequence: '2', quantity: '2' },
    ]);
    const { file, keys } = await takenAway();
    expect(await slipway('verify-receipts', file, '--keys', keys)).toMatchObject({ code: 0 });
  });

  it('goes on where more records wait than are chained at once', async () => {
    await database.sql(
      `insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
       select $1, '2026-01-06T11:00:00Z', gen_random_uuid(), 'users', n, gen_random_uuid(), '', 'platform', now() from generate_series(1, 4500) as n`,
      [shop.subscriptionId],
    );
    await database.sql(`insert into metering.usage_unreceipted (subscription_id, day) values ($1, '2026-01-06')`, [
      shop.subscriptionId,
    ]);
    await app.settle();
    expect((await sequences()).at(-1)).toMatchObject({ sequence: '4500' });
    const { file, keys } = await takenAway();
    expect(await slipway('verify-receipts', file, '--keys', keys)).toMatchObject({
      code: 0,
      out: expect.stringContaining('4500 receipts'),
    });
  });

  it('is out of the reach of its own writer', async () => {
    const [{ update, remove }] = (await database.sql(
      `select has_table_privilege('metering', 'metering.usage_receipt', 'UPDATE') as update,
              has_table_privilege('metering', 'metering.usage_receipt', 'DELETE') as remove`,
    )) as [{ update: boolean; remove: boolean }];
    expect({ update, remove }).toEqual({ update: false, remove: false });
  });
});

describe('receipt keys', () => {
  it('are published to everybody, earlier ones too', async () => {
    const { items } = (await (await fetch(`${app.url}/v1/receipt-keys`)).json()) as ReceiptKeysView;
    expect(items).toMatchObject([
      { isCurrent: true, keyId: expect.stringMatching(/^[0-9a-f]{16}$/) },
      { isCurrent: false, publicKeyPem: earlier },
    ]);
  });

  it("are refused when they are the demo's and the machines are AWS's", () => {
    const load =
      (seed: Buffer, more: object = {}) =>
      () =>
        loadMeteringConfig({
          DATABASE_URL: database.urlFor('metering'),
          SECRETS_KEY: TEST_RECEIPT_KEY,
          CALLER_SECRET: 'a-caller-secret-that-only-tests-use',
          RECEIPT_KEY: seed.toString('base64'),
          ...more,
        });
    const demo = Buffer.from('slipway-demo: signs only samples');
    expect(load(demo)).toThrow('RECEIPT_KEY is the demo');
    expect(load(demo, { IDENTITY_CERTIFICATES_FILE: '/sandbox.pem' })).not.toThrow();
    expect(load(demo.subarray(1))).toThrow('RECEIPT_KEY must be 32 bytes');
  });
});

/** The program as it is installed. */
function slipway(...args: string[]): Promise<{ code: number; out: string }> {
  const program = join(import.meta.dirname, '../../../cli/slipway.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder }, (error, out) =>
      resolve({ code: error ? Number(error.code) : 0, out }),
    );
  });
}
