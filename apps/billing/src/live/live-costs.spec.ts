/** Globex looks at what Vault costs it while it runs: Acme reports, machines run, and nothing has been summed up or closed yet. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseRate } from '#domain/money.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { subscribedMarketplace } from '#testing/fixtures.ts';
import { metered as perUnit, priceOf } from '#testing/prices.ts';
import { newId } from '#platform/ids.ts';
import { metering } from '../../../metering/src/metering.app.ts';
import { closed, invoices, priced } from '../testing/prices.ts';
import { billingWorld, type World } from '../testing/world.ts';
import type { AccruedPeriodView, LiveCostView } from './live-costs.schema.ts';

const SECONDS = priceOf(
  'running_seconds',
  { model: 'hourly', instanceType: null, rate: parseRate('3.6'), increment: 'second', minimumSeconds: 60, included: 0n },
  'hour',
);

describe('what has accrued', () => {
  let world: World;
  let meter: AppUnderTest;
  beforeAll(async () => {
    world = await billingWorld();
    meter = await startApp(metering, { database: world.database, clock: world.clock });
  });
  beforeEach(async () => {
    world.moveTo('2026-01-05T09:20:00Z');
    world.market = await subscribedMarketplace(world.database, {
      at: '2026-01-05T09:20:00Z',
      hourly: '0.0837',
      perUser: '0.333',
    });
    await world.database.sql('truncate launcher.infrastructure_price');
  });
  afterAll(async () => {
    await meter?.close();
    await world?.close();
  });

  const cost = async (): Promise<LiveCostView> => {
    const { status, body } = await world.as('buyer').get<LiveCostView>(`/v1/live-costs/${world.market.subscriptionId}`);
    expect([status, body]).toEqual([200, body]);
    return body;
  };
  const month = async (): Promise<AccruedPeriodView> => (await cost()).periods.at(-1)!;

  const report = async (at: string, quantity: number, allocations?: object[]): Promise<void> => {
    const headers = {
      ...(await asCaller({ organizationId: world.market.vendorId, kind: 'vendor' })),
      'content-type': 'application/json',
    };
    const records = [{ subscriptionId: world.market.subscriptionId, at, dimension: 'users', quantity, allocations }];
    const answer = await fetch(`${meter.url}/v1/usage`, { method: 'POST', headers, body: JSON.stringify({ records }) });
    expect(await answer.json()).toMatchObject({ results: [{ status: 'accepted' }] });
  };
  /** A machine of Globex's, as launcher saw it last. */
  const machine = async (from: string, seen: string, tags: Record<string, string> = {}): Promise<string> => {
    const [id, { market, database }] = [newId(), world];
    await database.sql(
      `insert into api.launch (id, subscription_id, buyer_id, version_id, region, instance_type, desired, created_at, desired_at, tags)
       values ($1, $2, $3, $4, 'us-east-1', 't3.micro', 'running', $5, $5, $6)`,
      [id, market.subscriptionId, market.buyerId, market.versionId, from, JSON.stringify(tags)],
    );
    await database.sql(
      `insert into launcher.instance (id, launch_id, version_id, subscription_id, buyer_id, vendor_id, product_id, region, instance_type, state, ec2_instance_id, created_at, launched_at, observed_at)
       values ($1::uuid, $1, $2, $3, $4, $5, $6, 'us-east-1', 't3.micro', 'healthy', 'i-' || $1::text, $7, $7, $8)`,
      [id, market.versionId, market.subscriptionId, market.buyerId, market.vendorId, market.productId, from, seen],
    );
    await database.sql('insert into launcher.run_interval (instance_id, subscription_id, started_at) values ($1, $2, $3)', [
      id,
      market.subscriptionId,
      from,
    ]);
    return id;
  };
  const seen = (at: string): Promise<unknown> => world.database.sql('update launcher.instance set observed_at = $1', [at]);

  it('is nothing at first, and has what was reported as soon as it was accepted', async () => {
    expect(await cost()).toMatchObject({
      asOf: '2026-01-05T09:20:00.000Z',
      periods: [{ from: '2026-01-05T09:20:00.000Z', to: '2026-01-05T09:20:00.000Z', software: { amount: '0', lines: [] } }],
    });
    await report('2026-01-05T09:10:00Z', 3);
    expect((await month()).software).toMatchObject({
      amount: '0.999',
      lines: [{ dimension: 'users', quantity: '3', rate: '0.333', amount: '0.999', priceVersionId: world.market.priceVersionId }],
    });
  });

  it('grows with each look at a machine, software and infrastructure apart, before an hour is recorded', async () => {
    await priced(world, [SECONDS, perUnit('users', '1')]);
    await world.database.sql(
      `insert into launcher.infrastructure_price (region, kind, type, currency, rate, effective_from, source, imported_at)
       values ('us-east-1', 'instance', 't3.micro', 'usd', '0.036', '2026-01-01T00:00:00Z', 'list', now())`,
    );
    world.moveTo('2026-01-05T10:02:00Z');
    const id = await machine('2026-01-05T10:00:00Z', '2026-01-05T10:01:40Z');
    await meter.settle();
    // 100 seconds so far, as it was seen 20 seconds ago.
    expect(await cost()).toMatchObject({
      asOf: '2026-01-05T10:01:40.000Z',
      periods: [
        {
          software: { amount: '0.1', lines: [{ dimension: 'running_seconds', quantity: '100', unitSize: '3600' }] },
          infrastructure: { currency: 'usd', amount: '0.001', unpricedSeconds: '0' },
          instances: [{ id, ec2InstanceId: `i-${id}`, instanceType: 't3.micro', software: '0.1', infrastructure: '0.001' }],
        },
      ],
    });
    world.moveTo('2026-01-05T10:02:30Z');
    await seen('2026-01-05T10:02:30Z');
    expect((await month()).software.amount).toBe('0.15');
    // Over the hour metering records it, and nothing is counted twice or gets lost.
    world.moveTo('2026-01-05T11:00:50Z');
    await seen('2026-01-05T11:00:50Z');
    const before = await month();
    await meter.settle();
    const recorded = await world.database.sql('select quantity::text from metering.usage_record where subscription_id = $1', [
      world.market.subscriptionId,
    ]);
    expect(recorded).toEqual([{ quantity: '3600' }]);
    expect(await month()).toEqual(before);
    expect(before.software.amount).toBe('3.65');
  });

  it('is divided by machine, dimension and tag, and each way sums to the whole', async () => {
    await priced(world, [SECONDS, perUnit('users', '1'), priceOf('fee', { model: 'flat', rate: parseRate('7') })]);
    world.moveTo('2026-01-05T12:00:00Z');
    const shop = await machine('2026-01-05T11:00:00Z', '2026-01-05T11:30:00Z', { team: 'shop' });
    const lab = await machine('2026-01-05T11:00:00Z', '2026-01-05T11:10:00Z', { team: 'lab' });
    await report('2026-01-05T11:10:00Z', 5, [
      { quantity: 3, tags: [{ key: 'team', value: 'shop' }] },
      { quantity: 2, tags: [] },
    ]);
    const { software, instances, tags, infrastructure } = await month();
    expect(software.amount).toBe('14.4');
    // The price of a t3.micro is not known: said, and not taken for nothing.
    expect(infrastructure).toMatchObject({ amount: '0', unpricedSeconds: '2400' });
    expect(instances).toMatchObject([
      { id: shop, software: '1.8', dimensions: { running_seconds: '1.8' } },
      { id: lab, software: '0.6', dimensions: { running_seconds: '0.6' } },
      { id: null, software: '12', dimensions: { users: '5', fee: '7' } },
    ]);
    expect(tags).toEqual([
      { key: 'team', value: 'lab', software: '0.6', infrastructure: '0' },
      { key: 'team', value: 'shop', software: '4.8', infrastructure: '0' },
      { key: 'team', value: null, software: '9', infrastructure: '0' },
    ]);
  });

  it('is seen by its buyer and by operators, and is not there for anybody else', async () => {
    const path = `/v1/live-costs/${world.market.subscriptionId}`;
    expect((await world.as('operator').get(path)).status).toBe(200);
    expect((await world.as('buyer', newId()).get(path)).status).toBe(404);
    expect((await world.as('vendor').get(path)).status).toBe(403);
    expect((await world.as('buyer').get('/v1/live-costs/none')).status).toBe(400);
  });

  it('is what the invoice says once the month is closed, and is then no longer here', async () => {
    await world.app.settle();
    await priced(world, [perUnit('users', '0.333'), priceOf('support', { model: 'monthly', rate: parseRate('31') }, 'month')], {
      minimumSpend: '62',
    });
    await report('2026-01-05T09:10:00Z', 40);
    world.moveTo('2026-02-01T00:30:00Z');
    await meter.settle();
    const { periods } = await cost();
    expect(periods.map(({ from, to }) => `${from} ${to}`)).toEqual([
      '2026-01-05T09:20:00.000Z 2026-02-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z 2026-02-01T00:30:00.000Z',
    ]);
    await closed(world, '2026-01');
    const [invoice] = await invoices(world);
    // To a cent for each of the three lines.
    expect(Math.abs(Number(periods[0]!.software.amount) * 100 - Number(invoice!.totalMinor))).toBeLessThan(2);
    expect((await cost()).periods.map(({ from }) => from)).toEqual(['2026-02-01T00:00:00.000Z']);
  });
});
