/** Acme gives codes away; Globex redeems one, once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { offerOf, openMarket, refused, users, type Market, type OfferSeen } from '../testing/market.ts';

interface Seen {
  id: string;
  code: string;
  redemptions: number;
  [name: string]: unknown;
}

describe('a coupon', () => {
  let market: Market;
  let productId: string;
  let offer: OfferSeen;
  beforeAll(async () => {
    market = await openMarket('2026-01-05T09:20:00Z');
  });
  afterAll(() => market.close());
  beforeEach(async () => {
    market.clock.set('2026-01-05T09:20:00Z');
    ({ productId, offer } = await market.sell(offerOf(users('1'))));
  });

  const code = (): string => `SPRING-${newId().slice(-8)}`.toUpperCase();
  const make = (more: object = {}): Promise<Seen> =>
    market.acme.post<Seen>('/v1/coupons', { code: code(), percent: '12.5', ...more });
  const redeem = (id: string, given: string): Promise<Seen> =>
    market.globex.post<Seen>(`/v1/subscriptions/${id}/coupons`, { code: given });

  it('is a percentage or an amount, and shown as it was given', async () => {
    expect(await make({ dimension: 'users', invoices: 3 })).toMatchObject({
      percent: '12.5',
      dimension: 'users',
      invoices: 3,
      redemptions: 0,
    });
    const fixed = { percent: undefined, amountMinor: '500', currency: 'usd', productId };
    expect(await make(fixed)).toMatchObject({ amountMinor: '500', currency: 'usd', productId });
    for (const wrong of [
      { amountMinor: '5', currency: 'usd' },
      { percent: undefined },
      { percent: '0' },
      { percent: '100.5' },
      { currency: 'usd' },
      { code: 'a b' },
    ])
      await expect(make(wrong), JSON.stringify(wrong)).rejects.toMatchObject({ problem: { status: 400 } });
  });

  it('is redeemed with the subscription or later, in small letters too, and twice is once', async () => {
    const [first, second] = [await make(), await make()];
    const { id } = await market.subscribe(market.globex, offer, { coupon: first.code.toLowerCase() });
    market.clock.advance({ hours: 1 });
    await redeem(id, second.code);
    market.clock.advance({ hours: 1 });
    expect(await redeem(id, second.code)).toMatchObject({ percent: '12.5', redeemedAt: '2026-01-05T10:20:00.000Z' });
    expect(await market.globex.get(`/v1/subscriptions/${id}/coupons`)).toMatchObject({
      items: [{ code: first.code }, { code: second.code }],
    });
    const { items } = await market.acme.get<{ items: Seen[] }>('/v1/coupons');
    expect(items.find((each) => each.id === second.id)).toMatchObject({ redemptions: 1 });
  });

  it('is given away no more often than it may be, also when two want the last one', async () => {
    const { code: given } = await make({ mostRedemptions: 1 });
    const [a, b] = [await market.subscribe(market.globex, offer), await market.subscribe(market.hooli, offer)];
    const both = await Promise.allSettled([
      redeem(a.id, given),
      market.hooli.post(`/v1/subscriptions/${b.id}/coupons`, { code: given }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: refused(409, 'coupon_used_up') });
  });

  it('is for its vendor’s product, currency and time', async () => {
    const { id } = await market.subscribe(market.globex, offer);
    const other = await market.sell(offerOf(users('1')));
    await expect(redeem(id, (await make({ productId: other.productId })).code)).rejects.toMatchObject(
      refused(409, 'coupon_not_for_this'),
    );
    const yen = await make({ percent: undefined, amountMinor: '500', currency: 'jpy' });
    await expect(redeem(id, yen.code)).rejects.toMatchObject(refused(409, 'coupon_not_for_this'));
    const short = await make({ redeemBy: '2026-01-06T00:00:00Z' });
    market.clock.set('2026-01-06T00:00:00Z');
    await expect(redeem(id, short.code)).rejects.toMatchObject(refused(409, 'coupon_over'));
    const gone = await make();
    expect(await market.acme.delete(`/v1/coupons/${gone.id}`)).toMatchObject({ withdrawnAt: '2026-01-06T00:00:00.000Z' });
    await expect(redeem(id, gone.code)).rejects.toMatchObject(refused(409, 'coupon_over'));
    await expect(redeem(id, 'NO-SUCH-CODE')).rejects.toMatchObject(refused(404, 'coupon_not_found'));
  });

  it('is Acme’s own', async () => {
    const coupon = await make();
    await expect(market.initech.delete(`/v1/coupons/${coupon.id}`)).rejects.toMatchObject(refused(404, 'coupon_not_found'));
    expect((await market.initech.get<{ items: Seen[] }>('/v1/coupons')).items).toEqual([]);
    await expect(market.initech.post('/v1/coupons', { code: code(), percent: '5', productId })).rejects.toMatchObject(
      refused(404, 'product_not_found'),
    );
    await expect(market.initech.post('/v1/coupons', { code: coupon.code, percent: '5' })).rejects.toMatchObject(
      refused(409, 'code_taken'),
    );
    await expect(market.globex.get('/v1/coupons')).rejects.toMatchObject({ problem: { status: 403 } });
  });
});
