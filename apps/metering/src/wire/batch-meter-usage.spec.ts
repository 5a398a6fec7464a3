import {
  BatchMeterUsageCommand,
  ExpiredTokenException,
  InvalidTokenException,
  ResolveCustomerCommand,
  type BatchMeterUsageCommandInput,
  type MarketplaceMeteringClient,
  type UsageRecord,
} from '@aws-sdk/client-marketplace-metering';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { GLOBEX_AWS_ACCOUNT, subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { machine, meteringClient, vendorKey } from '../testing/wire.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
let client: MarketplaceMeteringClient;
const clock = new TestClock();

const record = (given: Partial<UsageRecord> = {}): UsageRecord => ({
  Timestamp: clock.now(),
  CustomerIdentifier: shop.customerIdentifier,
  Dimension: 'users',
  Quantity: 5,
  ...given,
});
const byLicense = (given: Partial<UsageRecord> = {}): UsageRecord =>
  record({ CustomerIdentifier: undefined, CustomerAWSAccountId: GLOBEX_AWS_ACCOUNT, LicenseArn: shop.licenseArn, ...given });

const send = (UsageRecords: UsageRecord[], given: Partial<BatchMeterUsageCommandInput> = {}, from = client) =>
  from.send(new BatchMeterUsageCommand({ ProductCode: shop.productCode, UsageRecords, ...given }));
const results = async (...sent: Parameters<typeof send>) =>
  (await send(...sent)).Results!.map(({ Status, MeteringRecordId }) => ({ Status, MeteringRecordId }));
const statuses = async (...sent: Parameters<typeof send>) => (await results(...sent)).map(({ Status }) => Status);

const rows = () =>
  database.sql<{ quantity: string; source_id: string }>('select * from metering.usage_record where subscription_id = $1', [
    shop.subscriptionId,
  ]);
const named = (name: string) => expect.objectContaining({ name });
const hour = (time: string): Date => new Date(`2026-01-05T${time}Z`);

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database, clock });
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  clock.set('2026-01-05T15:20:00Z');
  await database.sql(`update api.organization set "awsAccountId" = null`);
  shop = await subscribedMarketplace(database);
  client = meteringClient(app.url, await vendorKey(database, shop.vendorId));
});

