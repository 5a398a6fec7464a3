import { BatchMeterUsageCommand, MeterUsageCommand } from '@aws-sdk/client-marketplace-metering';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { ACME_AWS_ACCOUNT, GLOBEX_AWS_ACCOUNT, subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { machine, meteringClient, vendorKey } from '../testing/wire.ts';

interface Result {
  index: number;
  status: 'accepted' | 'repeated' | 'conflict' | 'rejected';
  recordId?: string;
  code?: string;
  detail?: string;
}

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
const clock = new TestClock();

const record = (given: Record<string, unknown> = {}) => ({
  subscriptionId: shop.subscriptionId,
  at: '2026-01-05T15:20:00Z',
  dimension: 'users',
  quantity: 5,
  ...given,
});
const forCustomer = (given: Record<string, unknown>) => record({ subscriptionId: undefined, ...given });

const send = async (records: unknown, as: { organizationId: string; kind: 'buyer' | 'vendor' } = vendor()) => {
  const answer = await fetch(`${app.url}/v1/usage`, {
    method: 'POST',
    headers: { ...(await asCaller(as)), 'content-type': 'application/json' },
    body: JSON.stringify({ records }),
  });
  return { status: answer.status, body: (await answer.json()) as { results: Result[]; code?: string; detail?: string } };
};
const vendor = () => ({ organizationId: shop.vendorId, kind: 'vendor' }) as const;
const report = async (...records: unknown[]): Promise<Result[]> => {
  const { status, body } = await send(records);
  expect(status).toBe(200);
  return body.results;
};
const codes = async (...records: unknown[]) => (await report(...records)).map(({ code, status }) => code ?? status);
const rows = () =>
  database.sql<{ quantity: string; source_id: string; hour: Date; signed_by: string }>(
    'select * from metering.usage_record where subscription_id = $1 order by hour, source_id',
    [shop.subscriptionId],
  );

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
});

