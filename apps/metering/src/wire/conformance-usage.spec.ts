/** What a report may say: quantities and how they are divided, who is meant, members that are absent, and limits that SDKs leave to us. */
import { BatchMeterUsageCommand, MeterUsageCommand } from '@aws-sdk/client-marketplace-metering';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GLOBEX_AWS_ACCOUNT } from '#testing/fixtures.ts';
import { saying } from '../testing/altered.ts';
import { bucket, meterUsage, refusal, wireWorld, type WireWorld } from '../testing/conformance.ts';
import { machine, meteringClient, vendorKey } from '../testing/wire.ts';

const MOST = 2_147_483_647;
const at = (time: string): Date => new Date(`2026-01-05T${time}Z`);
const seconds = (time: string): number => at(time).getTime() / 1000;
const buckets = (count: number) => Array.from({ length: count }, (_, index) => bucket(1, `tag ${index}`));

let world: WireWorld;

beforeAll(async () => {
  world = await wireWorld();
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.database?.sql(`update api.organization set "awsAccountId" = null`);
  await world.open({ at: '2026-01-01T00:00:00Z', now: '2026-01-05T15:20:00Z' });
});

describe('a quantity', () => {
  it('is 0 to 2³¹ − 1 in a batch too, and nothing beyond is recorded of it', async () => {
    const records = [world.record({ Quantity: 0 }), world.record({ Quantity: MOST, Timestamp: at('14:00:00') })];
    expect(await world.statuses(records)).toEqual(['Success', 'Success']);
    expect((await world.rows()).map(({ quantity }) => quantity)).toEqual([String(MOST), '0']);
    const { Timestamp } = world.record();
    for (const Quantity of [MOST + 1, -1, 1.5]) {
      const bad = world.record({ Quantity, Timestamp });
      const body = JSON.stringify({
        ProductCode: world.shop.productCode,
        UsageRecords: [{ ...bad, Timestamp: Timestamp!.getTime() / 1000 }],
      });
      const command = new BatchMeterUsageCommand({ ProductCode: world.shop.productCode, UsageRecords: [] });
      await expect(world.seller.send(saying(command, body))).rejects.toThrow(refusal('ValidationException'));
    }
    expect(await world.rows()).toHaveLength(2);
  });

  it('of 0 stays 0: a later report of more for the hour is a duplicate', async () => {
    await world.meter({ UsageQuantity: 0 });
    await expect(world.meter({ UsageQuantity: 1 })).rejects.toThrow(refusal('DuplicateRequestException'));
    await world.send([world.record({ Quantity: 0 })]);
    expect(await world.statuses([world.record({ Quantity: 1 })])).toEqual(['DuplicateRecord']);
  });

  it('may be divided among 2,500 buckets and not 2,501', async () => {
    await world.meter({ UsageQuantity: 2_500, UsageAllocations: buckets(2_500) });
    await expect(world.meter({ UsageQuantity: 2_501, UsageAllocations: buckets(2_501) })).rejects.toThrow(
      refusal('InvalidUsageAllocationsException'),
    );
    const kept = await world.database.sql(
      'select count(*)::int as count from metering.usage_allocation where subscription_id = $1',
      [world.shop.subscriptionId],
    );
    expect(kept).toEqual([{ count: 2_500 }]);
  });

  it.each([
    ['buckets that do not add up', [bucket(2, 'a'), bucket(2, 'b')], 'InvalidUsageAllocationsException'],
    ['the same tags twice', [bucket(2, 'a', 'b'), bucket(3, 'b', 'a')], 'InvalidUsageAllocationsException'],
    ['two buckets without tags', [bucket(2), bucket(3)], 'InvalidUsageAllocationsException'],
    ['six tags', [bucket(5, 'a', 'b', 'c', 'd', 'e', 'f')], 'InvalidTagException'],
    ['one key twice in a bucket', [bucket(5, 'a', 'a')], 'InvalidTagException'],
  ])('is refused with %s, alone and for the whole batch', async (_, UsageAllocations, name) => {
    await expect(world.meter({ UsageAllocations })).rejects.toThrow(refusal(name));
    const records = [world.record({ Timestamp: at('14:00:00') }), world.record({ UsageAllocations })];
    await expect(world.send(records)).rejects.toThrow(refusal(name));
    expect(await world.rows()).toEqual([]);
  });

  it('divided otherwise is another request, in a batch too', async () => {
    const divided = (...parts: number[]) =>
      world.record({ UsageAllocations: parts.map((part, index) => bucket(part, `k${index}`)) });
    expect(await world.statuses([divided(2, 3)])).toEqual(['Success']);
    expect(await world.statuses([divided(3, 2)])).toEqual(['DuplicateRecord']);
    expect(await world.statuses([divided(2, 3)])).toEqual(['Success']);
  });
});