describe('BatchMeterUsage', () => {
  it('records usage by customer identifier, by AWS account and by licence as the same record', async () => {
    const [first] = await results([record()]);
    expect(first).toMatchObject({ Status: 'Success', MeteringRecordId: expect.any(String) });
    expect(await results([record({ CustomerIdentifier: undefined, CustomerAWSAccountId: GLOBEX_AWS_ACCOUNT })])).toEqual([first]);
    expect(await results([byLicense()], { ProductCode: undefined })).toEqual([first]);
    expect(await rows()).toMatchObject([{ quantity: '5', source_id: shop.subscriptionId }]);
  });

  it('answers a repeated batch, or a part of it, with the same records', async () => {
    const batch = [record(), record({ Timestamp: hour('14:00:00'), Quantity: 6 }), record({ Timestamp: hour('13:00:00') })];
    const first = await results(batch);
    expect(await results(batch)).toEqual(first);
    expect(await results(batch.slice(1, 2))).toEqual(first.slice(1, 2));
    expect(await rows()).toHaveLength(3);
  });

  it('echoes each record in the order it came', async () => {
    const { Results, UnprocessedRecords } = await send([
      record({ Timestamp: hour('15:00:00') }),
      record({ Timestamp: hour('14:00:00') }),
    ]);
    expect(Results!.map(({ UsageRecord }) => UsageRecord!.Timestamp)).toEqual([hour('15:00:00'), hour('14:00:00')]);
    expect(UnprocessedRecords).toEqual([]);
  });

  it('says DuplicateRecord for another quantity, and the first one stays, also within one batch', async () => {
    await send([record()]);
    expect(await statuses([record({ Quantity: 6 }), record({ Timestamp: hour('14:00:00') })])).toEqual([
      'DuplicateRecord',
      'Success',
    ]);
    expect(
      await statuses([
        record({ Timestamp: hour('13:00:00'), Quantity: 1 }),
        record({ Timestamp: hour('13:59:59'), Quantity: 2 }),
      ]),
    ).toEqual(['Success', 'DuplicateRecord']);
    expect((await rows()).map(({ quantity }) => quantity).sort()).toEqual(['1', '5', '5']);
  });

  it('takes batches in opposite order at the same time', async () => {
    const batch = ['09', '10', '11', '12', '13', '14', '15'].map((each) => record({ Timestamp: hour(`${each}:00:00`) }));
    const sent = await Promise.all(Array.from({ length: 10 }, (_, index) => statuses(index % 2 ? batch : batch.toReversed())));
    expect(new Set(sent.flat())).toEqual(new Set(['Success']));
    expect(await rows()).toHaveLength(7);
  });

  it('says CustomerNotSubscribed for unknown customers and an hour after the end, and records the others', async () => {
    expect(await statuses([record({ CustomerIdentifier: 'nobody' }), record()])).toEqual(['CustomerNotSubscribed', 'Success']);
    await database.sql("update api.subscription set ended_at = '2026-01-05T15:30:00Z' where id = $1", [shop.subscriptionId]);
    clock.set('2026-01-05T16:29:00Z');
    expect(await statuses([record({ Timestamp: hour('14:00:00') })])).toEqual(['Success']);
    clock.set('2026-01-05T16:31:00Z');
    expect(await statuses([record({ Timestamp: hour('13:00:00') })])).toEqual(['CustomerNotSubscribed']);
    expect(await rows()).toHaveLength(2);
  });

  it("says CustomerNotSubscribed when a licence is not that account's, or two companies claim the account", async () => {
    expect(await statuses([byLicense({ CustomerAWSAccountId: '999900001111' })], { ProductCode: undefined })).toEqual([
      'CustomerNotSubscribed',
    ]);
    const other = await subscribedMarketplace(database);
    await database.sql('update api.subscription set product_id = $1, vendor_id = $2 where id = $3', [
      shop.productId,
      shop.vendorId,
      other.subscriptionId,
    ]);
    expect(await statuses([record({ CustomerIdentifier: undefined, CustomerAWSAccountId: GLOBEX_AWS_ACCOUNT })])).toEqual([
      'CustomerNotSubscribed',
    ]);
  });

  it('refuses the whole batch for one time out of bounds among 25', async () => {
    const good = Array.from({ length: 24 }, () => record());
    for (const Timestamp of [new Date('2026-01-04T14:00:00Z'), hour('08:59:59'), hour('15:25:01')])
      await expect(send([...good, record({ Timestamp })])).rejects.toThrow(named('TimestampOutOfBoundsException'));
    expect(await rows()).toHaveLength(0);
  });

  it('takes the last hour of a month until 06:00 on the 1st', async () => {
    clock.set('2026-02-01T05:59:59Z');
    expect(await statuses([record({ Timestamp: new Date('2026-01-31T23:00:00Z') })])).toEqual(['Success']);
    clock.set('2026-02-01T06:00:00Z');
    await expect(send([record({ Timestamp: new Date('2026-01-31T22:00:00Z') })])).rejects.toThrow(
      named('TimestampOutOfBoundsException'),
    );
  });

  it('takes 25 records, none at all, and not 26', async () => {
    expect(await statuses(Array.from({ length: 25 }, () => record()))).toHaveLength(25);
    expect(await send([])).toMatchObject({ Results: [], UnprocessedRecords: [] });
    await expect(send(Array.from({ length: 26 }, () => record()))).rejects.toThrow(named('ValidationException'));
  });

  it('refuses a batch that names its customer twice, or not at all', async () => {
    const both = record({ CustomerAWSAccountId: GLOBEX_AWS_ACCOUNT });
    await expect(send([both])).rejects.toThrow(named('InvalidCustomerIdentifierException'));
    await expect(send([record({ CustomerIdentifier: undefined })])).rejects.toThrow(named('InvalidCustomerIdentifierException'));
  });

  it("refuses other vendors' products and licences, and dimensions that nobody prices", async () => {
    const other = await subscribedMarketplace(database);
    await expect(send([record()], { ProductCode: other.productCode })).rejects.toThrow(named('InvalidProductCodeException'));
    await expect(send([byLicense({ LicenseArn: other.licenseArn })], { ProductCode: undefined })).rejects.toThrow(
      named('InvalidLicenseException'),
    );
    await expect(send([record()], { ProductCode: undefined })).rejects.toThrow(named('InvalidLicenseException'));
    for (const Dimension of ['hours', 'gigabytes'])
      await expect(send([record({ Dimension })])).rejects.toThrow(named('InvalidUsageDimensionException'));
    expect(await rows()).toHaveLength(0);
  });

  it('is not for machines', async () => {
    const { credentials } = await machine(database, shop);
    await expect(send([record()], {}, meteringClient(app.url, credentials))).rejects.toThrow(named('AccessDeniedException'));
  });
});

