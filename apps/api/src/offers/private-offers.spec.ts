/** An offer for Globex alone: its own price, terms, instalments and time. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { offerOf, openMarket, refused, users, type Market, type OfferSeen } from '../testing/market.ts';

describe('a private offer', () => {
  let market: Market;
  let productId: string;
  let standing: OfferSeen;
  beforeAll(async () => {
    market = await openMarket('2026-01-05T09:20:00Z');
  });
  afterAll(() => market.close());
  beforeEach(async () => {
    market.clock.set('2026-01-05T09:20:00Z');
    ({ productId, offer: standing } = await market.sell(offerOf(users('1'))));
  });

  const make = (more: object = {}): Promise<OfferSeen> =>
    market.acme.post<OfferSeen>(`/v1/products/${productId}/private-offers`, {
      ...offerOf(users('0.5')),
      terms: 'Use it very well.',
      name: 'Globex 2026',
      buyerIds: [market.globex.organizationId],
      expiresAt: '2026-02-01T00:00:00Z',
      ...more,
    });

  it('is seen and accepted by whom it names, and by nobody else', async () => {
    const offer = await make();
    expect(offer).toMatchObject({
      name: 'Globex 2026',
      state: 'open',
      vendor: 'Acme',
      buyers: [{ name: 'Globex' }],
      prices: [{ rate: '0.5' }],
    });
    const seen = await market.globex.get<OfferSeen>(`/v1/private-offers/${offer.id}`);
    expect(seen).toMatchObject({ terms: 'Use it very well.', termsSha256: offer.termsSha256 });
    expect(seen).not.toHaveProperty('buyers');
    for (const stranger of [market.hooli, market.initech])
      await expect(stranger.get(`/v1/private-offers/${offer.id}`)).rejects.toMatchObject(refused(404, 'offer_not_found'));
    await expect(market.subscribe(market.hooli, offer)).rejects.toMatchObject(refused(404, 'offer_not_found'));
    expect(await market.hooli.get('/v1/private-offers')).toEqual({ items: [] });
    expect(await market.subscribe(market.globex, offer)).toMatchObject({
      offerId: offer.id,
      termsSha256: offer.termsSha256,
      endsAt: null,
    });
    // The storefront shows the other one still.
    expect(await market.acme.get(`/v1/products/${productId}/offer`)).toMatchObject({ id: standing.id, prices: [{ rate: '1' }] });
  });

  it('may be resold by another vendor, for a margin that its buyers do not see', async () => {
    const reseller = { organizationId: market.initech.organizationId, basisPoints: 1000 };
    const offer = await make({ reseller });
    expect(offer).toMatchObject({ reseller: { name: 'Initech', basisPoints: 1000 } });
    expect(await market.globex.get(`/v1/private-offers/${offer.id}`)).not.toHaveProperty('reseller');
    for (const organizationId of [market.acme.organizationId, market.globex.organizationId])
      await expect(make({ reseller: { ...reseller, organizationId } })).rejects.toMatchObject(refused(409, 'unknown_reseller'));
  });

  it('cannot be accepted when its time is over, or when it was taken back', async () => {
    const late = await make();
    market.clock.set('2026-02-01T00:00:00Z');
    expect(await market.globex.get(`/v1/private-offers/${late.id}`)).toMatchObject({ state: 'expired' });
    await expect(market.subscribe(market.globex, late)).rejects.toMatchObject(refused(409, 'offer_expired'));
    const gone = await make({ expiresAt: '2026-03-01T00:00:00Z' });
    expect(await market.acme.delete(`/v1/private-offers/${gone.id}`)).toMatchObject({ state: 'withdrawn' });
    await expect(market.subscribe(market.globex, gone)).rejects.toMatchObject(refused(409, 'offer_withdrawn'));
    expect((await market.globex.get<{ items: OfferSeen[] }>('/v1/private-offers')).items.map(({ id }) => id)).not.toContain(
      gone.id,
    );
  });

  it('lasts as long as was agreed, and then ends by itself', async () => {
    const subscription = await market.subscribe(market.globex, await make({ months: 1 }));
    expect(subscription).toMatchObject({ endsAt: '2026-02-05T09:20:00.000Z' });
    market.clock.set('2026-02-05T09:19:59Z');
    await market.app.settle();
    expect(await market.globex.get(`/v1/subscriptions/${subscription.id}`)).toMatchObject({ endedAt: null });
    market.clock.set('2026-02-05T09:20:00Z');
    await market.app.settle();
    expect(await market.globex.get(`/v1/subscriptions/${subscription.id}`)).toMatchObject({
      endedAt: '2026-02-05T09:20:00.000Z',
    });
  });

  it('is paid in as many as sixty parts', async () => {
    const options = [{ months: 60, rate: '6000.01', instalments: 60 }];
    const contract = { model: 'contract', dimension: 'seats', description: 'Seats', unit: 'seat', options };
    const offer = await make(offerOf(contract));
    const commitments = [{ dimension: 'seats', quantity: 1, months: 60 }];
    const { id } = await market.subscribe(market.globex, offer, { commitments });
    const { items } = await market.globex.get<{ items: Array<{ instalments: Array<{ amountMinor: string }> }> }>(
      `/v1/subscriptions/${id}/commitments`,
    );
    expect(items[0]!.instalments).toHaveLength(60);
    expect(items[0]!.instalments.reduce((sum, part) => sum + BigInt(part.amountMinor), 0n)).toBe(600_001n);
  });

  it('does not quietly replace what its buyer runs already', async () => {
    const { id } = await market.subscribe(market.globex, standing);
    const offer = await make();
    await expect(market.subscribe(market.globex, offer)).rejects.toMatchObject(refused(409, 'already_subscribed'));
    await market.globex.delete(`/v1/subscriptions/${id}`);
    expect(await market.subscribe(market.globex, offer)).toMatchObject({ offerId: offer.id });
    expect(await market.subscribe(market.globex, offer)).toMatchObject({ offerId: offer.id });
  });

  it('has prices that were agreed upon: they are not changed, and its buyers are buyers', async () => {
    const offer = await make();
    const change = market.acme.post(`/v1/offers/${offer.id}/price-versions`, { prices: [users('0.4')] });
    await expect(change).rejects.toMatchObject(refused(409, 'offer_is_private'));
    await expect(make({ buyerIds: [market.initech.organizationId] })).rejects.toMatchObject(refused(409, 'unknown_buyers'));
    await expect(make({ expiresAt: '2026-01-05T09:20:00Z' })).rejects.toMatchObject(refused(409, 'expires_too_early'));
    await expect(make({ buyerIds: [] })).rejects.toMatchObject({ problem: { status: 400 } });
    await expect(
      market.initech.post(`/v1/products/${productId}/private-offers`, {
        ...offerOf(users('1')),
        name: 'x',
        buyerIds: [market.globex.organizationId],
        expiresAt: '2026-02-01T00:00:00Z',
      }),
    ).rejects.toMatchObject(refused(404, 'product_not_found'));
  });
});