describe('POST /v1/usage', () => {
  it('records usage of a subscription, however it is named, as the same record', async () => {
    const [first] = await report(record());
    expect(first).toEqual({ index: 0, status: 'accepted', recordId: expect.any(String) });
    const { productCode, licenseArn, customerIdentifier } = shop;
    const again = await report(
      forCustomer({ licenseArn }),
      forCustomer({ productCode, customerIdentifier }),
      forCustomer({ productCode, customerAwsAccountId: GLOBEX_AWS_ACCOUNT }),
      record({ subscriptionId: shop.subscriptionId.toUpperCase() }),
      record({ at: 1767626400 + 0.5, quantity: '5' }),
    );
    expect(again).toEqual(again.map((_, index) => ({ index, status: 'repeated', recordId: first!.recordId })));
    expect(await rows()).toMatchObject([
      { quantity: '5', source_id: shop.subscriptionId, hour: new Date('2026-01-05T15:00:00Z') },
    ]);
  });

  it('says conflict for another quantity, and the first one stays, also within one call', async () => {
    const [first] = await report(record());
    expect(await report(record({ quantity: 6 }))).toMatchObject([
      { status: 'conflict', code: 'another_quantity', recordId: first!.recordId },
    ]);
    const hour = { at: '2026-01-05T14:00:00Z' };
    expect(
      await codes(record({ ...hour, quantity: 1 }), record({ ...hour, quantity: 1 }), record({ ...hour, quantity: 2 })),
    ).toEqual(['accepted', 'repeated', 'another_quantity']);
    expect((await rows()).map(({ quantity }) => quantity)).toEqual(['1', '5']);
  });

  it('shares its records with the AWS wire', async () => {
    const [first] = await report(record());
    const client = meteringClient(app.url, await vendorKey(database, shop.vendorId));
    const UsageRecords = [
      { Timestamp: clock.now(), CustomerIdentifier: shop.customerIdentifier, Dimension: 'users', Quantity: 5 },
    ];
    const { Results } = await client.send(new BatchMeterUsageCommand({ ProductCode: shop.productCode, UsageRecords }));
    expect(Results).toMatchObject([{ Status: 'Success', MeteringRecordId: first!.recordId }]);
  });

  it("records a machine's usage under the machine, by our id or by EC2's", async () => {
    const { instanceId, credentials } = await machine(database, shop, { createdAt: '2026-01-05T12:30:00Z' });
    await database.sql('update launcher.instance set ec2_instance_id = $2 where id = $1', [instanceId, 'i-0123456789abcdef0']);
    const [ours] = await report(record({ instanceId }));
    expect(await report(record({ instanceId: 'i-0123456789abcdef0' }), record())).toMatchObject([
      { status: 'repeated', recordId: ours!.recordId },
      { status: 'accepted' },
    ]);
    const said = await meteringClient(app.url, credentials).send(
      new MeterUsageCommand({
        ProductCode: shop.productCode,
        Timestamp: clock.now(),
        UsageDimension: 'users',
        UsageQuantity: 5,
      }),
    );
    expect(said.MeteringRecordId).toBe(ours!.recordId);
    expect(
      await codes(record({ instanceId, at: '2026-01-05T12:00:00Z' }), record({ instanceId, at: '2026-01-05T11:59:59Z' })),
    ).toEqual(['accepted', 'time_out_of_window']);
  });

  it('looks at each record by itself: a bad one keeps no other from being taken', async () => {
    const results = await report(
      'nonsense',
      record({ at: '2026-01-05T14:00:00Z' }),
      record({ dimension: 'hours' }),
      record({ quantity: -1 }),
      record({ at: '2026-01-05T13:00:00Z' }),
    );
    expect(results.map(({ index, code, status }) => [index, code ?? status])).toEqual([
      [0, 'invalid_record'],
      [1, 'accepted'],
      [2, 'dimension_not_metered'],
      [3, 'invalid_record'],
      [4, 'accepted'],
    ]);
    expect(results[3]!.detail).toContain('quantity');
    expect(await rows()).toHaveLength(2);
  });

  it('takes whole numbers from 0 to 2147483647, as numbers or text, and nothing else', async () => {
    const good = [0, 2_147_483_647, '0', '2147483647'].map((quantity, index) =>
      record({ quantity, at: `2026-01-05T1${index}:00:00Z` }),
    );
    expect(await codes(...good)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    const bad = [2_147_483_648, '2147483648', -1, '-1', 1.5, '1.5', '', ' 1', '1e3', null, true, Number.MAX_SAFE_INTEGER, [1]];
    expect(new Set(await codes(...bad.map((quantity) => record({ quantity }))))).toEqual(new Set(['invalid_record']));
    expect(await codes(record({ quantity: undefined }))).toEqual(['invalid_record']);
    expect(await rows()).toHaveLength(4);
  });

  it('takes instants with an offset or in seconds, and nothing else', async () => {
    expect(await codes(record({ at: '2026-01-05T16:20:00+02:00' }), record({ at: 1767618000 }))).toEqual([
      'accepted',
      'accepted',
    ]);
    const bad = ['2026-01-05', '2026-01-05T15:20:00', 'now', '', null, -1, 1e15, '1767618000'];
    expect(new Set(await codes(...bad.map((at) => record({ at }))))).toEqual(new Set(['invalid_record']));
  });

  it('takes usage of 24 whole hours back and five minutes ahead, and of a month until 06:00 on the 1st', async () => {
    await database.sql(`update api.subscription set started_at = '2026-01-01T00:00:00Z' where id = $1`, [shop.subscriptionId]);
    const at = (...instants: string[]) => codes(...instants.map((instant) => record({ at: instant })));
    expect(await at('2026-01-04T15:00:00Z', '2026-01-04T14:59:59Z', '2026-01-05T15:25:00Z', '2026-01-05T15:25:01Z')).toEqual([
      'accepted',
      'time_out_of_window',
      'accepted',
      'time_out_of_window',
    ]);
    clock.set('2026-02-01T05:59:59Z');
    expect(await at('2026-01-31T23:00:00Z')).toEqual(['accepted']);
    clock.set('2026-02-01T06:00:00Z');
    expect(await at('2026-01-31T22:00:00Z')).toEqual(['time_out_of_window']);
  });

  it('takes nothing of before a subscription began, and nothing long after it ended', async () => {
    await database.sql(`update api.subscription set started_at = '2026-01-05T10:30:00Z' where id = $1`, [shop.subscriptionId]);
    expect(await codes(record({ at: '2026-01-05T10:00:00Z' }), record({ at: '2026-01-05T09:59:59Z' }))).toEqual([
      'accepted',
      'time_out_of_window',
    ]);
    await database.sql(`update api.subscription set ended_at = '2026-01-05T15:30:00Z' where id = $1`, [shop.subscriptionId]);
    clock.set('2026-01-05T16:29:00Z');
    expect(await codes(record({ at: '2026-01-05T14:00:00Z' }), record({ at: '2026-01-05T16:10:00Z' }))).toEqual([
      'accepted',
      'subscription_ended',
    ]);
    clock.set('2026-01-05T16:31:00Z');
    expect(await codes(record({ at: '2026-01-05T13:00:00Z' }))).toEqual(['subscription_ended']);
  });

  it('keeps how a quantity divides, and refuses parts that do not', async () => {
    const part = (quantity: number | string, ...tags: Array<[string, string]>) => ({
      quantity,
      tags: tags.map(([key, value]) => ({ key, value })),
    });
    const allocations = [part(2, ['team', 'red']), part('3', ['team', 'blue'])];
    expect(await codes(record({ allocations }), record({ allocations: allocations.toReversed() }), record())).toEqual([
      'accepted',
      'repeated',
      'another_quantity',
    ]);
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((key): [string, string] => [key, '']);
    expect(
      await codes(
        record({ allocations: [part(4)] }),
        record({ allocations: [part(2, ['team', 'red']), part(3, ['team', 'red'])] }),
        record({ allocations: [part(5, ...six)] }),
        record({ allocations: [part(5, ['team', 'a\0b'])] }),
      ),
    ).toEqual(['invalid_allocations', 'invalid_allocations', 'invalid_tags', 'invalid_record']);
  });

  it('does not know what belongs to others, nor tells it from what is not there', async () => {
    const other = await subscribedMarketplace(database);
    const theirs = await machine(database, other);
    await database.sql('update launcher.instance set ec2_instance_id = $2 where id = $1', [
      theirs.instanceId,
      'i-00000000deadbeef0',
    ]);
    expect(
      await codes(
        record({ subscriptionId: other.subscriptionId }),
        record({ subscriptionId: newId() }),
        forCustomer({ licenseArn: other.licenseArn }),
        forCustomer({ licenseArn: 'arn:made:up' }),
        forCustomer({ productCode: other.productCode, customerIdentifier: other.customerIdentifier }),
        forCustomer({ productCode: 'nothing', customerIdentifier: 'nobody' }),
        forCustomer({ productCode: shop.productCode, customerIdentifier: other.customerIdentifier }),
        record({ instanceId: theirs.instanceId }),
        record({ instanceId: 'i-00000000deadbeef0' }),
        record({ instanceId: newId() }),
      ),
    ).toEqual([
      'subscription_not_found',
      'subscription_not_found',
      'subscription_not_found',
      'subscription_not_found',
      'product_not_found',
      'product_not_found',
      'subscription_not_found',
      'instance_not_found',
      'instance_not_found',
      'instance_not_found',
    ]);
    expect(await database.sql('select from metering.usage_record where subscription_id = $1', [other.subscriptionId])).toEqual(
      [],
    );
  });

  it('bills neither when two companies claim an AWS account', async () => {
    const other = await subscribedMarketplace(database);
    await database.sql('update api.subscription set product_id = $1, vendor_id = $2 where id = $3', [
      shop.productId,
      shop.vendorId,
      other.subscriptionId,
    ]);
    const byAccount = forCustomer({ productCode: shop.productCode, customerAwsAccountId: GLOBEX_AWS_ACCOUNT });
    expect(await codes(byAccount)).toEqual(['subscription_not_found']);
  });

  it('wants a subscription named in one way, and members that it knows', async () => {
    const { productCode, customerIdentifier, licenseArn } = shop;
    const bad = [
      forCustomer({}),
      record({ licenseArn }),
      forCustomer({ productCode }),
      forCustomer({ customerIdentifier }),
      forCustomer({ productCode, customerIdentifier, customerAwsAccountId: ACME_AWS_ACCOUNT }),
      record({ customerIdentifier }),
      record({ instanceID: 'i-0123456789abcdef0' }),
      record({ instanceId: 'mine' }),
      record({ dimension: '' }),
      forCustomer({ productCode: 'a\0b', customerIdentifier }),
    ];
    expect(new Set(await codes(...bad))).toEqual(new Set(['invalid_record']));
  });

  it('takes 1,000 records at once, and refuses none and 1,001', async () => {
    const machines = Array.from({ length: 50 }, () => newId());
    await database.sql(
      `insert into launcher.instance (id, subscription_id, buyer_id, vendor_id, product_id, version_id, region, instance_type, state, created_at)
       select unnest($1::uuid[]), $2, $3, $4, $5, $6, 'us-east-1', 't3.micro', 'healthy', '2026-01-04T09:00:00Z'`,
      [machines, shop.subscriptionId, shop.buyerId, shop.vendorId, shop.productId, shop.versionId],
    );
    await database.sql(`update api.subscription set started_at = '2026-01-04T09:00:00Z' where id = $1`, [shop.subscriptionId]);
    const thousand = machines.flatMap((instanceId) =>
      Array.from({ length: 20 }, (_, hour) =>
        record({ instanceId, at: new Date(clock.now().getTime() - hour * 3_600_000).toISOString() }),
      ),
    );
    const results = await report(...thousand);
    expect(results).toHaveLength(1000);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['accepted']));
    expect(await rows()).toHaveLength(1000);
    for (const wrong of [[], [...thousand, record()], undefined, {}])
      expect(await send(wrong)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('is for vendors', async () => {
    expect(await send([record()], { organizationId: shop.buyerId, kind: 'buyer' })).toMatchObject({ status: 403 });
    expect((await fetch(`${app.url}/v1/usage`, { method: 'POST', body: '{}' })).status).toBe(401);
  });
});