const arrive = async (expiresAt: string): Promise<string> => {
  const token = `token of ${shop.subscriptionId} ${expiresAt}`;
  await database.sql('insert into api.registration_token (token_sha256, subscription_id, expires_at) values ($1, $2, $3)', [
    createHash('sha256').update(token).digest('hex'),
    shop.subscriptionId,
    expiresAt,
  ]);
  return token;
};
const resolve = (RegistrationToken: string, from = client) => from.send(new ResolveCustomerCommand({ RegistrationToken }));

describe('ResolveCustomer', () => {
  it('tells the vendor who subscribed, as often as it asks', async () => {
    const token = await arrive('2026-01-05T19:00:00Z');
    for (const answer of [await resolve(token), await resolve(token)])
      expect(answer).toMatchObject({
        CustomerIdentifier: shop.customerIdentifier,
        CustomerAWSAccountId: GLOBEX_AWS_ACCOUNT,
        ProductCode: shop.productCode,
        LicenseArn: shop.licenseArn,
      });
  });

  it("refuses unknown, expired and other vendors' tokens", async () => {
    await expect(resolve('made up')).rejects.toThrow(InvalidTokenException);
    await expect(resolve(await arrive('2026-01-05T15:20:00Z'))).rejects.toThrow(ExpiredTokenException);
    const other = await subscribedMarketplace(database);
    const theirs = meteringClient(app.url, await vendorKey(database, other.vendorId));
    await expect(resolve(await arrive('2026-01-05T19:00:01Z'), theirs)).rejects.toThrow(InvalidTokenException);
  });
});

const ask = async (organizationId: string, kind: 'buyer' | 'vendor' | 'operator', query = '') => {
  const headers = await asCaller({ organizationId, kind });
  const answer = await fetch(`${app.url}/v1/usage?subscriptionId=${shop.subscriptionId}${query}`, { headers });
  return { status: answer.status, body: (await answer.json()) as { items: object[]; days: object[] } };
};

describe('GET /v1/usage', () => {
  it('shows the vendor and the buyer what was accepted, and nobody else', async () => {
    const [first] = await results([record(), record({ Timestamp: hour('14:00:00'), Quantity: 2 })]);
    for (const [id, kind] of [
      [shop.buyerId, 'buyer'],
      [shop.vendorId, 'vendor'],
    ] as const) {
      const { status, body } = await ask(id, kind);
      expect(status).toBe(200);
      expect(body.items).toMatchObject([
        { hour: '2026-01-05T14:00:00.000Z', quantity: '2', source: 'vendor' },
        { recordId: first!.MeteringRecordId, hour: '2026-01-05T15:00:00.000Z', quantity: '5', dimension: 'users' },
      ]);
      expect(body.days).toMatchObject([{ day: '2026-01-05', dimension: 'users', quantity: '7' }]);
    }
    expect((await ask(shop.buyerId, 'vendor')).status).toBe(404);
    expect((await ask(shop.vendorId, 'buyer')).status).toBe(404);
  });

  it('shows a span, and no more than asked for', async () => {
    await send([record(), record({ Timestamp: hour('14:00:00') }), record({ Timestamp: hour('13:00:00') })]);
    const { body } = await ask(shop.buyerId, 'buyer', '&from=2026-01-05T13:00:00Z&to=2026-01-05T15:00:00Z&limit=1');
    expect(body.items).toMatchObject([{ hour: '2026-01-05T13:00:00.000Z' }]);
    expect(body.days).toMatchObject([{ quantity: '10' }]);
  });
});
