/** Two months of Acme's business with Globex and Initech, told to each side, with numbers that were worked out by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asCaller } from '#testing/app.ts';
import { newId } from '#platform/ids.ts';
import { billingWorld, type World } from '../testing/world.ts';

const RANGE = 'from=2026-01&to=2026-02';

describe('reports', () => {
  let world: World;
  let initech: { buyerId: string; subscriptionId: string };

  const items = async (who: 'buyer' | 'vendor' | 'operator', path: string, organizationId?: string): Promise<unknown[]> => {
    const answer = await world.as(who, organizationId).get<{ items: unknown[] }>(`/v1/reports/${path}`);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body.items;
  };

  /** A machine of Globex's that ran on 6 January, so many hours from midnight. */
  async function ran(team: string | null, hours: number): Promise<void> {
    const id = newId();
    const { market, database } = world;
    await database.sql(
      `insert into api.launch (id, subscription_id, buyer_id, version_id, region, instance_type, desired, created_at, desired_at, tags)
       values ($1, $2, $3, $4, 'us-east-1', 't3.micro', 'terminated', $5, $5, $6)`,
      [
        id,
        market.subscriptionId,
        market.buyerId,
        market.versionId,
        world.clock.now(),
        team === null ? '{}' : JSON.stringify({ team }),
      ],
    );
    await database.sql(
      `insert into launcher.instance (id, launch_id, version_id, subscription_id, buyer_id, vendor_id, product_id, region, instance_type, state, created_at)
       values ($1, $1, $2, $3, $4, $5, $6, 'us-east-1', 't3.micro', 'terminated', $7)`,
      [id, market.versionId, market.subscriptionId, market.buyerId, market.vendorId, market.productId, world.clock.now()],
    );
    await database.sql(
      `insert into launcher.run_interval (instance_id, started_at, subscription_id, ended_at)
       values ($1, '2026-01-06T00:00:00Z', $2, '2026-01-06T00:00:00Z'::timestamptz + $3 * interval '1 hour')`,
      [id, market.subscriptionId, hours],
    );
  }

  beforeAll(async () => {
    world = await billingWorld();
    initech = await world.initech();
    await ran('red', 6);
    await ran('blue', 18);
    await world.january();
    // 10 users × 0.333 = 3.33 of Initech, which ends in March; 30 users = 9.99 of Globex in February.
    await world.used('2026-01-10', 'users', 10n, initech.subscriptionId);
    await world.metered('infinity', initech.subscriptionId);
    await world.app.settle();
    await world.database.sql(`update api.subscription set ended_at = '2026-03-01T03:00:00Z' where id = $1`, [
      initech.subscriptionId,
    ]);
    await world.used('2026-02-10', 'users', 30n);
    await world.metered('2026-03-01T00:00:00Z');
    world.moveTo('2026-03-01T06:10:00Z');
    await world.app.settle();
  });
  afterAll(() => world.close());

  it('tell Acme what it sold, what the fees were, and what is its own', async () => {
    const row = { product: 'Acme Vault', currency: 'usd', returnedMinor: '0', releasedMinor: '0' };
    expect(await items('vendor', `revenue?${RANGE}`)).toEqual([
      { month: '2026-01', ...row, invoices: 2, amountMinor: '4196', feeMinor: '839', vendorMinor: '3357', keptMinor: '3357' },
      { month: '2026-02', ...row, invoices: 1, amountMinor: '999', feeMinor: '200', vendorMinor: '799', keptMinor: '799' },
    ]);
  });

  it('tell Acme what was used, by whom, and who came and went', async () => {
    const row = { product: 'Acme Vault', unitSize: '1' };
    expect(await items('vendor', `usage?${RANGE}`)).toEqual([
      { month: '2026-01', ...row, dimension: 'hours', unit: 'hour', quantity: '370', customers: 1 },
      { month: '2026-01', ...row, dimension: 'users', unit: 'user', quantity: '33', customers: 2 },
      { month: '2026-02', ...row, dimension: 'users', unit: 'user', quantity: '30', customers: 1 },
    ]);
    expect(await items('vendor', 'customers')).toEqual(
      expect.arrayContaining([
        {
          customer: 'Globex',
          product: 'Acme Vault',
          currency: 'usd',
          since: '2026-01-05T09:20:00.000Z',
          endedAt: null,
          invoicedMinor: '4862',
          vendorMinor: '3890',
          lastInvoicedAt: '2026-03-01T06:10:00.000Z',
        },
        expect.objectContaining({
          customer: 'Initech',
          endedAt: '2026-03-01T03:00:00.000Z',
          invoicedMinor: '333',
          vendorMinor: '266',
        }),
      ]),
    );
    expect(await items('vendor', 'churn?from=2026-01&to=2026-03')).toEqual([
      { month: '2026-01', subscriptionsAtStart: 0, started: 2, ended: 0, subscriptionsAtEnd: 2, churnBasisPoints: null },
      { month: '2026-02', subscriptionsAtStart: 2, started: 0, ended: 0, subscriptionsAtEnd: 2, churnBasisPoints: 0 },
      { month: '2026-03', subscriptionsAtStart: 2, started: 0, ended: 1, subscriptionsAtEnd: 1, churnBasisPoints: 5000 },
    ]);
  });

  it('expect of the present month what the months before were, in proportion to who is left', async () => {
    expect(await items('vendor', 'forecast')).toEqual([
      {
        month: '2026-03',
        product: 'Acme Vault',
        currency: 'usd',
        months: 2,
        averageMinor: '2078',
        subscriptionsThen: 2,
        subscriptionsNow: 1,
        forecastMinor: '1039',
      },
    ]);
  });

  it('tell the operator volume and take, and what buyers owe by its age', async () => {
    const row = { currency: 'usd', discountMinor: '0', creditMinor: '0', returnedMinor: '0' };
    expect(await items('operator', `volume?${RANGE}`)).toEqual([
      { month: '2026-01', ...row, buyers: 2, invoices: 2, volumeMinor: '4196', takeMinor: '839', takeBasisPoints: 2000 },
      { month: '2026-02', ...row, buyers: 1, invoices: 1, volumeMinor: '999', takeMinor: '200', takeBasisPoints: 2002 },
    ]);
    const none = { currency: 'usd', upTo60DaysMinor: '0', upTo90DaysMinor: '0', olderMinor: '0' };
    expect(await items('operator', 'receivables')).toEqual([
      { buyer: 'Globex', ...none, notDueMinor: '999', upTo30DaysMinor: '3863', totalMinor: '4862' },
      { buyer: 'Initech', ...none, notDueMinor: '0', upTo30DaysMinor: '333', totalMinor: '333' },
    ]);
    expect((await world.balances()).buyer_receivable).toBe(5195n);
  });

  it('tell Globex its cost by product, by day and by tag, and the parts sum to its invoices', async () => {
    const row = { product: 'Acme Vault', currency: 'usd' };
    expect(await items('buyer', `cost-by-product?${RANGE}`)).toEqual([
      { month: '2026-01', ...row, vendor: 'Acme', amountMinor: '3863' },
      { month: '2026-02', ...row, vendor: 'Acme', amountMinor: '999' },
    ]);
    expect(await items('buyer', `cost-by-day?${RANGE}`)).toEqual([
      { day: '2026-01-05', ...row, dimension: 'hours', amountMinor: '126' },
      { day: '2026-01-05', ...row, dimension: 'users', amountMinor: '233' },
      { day: '2026-01-06', ...row, dimension: 'hours', amountMinor: '2971' },
      { day: '2026-01-07', ...row, dimension: 'users', amountMinor: '533' },
      { day: '2026-02-10', ...row, dimension: 'users', amountMinor: '999' },
    ]);
    expect(await items('buyer', `cost-by-tag?${RANGE}&tag=team`)).toEqual([
      { month: '2026-01', value: 'blue', ...row, amountMinor: '2323' },
      { month: '2026-01', value: 'red', ...row, amountMinor: '774' },
      { month: '2026-01', value: null, ...row, amountMinor: '766' },
      { month: '2026-02', value: null, ...row, amountMinor: '999' },
    ]);
    expect(await items('buyer', `cost-by-tag?from=2026-01&to=2026-01&tag=nobody`)).toMatchObject([
      { value: null, amountMinor: '3863' },
    ]);
    expect(await items('buyer', `cost-by-product?${RANGE}`, initech.buyerId)).toMatchObject([{ amountMinor: '333' }]);
  });

  it('come as CSV with amounts in major units', async () => {
    const headers = await asCaller({ kind: 'vendor', organizationId: world.market.vendorId });
    const response = await fetch(`${world.app.url}/v1/reports/revenue?${RANGE}&format=csv`, { headers });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(await response.text()).toBe(
      'month,product,currency,invoices,amount,fee,vendor,returned,kept,released\r\n' +
        '2026-01,Acme Vault,usd,2,41.96,8.39,33.57,0.00,33.57,0.00\r\n2026-02,Acme Vault,usd,1,9.99,2.00,7.99,0.00,7.99,0.00\r\n',
    );
  });

  it('are for those whose business it is, and of a range that can be read', async () => {
    const stranger = '0190f0f0-0000-7000-8000-000000000000';
    expect(await items('vendor', `revenue?${RANGE}`, stranger)).toEqual([]);
    expect(await items('buyer', `cost-by-day?${RANGE}`, stranger)).toEqual([]);
    for (const path of [`revenue?${RANGE}`, 'customers', `volume?${RANGE}`, 'receivables'])
      expect((await world.as('buyer').get(`/v1/reports/${path}`)).status).toBe(403);
    for (const path of [
      'revenue',
      'revenue?from=2026-02&to=2026-01',
      'revenue?from=2020-01&to=2026-01',
      `revenue?${RANGE}&format=xml`,
    ])
      expect((await world.as('vendor').get(`/v1/reports/${path}`)).status).toBe(400);
  });

  it('are net of what credit notes took off', async () => {
    const { body } = await world.as('buyer').get<{ items: Array<{ id: string; totalMinor: string }> }>('/v1/invoices');
    const { id: invoiceId } = body.items.find(({ totalMinor }) => totalMinor === '3863')!;
    const { body: invoice } = await world.as('buyer').get<{ lines: Array<{ id: string }> }>(`/v1/invoices/${invoiceId}`);
    const lines = [{ lineId: invoice.lines[0]!.id, amountMinor: '1001' }];
    expect((await world.as('operator').post('/v1/credit-notes', { invoiceId, reason: 'An outage.', lines })).status).toBe(201);
    const january = { month: '2026-01', currency: 'usd' };
    // Of 10.01 the fee is 2.00 and Acme's part 8.01.
    expect((await items('vendor', `revenue?${RANGE}`))[0]).toMatchObject({
      ...january,
      returnedMinor: '1001',
      keptMinor: '2556',
    });
    expect((await items('operator', `volume?${RANGE}`))[0]).toMatchObject({
      ...january,
      returnedMinor: '1001',
      takeMinor: '639',
    });
    expect(await items('vendor', 'customers')).toContainEqual(
      expect.objectContaining({ customer: 'Globex', invoicedMinor: '3861', vendorMinor: '3089' }),
    );
    expect((await items('buyer', `cost-by-product?${RANGE}`))[0]).toMatchObject({ ...january, amountMinor: '2862' });
    const byDay = (await items('buyer', 'cost-by-day?from=2026-01&to=2026-01')) as Array<{ amountMinor: string }>;
    expect(byDay.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n)).toBe(2862n);
    expect((await items('vendor', 'forecast'))[0]).toMatchObject({ averageMinor: '1678' });
  });
});
