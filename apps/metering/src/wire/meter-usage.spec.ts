import {
  DuplicateRequestException,
  IdempotencyConflictException,
  InvalidProductCodeException,
  MeterUsageCommand,
  type MarketplaceMeteringClient,
  type MeterUsageCommandInput,
} from '@aws-sdk/client-marketplace-metering';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { RollUp } from '../rollup/roll-up.ts';
import { machine, meteringClient, vendorKey, type Machine } from '../testing/wire.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
let vault: Machine;
let client: MarketplaceMeteringClient;
const clock = new TestClock();

const meter = (input: Partial<MeterUsageCommandInput> = {}, from = client) =>
  from.send(
    new MeterUsageCommand({
      ProductCode: shop.productCode,
      Timestamp: clock.now(),
      UsageDimension: 'users',
      UsageQuantity: 5,
      ...input,
    }),
  );

const part = (AllocatedUsageQuantity: number, ...keys: string[]) => ({
  AllocatedUsageQuantity,
  Tags: keys.map((Key) => ({ Key, Value: 'x' })),
});

const rows = () =>
  database.sql<{ quantity: string; hour: Date; source_id: string; signed_by: string; record_id: string }>(
    'select * from metering.usage_record where subscription_id = $1 order by hour, dimension, source_id',
    [shop.subscriptionId],
  );

const named = (name: string) => expect.objectContaining({ name });

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
  shop = await subscribedMarketplace(database);
  vault = await machine(database, shop);
  client = meteringClient(app.url, vault.credentials);
});

