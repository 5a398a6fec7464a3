/** Acme takes a tenth of what Globex's machines cost at the cloud. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { priceOf } from '#testing/prices.ts';
import { closed, invoices, lines, priced } from '../testing/prices.ts';
import { billingWorld, type World } from '../testing/world.ts';

describe('a share of infrastructure', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
    await world.app.settle();
    await priced(world, [priceOf('share', { model: 'infrastructure', basisPoints: 1_000n }, '%')]);
  });
  afterEach(() => world.close());

  const ran = async (from: string, to: string | null, seen = '2026-02-01T05:00:00Z'): Promise<string> => {
    const [id, { market }] = [newId(), world];
    await world.database.sql(
      `insert into launcher.instance (id, launch_id, version_id, subscription_id, buyer_id, vendor_id, product_id, region, instance_type, state, created_at, observed_at)
       values ($1, $1, $2, $3, $4, $5, $6, 'us-east-1', 't3.micro', 'healthy', $7, $8)`,
      [id, market.versionId, market.subscriptionId, market.buyerId, market.vendorId, market.productId, from, seen],
    );
    await world.database.sql(
      'insert into launcher.run_interval (instance_id, subscription_id, started_at, ended_at) values ($1, $2, $3, $4)',
      [id, market.subscriptionId, from, to],
    );
    return id;
  };
  const costs = (rate: string, from = '2026-01-01T00:00:00Z'): Promise<unknown> =>
    world.database.sql(
      `insert into launcher.infrastructure_price (region, kind, type, currency, rate, effective_from, source, imported_at)
       values ('us-east-1', 'instance', 't3.micro', 'usd', $1, $2, 'list', now())`,
      [rate, from],
    );

  it('is of what every machine ran, at the prices of the hours, and keeps the days that it is of', async () => {
    await costs('1');
    await costs('2', '2026-01-08T00:00:00Z');
    await ran('2026-01-06T00:00:00Z', '2026-01-08T12:00:00Z');
    await ran('2026-01-31T23:00:00Z', null);
    await closed(world, '2026-01');
    // 24 + 24 + 12 × 2 hours, and the last hour of the month at 2: 74.
    const [invoice] = await invoices(world);
    expect(lines(invoice)).toEqual(['share 1000: 740']);
    expect(invoice!.lines[0]).toMatchObject({
      unitSize: '10000',
      rate: null,
      parts: [{ label: '% of infrastructure', rate: '74' }],
    });
    const [charge] = await world.database.sql<{ costs: unknown }>('select costs from billing.charge');
    expect(charge!.costs).toEqual([
      { day: '2026-01-06', amount: '24' },
      { day: '2026-01-07', amount: '24' },
      { day: '2026-01-08', amount: '24' },
      { day: '2026-01-31', amount: '2' },
    ]);
  });

  it('waits for a price that is not known, and says which', async () => {
    await ran('2026-01-06T00:00:00Z', '2026-01-07T00:00:00Z');
    await world.metered('2026-02-01T00:00:00Z');
    world.moveTo('2026-02-01T06:00:00Z');
    await expect(world.app.settle()).rejects.toMatchObject({
      code: 'no_infrastructure_cost',
      detail: expect.stringContaining('t3.micro'),
    });
    await costs('1');
    await world.app.settle();
    expect(lines((await invoices(world))[0])).toEqual(['share 1000: 240']);
  });

  it('of a run that EC2 told of late is on the next invoice', async () => {
    await costs('1');
    const id = await ran('2026-01-06T00:00:00Z', '2026-01-07T00:00:00Z');
    await closed(world, '2026-01');
    await world.database.sql(`update launcher.run_interval set ended_at = '2026-01-07T10:00:00Z' where instance_id = $1`, [id]);
    await closed(world, '2026-02');
    expect((await invoices(world)).map((invoice) => lines(invoice))).toEqual([['share 1000: 240'], ['share 0: 100']]);
  });
});