describe('a customer and an hour', () => {
  const licensed = () => ({
    CustomerIdentifier: undefined,
    CustomerAWSAccountId: GLOBEX_AWS_ACCOUNT,
    LicenseArn: world.shop.licenseArn,
  });

  it('are one record by product code and by licence: another quantity by the other way is a duplicate', async () => {
    expect(await world.statuses([world.record()])).toEqual(['Success']);
    expect(await world.statuses([world.record({ ...licensed(), Quantity: 6 })], { ProductCode: undefined })).toEqual([
      'DuplicateRecord',
    ]);
    expect(await world.rows()).toMatchObject([{ quantity: '5' }]);
  });

  it('are one record in whichever region the vendor signs', async () => {
    const key = await vendorKey(world.database, world.shop.vendorId);
    const sent = await Promise.all(
      ['us-east-1', 'eu-west-1'].map((region) => world.send([world.record()], {}, meteringClient(world.app.url, key, region))),
    );
    expect(new Set(sent.map(({ Results }) => Results![0]!.MeteringRecordId)).size).toBe(1);
    expect(await world.rows()).toHaveLength(1);
  });

  it('are kept apart for machines of two regions', async () => {
    const abroad = await machine(world.database, world.shop, { region: 'eu-west-1', createdAt: '2026-01-01T00:00:00Z' });
    await world.meter();
    await world.meter({ UsageQuantity: 9 }, meteringClient(world.app.url, abroad.credentials, 'eu-west-1'));
    expect((await world.rows()).map(({ quantity }) => quantity).sort()).toEqual(['5', '9']);
  });

  it('go to the subscription that ran then, when the customer has ended one and begun another', async () => {
    const { shop } = world;
    await world.database.sql("update api.subscription set ended_at = '2026-01-05T14:50:00Z' where id = $1", [
      shop.subscriptionId,
    ]);
    const again = { id: crypto.randomUUID(), customerIdentifier: 'came back', licenseArn: `${shop.licenseArn}2` };
    await world.database.sql(
      `insert into api.subscription (id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, customer_identifier, license_arn, started_at)
       select $2, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, $3, $4, '2026-01-05T15:05:00Z'
         from api.subscription where id = $1`,
      [shop.subscriptionId, again.id, again.customerIdentifier, again.licenseArn],
    );
    const byAccount = (time: string) =>
      world.record({ CustomerIdentifier: undefined, CustomerAWSAccountId: GLOBEX_AWS_ACCOUNT, Timestamp: at(time) });
    expect(await world.statuses([byAccount('14:00:00'), byAccount('15:10:00')])).toEqual(['Success', 'Success']);
    const sources = await world.database.sql(
      'select subscription_id, hour from metering.usage_record where subscription_id = any($1) order by hour',
      [[shop.subscriptionId, again.id]],
    );
    expect(sources).toEqual([
      { subscription_id: shop.subscriptionId, hour: at('14:00:00') },
      { subscription_id: again.id, hour: at('15:00:00') },
    ]);
  });
});

describe('a request', () => {
  it('may have null where nothing is meant, and members that nobody knows', async () => {
    const { ProductCode, UsageDimension } = meterUsage(world).input;
    const body = {
      ProductCode,
      UsageDimension,
      Timestamp: seconds('15:00:00'),
      UsageQuantity: null,
      UsageAllocations: null,
      ClientToken: null,
      DryRun: null,
      FromTheFuture: { a: 1 },
    };
    await world.buyer.send(saying(new MeterUsageCommand(meterUsage(world).input), JSON.stringify(body)));
    const record = {
      CustomerIdentifier: world.shop.customerIdentifier,
      CustomerAWSAccountId: null,
      LicenseArn: null,
      Dimension: 'users',
      Timestamp: seconds('14:00:00'),
      UsageAllocations: [{ AllocatedUsageQuantity: 0, Tags: null }],
      FromTheFuture: true,
    };
    const batch = new BatchMeterUsageCommand({ ProductCode, UsageRecords: [] });
    const { Results } = await world.seller.send(saying(batch, JSON.stringify({ ProductCode, UsageRecords: [record] })));
    expect(Results).toMatchObject([{ Status: 'Success' }]);
    expect((await world.rows()).map(({ quantity }) => quantity)).toEqual(['0', '0']);
  });

  it('of more than a megabyte is refused, whatever it says', async () => {
    const UsageAllocations = Array.from({ length: 2_000 }, (_, index) => ({
      AllocatedUsageQuantity: 1,
      Tags: [{ Key: `tag ${index}`, Value: 'x'.repeat(256) }],
    }));
    const large = ['13:00:00', '14:00:00'].map((time) =>
      world.record({ Timestamp: at(time), Quantity: 2_000, UsageAllocations }),
    );
    expect(await world.statuses(large.slice(0, 1))).toEqual(['Success']);
    await expect(world.send(large)).rejects.toThrow(refusal('RequestEntityTooLargeException', 413));
    expect(await world.rows()).toHaveLength(1);
  });

  it('that is not JSON, or not an object, or lacks its records is refused', async () => {
    const sent = (body: string) =>
      world.seller.send(saying(new BatchMeterUsageCommand({ ProductCode: world.shop.productCode, UsageRecords: [] }), body));
    await expect(sent('{not json')).rejects.toThrow(refusal('SerializationException'));
    await expect(sent('')).rejects.toThrow(refusal('SerializationException'));
    for (const body of ['[]', 'null', '{}', '{"UsageRecords":null}', '{"UsageRecords":[null]}'])
      await expect(sent(body)).rejects.toThrow(refusal('ValidationException'));
  });
});
