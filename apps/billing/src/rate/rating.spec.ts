/** Periods tile a subscription's life; what was used in them becomes charges, at the price of the day. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { billingWorld, type World } from '../testing/world.ts';

describe('rating', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
  });
  afterEach(() => world.close());

  const periods = async (): Promise<string[]> =>
    (
      await world.database.sql<{ starts_at: Date; ends_at: Date }>(
        'select starts_at, ends_at from billing.period order by starts_at',
      )
    ).map(({ starts_at: from, ends_at: to }) => `${from.toISOString()} ${to.toISOString()}`);
  const charges = (): Promise<unknown[]> =>
    world.database.sql(
      'select dimension, quantity::text, trim_scale(rate)::text as rate, trim_scale(quantity * rate / unit_size)::text as amount from billing.charge order by dimension, rate::numeric',
    );

  it('opens a period for each month that the subscription has lived in, and one more when another begins', async () => {
    world.moveTo('2026-03-10T00:00:00Z');
    await world.app.settle();
    await world.app.settle();
    expect(await periods()).toEqual([
      '2026-01-05T09:20:00.000Z 2026-02-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z 2026-03-01T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z 2026-04-01T00:00:00.000Z',
    ]);
    world.moveTo('2026-04-01T00:00:00Z');
    await world.app.settle();
    expect(await periods()).toHaveLength(4);
  });

  it('opens none after the month in which the subscription ended', async () => {
    await world.database.sql(`update api.subscription set ended_at = '2026-02-14T12:00:00Z'`);
    world.moveTo('2026-06-10T00:00:00Z');
    await world.app.settle();
    expect(await periods()).toHaveLength(2);
    expect(await world.stage('billing.open-period').due()).toEqual([]);
  });

  it('lets no two periods of a subscription overlap: the database refuses', async () => {
    await world.app.settle();
    await expect(
      world.database.sql(
        `insert into billing.period select gen_random_uuid(), subscription_id, buyer_id, currency, ends_at - interval '1 second', ends_at + interval '1 day', 'open', null from billing.period`,
      ),
    ).rejects.toThrow('exclusion constraint');
  });

  it('charges each day at the price of that day, and says so on two lines', async () => {
    await world.app.settle();
    const id = newId();
    await world.database.sql(
      `insert into api.price_version (id, offer_id, effective_from, notice_given_at, created_at)
       values ($1, $2, '2026-01-21T00:00:00Z', '2026-01-20T13:00:00Z', '2026-01-20T13:00:00Z')`,
      [id, world.market.offerId],
    );
    await world.database.sql(
      `insert into api.price select $1, dimension, model, description, unit, rate * 2 from api.price where price_version_id = $2`,
      [id, world.market.priceVersionId],
    );
    await world.used('2026-01-05', 'users', 5n);
    await world.used('2026-01-20', 'users', 5n);
    await world.used('2026-01-21', 'users', 5n);
    await world.metered('2026-02-01T00:00:00Z');
    world.moveTo('2026-02-01T06:00:00Z');
    await world.app.settle();
    expect(await charges()).toEqual([
      { dimension: 'users', quantity: '10', rate: '0.333', amount: '3.33' },
      { dimension: 'users', quantity: '5', rate: '0.666', amount: '3.33' },
    ]);
  });

  it('stops at days whose corrections take back more than was used', async () => {
    await world.january();
    await world.used('2026-01-25', 'users', -24n);
    await expect(world.app.settle()).rejects.toMatchObject({ code: 'negative_quantity' });
    expect(await charges()).toEqual([]);
    await world.used('2026-01-26', 'users', 4n);
    await world.app.settle();
    expect(await charges()).toMatchObject([
      { dimension: 'hours', quantity: '370' },
      { dimension: 'users', quantity: '3', amount: '0.999' },
    ]);
  });

  it('waits for machines that outlive their subscription', async () => {
    await world.january();
    await world.database.sql(`update api.subscription set ended_at = '2026-01-31T22:10:00Z'`);
    await world.metered('2026-01-31T23:00:00Z');
    await world.app.settle();
    expect(await charges()).toEqual([]);
    await world.metered('infinity');
    await world.app.settle();
    expect(await charges()).toHaveLength(2);
  });

  it('charges seconds as the part of an hour that they are, rounded once, and says so on the line', async () => {
    await world.app.settle();
    await world.database.sql(
      `update api.price set dimension = 'running_seconds', rate = 0.25, increment = 'second', minimum_seconds = 60 where model = 'hourly'`,
    );
    // 73 h 12 min 5 s: 18.30034722… USD.
    await world.used('2026-01-05', 'running_seconds', 50_400n);
    await world.used('2026-01-06', 'running_seconds', 213_125n);
    await world.metered('2026-02-01T00:00:00Z');
    world.moveTo('2026-02-01T06:00:00Z');
    await world.app.settle();
    const { body: list } = await world.as('buyer').get<{ items: Array<{ id: string; totalMinor: string }> }>('/v1/invoices');
    expect(list.items).toMatchObject([{ totalMinor: '1830' }]);
    const { body: invoice } = await world.as('buyer').get(`/v1/invoices/${list.items[0]!.id}`);
    expect(invoice).toMatchObject({
      lines: [{ quantity: '263525', unitSize: '3600', unit: 'hour', rate: '0.25', amountMinor: '1830' }],
    });
  });

  it('sums past what a number holds', async () => {
    await world.app.settle();
    await world.used('2026-01-06', 'users', 2n ** 53n + 1n);
    await world.used('2026-01-07', 'users', 2n ** 60n);
    await world.metered('2026-02-01T00:00:00Z');
    world.moveTo('2026-02-01T06:00:00Z');
    const [period] = await world.database.sql<{ id: string }>('select id from billing.period');
    await world.stage('billing.rate-period').work(period!.id);
    expect(await charges()).toMatchObject([{ quantity: String(2n ** 53n + 1n + 2n ** 60n) }]);
  });

  it('makes no invoice of a month without use, and does not come back to it', async () => {
    await world.app.settle();
    await world.metered('2026-02-01T00:00:00Z');
    world.moveTo('2026-02-01T06:00:00Z');
    await world.app.settle();
    expect((await world.as('buyer').get('/v1/invoices')).body).toEqual({ items: [] });
    expect(await world.stage('billing.close-period').due()).toEqual([]);
  });

  it('waits with the invoice until every subscription of the buyer is rated', async () => {
    const other = newId();
    await world.database.sql(
      `insert into api.product select $1, vendor_id, repeat('z', 25), 'Acme Ledger', created_at from api.product where id = $2`,
      [other, world.market.productId],
    );
    const second = newId();
    await world.database.sql(
      `insert into api.subscription (id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, customer_identifier, license_arn, started_at)
       select $1, buyer_id, vendor_id, $2, offer_id, price_version_id, currency, terms_sha256, 'second', 'arn:second', started_at from api.subscription`,
      [second, other],
    );
    await world.january();
    await world.app.settle();
    expect((await world.as('buyer').get('/v1/invoices')).body).toEqual({ items: [] });
    await world.used('2026-01-08', 'users', 1n, second);
    await world.metered('2026-02-01T00:00:00Z', second);
    await world.app.settle();
    expect((await world.as('buyer').get('/v1/invoices')).body).toMatchObject({ items: [{ totalMinor: String(3863 + 33) }] });
  });
});
