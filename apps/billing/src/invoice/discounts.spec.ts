/** Globex has coupons: what they take off is on the lines, for as many invoices as was said. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { metered } from '#testing/prices.ts';
import { closed, corrected, invoices, priced } from '../testing/prices.ts';
import { billingWorld, type World } from '../testing/world.ts';

interface Given {
  basisPoints?: number;
  amountMinor?: number;
  dimension?: string;
  invoices?: number;
}

describe('a coupon', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
    await world.app.settle();
    await priced(world, [metered('users', '1'), metered('scans', '1')]);
  });
  afterEach(() => world.close());

  const redeemed = async ({ basisPoints, amountMinor, dimension, invoices: times }: Given): Promise<string> => {
    const [id, code] = [newId(), `CODE-${newId().slice(-8)}`.toUpperCase()];
    await world.database.sql(
      `insert into api.coupon (id, vendor_id, code, dimension, basis_points, amount_minor, currency, invoices, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        id,
        world.market.vendorId,
        code,
        dimension ?? null,
        basisPoints ?? null,
        amountMinor ?? null,
        amountMinor ? 'usd' : null,
        times ?? null,
        world.clock.now(),
      ],
    );
    await world.database.sql('insert into api.coupon_redemption (coupon_id, subscription_id, redeemed_at) values ($1, $2, $3)', [
      id,
      world.market.subscriptionId,
      world.clock.now(),
    ]);
    return code;
  };
  const month = async (name: string, scans: bigint, users: bigint): Promise<void> => {
    await world.used(`${name}-06`, 'scans', scans);
    await world.used(`${name}-06`, 'users', users);
    await closed(world, name);
  };

  it('is divided over the lines, and fee and share are of what is left', async () => {
    const code = await redeemed({ basisPoints: 1_000 });
    await month('2026-01', 100n, 50n);
    const [invoice] = await invoices(world);
    expect(invoice).toMatchObject({
      totalMinor: '13500',
      lines: [
        { amountMinor: '9000', discounts: [{ code, amountMinor: '1000' }] },
        { amountMinor: '4500', discounts: [{ code, amountMinor: '500' }] },
      ],
    });
    expect(
      await world.database.sql(
        'select fee_minor::int as fee, vendor_minor::int as vendor, discount_minor::int as discount from billing.invoice_line order by ordinal',
      ),
    ).toEqual([
      { fee: 1800, vendor: 7200, discount: 1000 },
      { fee: 900, vendor: 3600, discount: 500 },
    ]);
    expect(Object.values(await world.balances()).reduce((sum, each) => sum + each, 0n)).toBe(0n);
  });

  it('for one dimension comes before one for all', async () => {
    const all = await redeemed({ amountMinor: 3_000 });
    const own = await redeemed({ basisPoints: 5_000, dimension: 'scans' });
    await month('2026-01', 100n, 50n);
    expect((await invoices(world))[0]).toMatchObject({
      totalMinor: '7000',
      lines: [
        {
          amountMinor: '3500',
          discounts: [
            { code: own, amountMinor: '5000' },
            { code: all, amountMinor: '1500' },
          ],
        },
        { amountMinor: '3500', discounts: [{ code: all, amountMinor: '1500' }] },
      ],
    });
  });

  it('is for as many invoices as was said', async () => {
    await redeemed({ basisPoints: 10_000, invoices: 2 });
    await month('2026-01', 10n, 10n);
    await month('2026-02', 10n, 10n);
    await month('2026-03', 10n, 10n);
    expect((await invoices(world)).map(({ totalMinor, state }) => [totalMinor, state])).toEqual([
      ['0', 'paid'],
      ['0', 'paid'],
      ['2000', 'open'],
    ]);
  });

  it('was taken off what is given back later, so only what was paid comes back', async () => {
    await redeemed({ basisPoints: 5_000, invoices: 1 });
    await month('2026-01', 100n, 50n);
    await corrected(world, '2026-01-06', 'scans', 80n);
    await month('2026-02', 100n, 50n);
    const [, february] = await invoices(world);
    expect(february!.lines[0]).toMatchObject({
      quantity: '-20',
      amountMinor: '-1000',
      discounts: [{ code: null, amountMinor: '-1000' }],
    });
    expect(february).toMatchObject({ totalMinor: '14000' });
  });
});
