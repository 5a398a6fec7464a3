/**
 * Two copies of metering behind a balancer, on a PostgreSQL with its default durability, under a seeded load while things break:
 * whatever was acknowledged is there once, whatever is there was sent, the sums are right, nobody gave up.
 */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hourOf } from '#domain/usage.ts';
import { newId } from '#platform/ids.ts';
import { DIMENSIONS, openShop } from '../../bench/metering/marketplace.ts';
import { signedRequest } from '../../bench/metering/wire-load.ts';
import { Place } from './place.ts';
import { FAULTS } from './runs.ts';
import { seeded, tryOnce, Workload } from './workload.ts';

const SECONDS_EACH = 2.5;
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
let place: Place;

beforeAll(async () => {
  place = await Place.open();
});

afterAll(() => place?.close());

const hour = (): number => hourOf(new Date()).getTime() / 1000;

describe(`two copies of metering, FAULT_SEED=${seed}`, () => {
  it('lose nothing and do nothing twice, whatever is killed, restarted, cut off or lost', { timeout: 120_000 }, async () => {
    const workload = new Workload(place.shop, place.front.port, seeded(seed));
    const running = workload.run(16);
    const random = seeded(seed + 1);
    const injected: Record<string, number> = {};
    for (const [fault, breakIt] of Object.entries(FAULTS)) {
      const until = Date.now() + SECONDS_EACH * 1000;
      injected[fault] = await breakIt(place, { random, isOver: () => Date.now() > until });
    }
    workload.stop();
    await running;
    expect(await place.violations(workload)).toEqual([]);
    expect(Object.values(injected).every((count) => count > 0)).toBe(true);
    expect(workload.acknowledged.size).toBeGreaterThan(200);
    expect(workload.repeats).toBeGreaterThan(0);
    // Slow answers of 3 s and connections that went silent are waited for 10 s at most.
    expect(Math.max(...workload.latencies)).toBeLessThan(20_000);
  });

  it('answer a storm of one report with one record, or ask to come again', { timeout: 60_000 }, async () => {
    const machine = place.shop.machines[0]!;
    const report = {
      ProductCode: place.shop.productCode,
      Timestamp: hour() - 4 * 3600,
      UsageDimension: DIMENSIONS[30],
      UsageQuantity: 7,
    };
    const answers = await Promise.all(
      Array.from({ length: 2_000 }, () =>
        tryOnce(place.front.port, signedRequest(place.front.port, 'MeterUsage', { ...report, ClientToken: newId() }, machine)),
      ),
    );
    const kinds = new Set(
      answers.map(({ status, body }) => (status === 200 ? String(body.MeteringRecordId) : String(body.__type))),
    );
    kinds.delete('ThrottlingException');
    expect(kinds.size).toBe(1);
    const rows = await place.sql<{ record_id: string }>(
      'select record_id from metering.usage_record where source_id = $1 and dimension = $2',
      [machine.instanceId, DIMENSIONS[30]],
    );
    expect(rows.map((row) => row.record_id)).toEqual([...kinds]);
  });

  it('know a conflict and a client token that another copy has seen', async () => {
    const machine = place.shop.machines[1]!;
    const send = (body: object) =>
      tryOnce(
        place.front.port,
        signedRequest(place.front.port, 'MeterUsage', { ProductCode: place.shop.productCode, ...body }, machine),
      );
    const report = { Timestamp: hour(), UsageDimension: DIMENSIONS[31], UsageQuantity: 7, ClientToken: newId() };
    const [first, second] = [await send(report), await send(report)];
    expect(first).toMatchObject({ status: 200 });
    expect(second.body).toEqual(first.body);
    for (let copy = 0; copy < 2; copy += 1) {
      expect(await send({ ...report, UsageQuantity: 8, ClientToken: newId() })).toMatchObject({
        body: { __type: 'DuplicateRequestException' },
      });
      expect(await send({ ...report, UsageDimension: DIMENSIONS[32] })).toMatchObject({
        body: { __type: 'IdempotencyConflictException' },
      });
    }
  });

  it('keep vendors apart, and refuse a revoked key within seconds', { timeout: 30_000 }, async () => {
    const other = await openShop(place.ownerUrl, { customers: 1, machines: 1 });
    const batch = (productCode: string) =>
      tryOnce(
        place.front.port,
        signedRequest(
          place.front.port,
          'BatchMeterUsage',
          {
            ProductCode: productCode,
            UsageRecords: [
              {
                Timestamp: hour(),
                CustomerIdentifier: place.shop.customers[0]!.customerIdentifier,
                Dimension: DIMENSIONS[33],
                Quantity: 7,
              },
            ],
          },
          other.vendor,
        ),
      );
    expect(await batch(place.shop.productCode)).toMatchObject({ status: 400, body: { __type: 'InvalidProductCodeException' } });
    expect(await batch(other.productCode)).toMatchObject({
      status: 200,
      body: { Results: [{ Status: 'CustomerNotSubscribed' }] },
    });
    await place.sql('update api.vendor_key set revoked_at = now() where access_key_id = $1', [other.vendor.accessKeyId]);
    // Twice in a row, since the two copies answer in turn.
    const isRefused = async (): Promise<boolean> => {
      const answers = [await batch(other.productCode), await batch(other.productCode)];
      return answers.every(({ body }) => body.__type === 'UnrecognizedClientException');
    };
    await expect.poll(isRefused, { timeout: 8_000, interval: 500 }).toBe(true);
  });

  it('sum what no machine number holds', { timeout: 30_000 }, async () => {
    const { subscriptionId } = place.shop.customers[2]!;
    const client = new Client({ connectionString: place.ownerUrl });
    await client.connect();
    const most = 2n ** 62n;
    await client.query('begin');
    for (const key of ['one', 'two', 'three'])
      await client.query(
        `insert into metering.usage_adjustment (subscription_id, id, hour, dimension, delta, reason, requested_by, approved_by, idem_key, created_at)
         values ($1, $2, now(), 'more', $3, 'much', 'acme', 'globex', $4, now())`,
        [subscriptionId, newId(), String(most), key],
      );
    await client.query(
      `insert into metering.usage_dirty (subscription_id, day, mark) values ($1, (now() at time zone 'UTC')::date, $2)`,
      [subscriptionId, newId()],
    );
    await client.query('commit');
    const sum = async (): Promise<unknown> =>
      (
        await client.query(`select quantity from metering.usage_rollup where subscription_id = $1 and dimension = 'more'`, [
          subscriptionId,
        ])
      ).rows;
    await expect.poll(sum, { timeout: 20_000, interval: 200 }).toEqual([{ quantity: String(3n * most) }]);
    await client.end();
  });
});
