/** A marketplace on a metering app of its own, for specs that go through the wire's rules with the official SDKs. */
import {
  BatchMeterUsageCommand,
  MeterUsageCommand,
  type BatchMeterUsageCommandInput,
  type BatchMeterUsageCommandOutput,
  type MarketplaceMeteringClient,
  type MeterUsageCommandInput,
  type MeterUsageCommandOutput,
  type UsageAllocation,
  type UsageRecord,
} from '@aws-sdk/client-marketplace-metering';
import { expect } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { machine, meteringClient, vendorKey, type Machine } from './wire.ts';

export interface WireWorld {
  database: TestDatabase;
  app: AppUnderTest;
  clock: TestClock;
  /** Of the spec that runs now. */
  shop: Marketplace;
  vault: Machine;
  /** Acme's programs and Globex's machine; they do not try again. */
  seller: MarketplaceMeteringClient;
  buyer: MarketplaceMeteringClient;
  /** Another subscription with a machine, both begun at an instant, and the clock put to `now`. */
  open(options: { at: string; now: string }): Promise<void>;
  /** Five users in the present hour, unless said otherwise. */
  meter(input?: Partial<MeterUsageCommandInput>, from?: MarketplaceMeteringClient): Promise<MeterUsageCommandOutput>;
  record(given?: Partial<UsageRecord>): UsageRecord;
  send(
    records: UsageRecord[],
    given?: Partial<BatchMeterUsageCommandInput>,
    from?: MarketplaceMeteringClient,
  ): Promise<BatchMeterUsageCommandOutput>;
  /** `'Success'`, … in the order of the records. */
  statuses(records: UsageRecord[], given?: Partial<BatchMeterUsageCommandInput>): Promise<string[]>;
  rows(): Promise<Array<{ hour: Date; quantity: string; source_id: string }>>;
  close(): Promise<void>;
}

/** @param settings of metering's, as environment variables. */
export async function wireWorld(settings: Record<string, string> = {}): Promise<WireWorld> {
  const clock = new TestClock();
  const database = await createTestDatabase();
  const app = await startApp(metering, { database, clock, settings });
  const world: WireWorld = {
    database,
    app,
    clock,
    shop: undefined as unknown as Marketplace,
    vault: undefined as unknown as Machine,
    seller: undefined as unknown as MarketplaceMeteringClient,
    buyer: undefined as unknown as MarketplaceMeteringClient,
    async open({ at, now }) {
      clock.set(now);
      world.shop = await subscribedMarketplace(database, { at });
      world.vault = await machine(database, world.shop, { createdAt: at });
      world.seller = meteringClient(app.url, await vendorKey(database, world.shop.vendorId));
      world.buyer = meteringClient(app.url, world.vault.credentials);
    },
    meter: (input = {}, from = world.buyer) => from.send(meterUsage(world, input)),
    record: (given = {}) => ({
      Timestamp: clock.now(),
      CustomerIdentifier: world.shop.customerIdentifier,
      Dimension: 'users',
      Quantity: 5,
      ...given,
    }),
    send: (UsageRecords, given = {}, from = world.seller) =>
      from.send(new BatchMeterUsageCommand({ ProductCode: world.shop.productCode, UsageRecords, ...given })),
    statuses: async (records, given) => (await world.send(records, given)).Results!.map(({ Status }) => Status!),
    rows: () =>
      database.sql(
        'select hour, quantity, source_id from metering.usage_record where subscription_id = $1 order by hour, source_id',
        [world.shop.subscriptionId],
      ),
    async close() {
      await app.close();
      await database.drop();
    },
  };
  return world;
}

export const meterUsage = ({ shop, clock }: WireWorld, input: Partial<MeterUsageCommandInput> = {}): MeterUsageCommand =>
  new MeterUsageCommand({
    ProductCode: shop.productCode,
    Timestamp: clock.now(),
    UsageDimension: 'users',
    UsageQuantity: 5,
    ...input,
  });

/** A part of a quantity with tags of these keys. */
export const bucket = (AllocatedUsageQuantity: number, ...keys: string[]): UsageAllocation => ({
  AllocatedUsageQuantity,
  Tags: keys.map((Key) => ({ Key, Value: 'x' })),
});

/** The error of the service model by this name, which the SDKs throw. */
export const refusal = (name: string, status = 400): unknown =>
  expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) });