describe('MeterUsage', () => {
  it('records what a machine used, once, under the hour and the machine', async () => {
    const { MeteringRecordId } = await meter();
    expect(await rows()).toMatchObject([
      {
        record_id: MeteringRecordId,
        quantity: '5',
        hour: new Date('2026-01-05T15:00:00Z'),
        source_id: vault.instanceId,
        signed_by: vault.credentials.accessKeyId,
      },
    ]);
  });

  it('answers a repeat in the same hour with the same record', async () => {
    const first = await meter();
    const again = await meter({ Timestamp: new Date('2026-01-05T15:00:00.789Z') });
    expect(again.MeteringRecordId).toBe(first.MeteringRecordId);
    expect(await rows()).toHaveLength(1);
  });

  it('refuses another quantity for the hour, and the first one stays', async () => {
    await meter();
    await expect(meter({ UsageQuantity: 6 })).rejects.toThrow(DuplicateRequestException);
    expect(await rows()).toMatchObject([{ quantity: '5' }]);
  });

  it('keeps two machines and two hours apart', async () => {
    const other = meteringClient(app.url, (await machine(database, shop)).credentials);
    const ids = [
      await meter(),
      await meter({ UsageQuantity: 7 }, other),
      await meter({ UsageQuantity: 8, Timestamp: new Date('2026-01-05T14:59:59Z') }),
    ];
    expect(new Set(ids.map(({ MeteringRecordId }) => MeteringRecordId)).size).toBe(3);
  });

  it('writes one row for 50 concurrent calls with the same key', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => meter()));
    expect(new Set(answers.map(({ MeteringRecordId }) => MeteringRecordId)).size).toBe(1);
    expect(await rows()).toHaveLength(1);
  });

  it('lets one of two different quantities win when they race', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map((UsageQuantity) => meter({ UsageQuantity })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await rows()).toHaveLength(1);
  });

  it('takes zero and the most there is, and nothing more or less', async () => {
    await meter({ UsageQuantity: 0 });
    await meter({ UsageQuantity: 2_147_483_647, Timestamp: new Date('2026-01-05T14:00:00Z') });
    expect((await rows()).map(({ quantity }) => quantity)).toEqual(['2147483647', '0']);
    await expect(meter({ UsageQuantity: 2_147_483_648 })).rejects.toThrow(named('ValidationException'));
    await expect(meter({ UsageQuantity: -1 })).rejects.toThrow(named('ValidationException'));
  });

  it('takes the quantity to be zero when none is given', async () => {
    await meter({ UsageQuantity: undefined });
    expect(await rows()).toMatchObject([{ quantity: '0' }]);
  });

  it.each(['ProductCode', 'Timestamp', 'UsageDimension'])('names %s when it is missing', async (member) => {
    await expect(meter({ [member]: undefined })).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationException', message: expect.stringContaining(member) }),
    );
  });

  it('looks back six hours from the start of this one, and five minutes ahead', async () => {
    await meter({ Timestamp: new Date('2026-01-05T09:00:00Z') });
    await meter({ Timestamp: new Date('2026-01-05T15:25:00Z') });
    const early = new Date('2026-01-05T08:59:59Z');
    await expect(meter({ Timestamp: early })).rejects.toThrow(named('TimestampOutOfBoundsException'));
    await expect(meter({ Timestamp: new Date('2026-01-05T15:25:01Z') })).rejects.toThrow(named('TimestampOutOfBoundsException'));
  });

  it('takes nothing from before the machine was launched', async () => {
    const young = await machine(database, shop, { createdAt: '2026-01-05T14:40:00Z' });
    const its = meteringClient(app.url, young.credentials);
    await meter({ Timestamp: new Date('2026-01-05T14:00:00Z') }, its);
    await expect(meter({ Timestamp: new Date('2026-01-05T13:59:59Z') }, its)).rejects.toThrow(
      named('TimestampOutOfBoundsException'),
    );
  });

  it('takes only dimensions that the subscription meters, never hours', async () => {
    await expect(meter({ UsageDimension: 'hours' })).rejects.toThrow(named('InvalidUsageDimensionException'));
    await expect(meter({ UsageDimension: 'gigabytes' })).rejects.toThrow(named('InvalidUsageDimensionException'));
  });

  it('takes only the product that the machine runs', async () => {
    const { productCode } = await subscribedMarketplace(database);
    await expect(meter({ ProductCode: productCode })).rejects.toThrow(InvalidProductCodeException);
    await expect(meter({ ProductCode: 'nosuchproduct' })).rejects.toThrow(InvalidProductCodeException);
  });

  it('takes only requests for the region that the machine runs in', async () => {
    await expect(meter({}, meteringClient(app.url, vault.credentials, 'eu-west-1'))).rejects.toThrow(
      named('InvalidEndpointRegionException'),
    );
  });

  it('takes usage for an hour after the end of the subscription', async () => {
    await database.sql("update api.subscription set ended_at = '2026-01-05T14:30:00Z' where id = $1", [shop.subscriptionId]);
    clock.set('2026-01-05T15:29:00Z');
    await meter({ Timestamp: new Date('2026-01-05T14:10:00Z') });
    clock.set('2026-01-05T15:31:00Z');
    await expect(meter({ Timestamp: new Date('2026-01-05T13:10:00Z') })).rejects.toThrow(named('CustomerNotEntitledException'));
  });

  it('says what a dry run would have done, and records nothing', async () => {
    await expect(meter({ DryRun: true })).rejects.toThrow(named('DryRunOperation'));
    const vendor = meteringClient(app.url, await vendorKey(database, shop.vendorId));
    await expect(meter({ DryRun: true }, vendor)).rejects.toThrow(named('UnauthorizedException'));
    await expect(meter({}, vendor)).rejects.toThrow(named('AccessDeniedException'));
    expect(await rows()).toHaveLength(0);
  });

  it('answers a repeated client token with the record it made, and refuses it for anything else', async () => {
    const first = await meter({ ClientToken: 'once' });
    expect((await meter({ ClientToken: 'once' })).MeteringRecordId).toBe(first.MeteringRecordId);
    await expect(meter({ ClientToken: 'once', UsageQuantity: 6 })).rejects.toThrow(IdempotencyConflictException);
    await expect(meter({ ClientToken: 'once', Timestamp: new Date('2026-01-05T14:00:00Z') })).rejects.toThrow(
      IdempotencyConflictException,
    );
    expect(await rows()).toHaveLength(1);
  });

  it('records one of two different requests that race with the same client token', async () => {
    const hours = ['2026-01-05T13:00:00Z', '2026-01-05T14:00:00Z', '2026-01-05T15:00:00Z'];
    const outcomes = await Promise.allSettled(hours.map((hour) => meter({ ClientToken: 'raced', Timestamp: new Date(hour) })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await rows()).toHaveLength(1);
  });

  it('checks how a quantity is divided', async () => {
    await meter({ UsageAllocations: [part(2, 'a'), part(3, 'b')] });
    await meter({ UsageAllocations: [part(3, 'b'), part(2, 'a')] });
    await expect(meter({ UsageAllocations: [part(3, 'a'), part(2, 'b')] })).rejects.toThrow(DuplicateRequestException);
    await expect(meter({ UsageAllocations: [part(2, 'a'), part(2, 'b')] })).rejects.toThrow(
      named('InvalidUsageAllocationsException'),
    );
    await expect(meter({ UsageAllocations: [part(5, 'a', 'b', 'c', 'd', 'e', 'f')] })).rejects.toThrow(
      named('InvalidTagException'),
    );
  });

  it('marks the day for the roll-up, in the transaction that wrote the record', async () => {
    await meter();
    await meter();
    await meter({ Timestamp: new Date('2026-01-05T14:00:00Z') });
    const dirty = await database.sql('select distinct day::text from metering.usage_dirty where subscription_id = $1', [
      shop.subscriptionId,
    ]);
    expect(dirty).toEqual([{ day: '2026-01-05' }]);
    expect(await app.nest.get(RollUp, { strict: false }).due()).toContain(shop.subscriptionId.slice(-1));
  });

  it('cannot change a record, whatever the code may try', async () => {
    await meter();
    const role = new Client({ connectionString: database.urlFor('metering') });
    await role.connect();
    await expect(role.query('update metering.usage_record set quantity = 1')).rejects.toThrow(/permission denied/);
    await expect(role.query('delete from metering.usage_record')).rejects.toThrow(/permission denied/);
    await role.end();
  });
});
