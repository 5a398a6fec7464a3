/** Acme changes its prices: down from today on, up with 90 days' notice and then with a month. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { offerOf, openMarket, refused, users, type Market, type OfferSeen } from '../testing/market.ts';

interface Version {
  id: string;
  change: string;
  effectiveFrom: string;
  noticeGivenAt: string | null;
  withdrawnAt: string | null;
  prices: object[];
}

describe('a new price version', () => {
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
    market.clock.set('2026-01-10T15:00:00Z');
  });

  const path = (): string => `/v1/offers/${offer.id}/price-versions`;
  const announce = (rate: string, effectiveFrom?: string, more: object = {}): Promise<Version> =>
    market.acme.post<Version>(path(), { prices: [users(rate)], ...(effectiveFrom && { effectiveFrom }), ...more });
  const listed = async (): Promise<unknown[]> =>
    (await market.acme.get<{ items: Version[] }>(path())).items.map(({ change, effectiveFrom, withdrawnAt }) => [
      change,
      effectiveFrom,
      withdrawnAt,
    ]);

  it('that lowers a price holds from today on, or from tomorrow when today has a price', async () => {
    expect(await announce('0.9')).toMatchObject({
      change: 'decrease',
      effectiveFrom: '2026-01-10T00:00:00.000Z',
      noticeGivenAt: '2026-01-10T15:00:00.000Z',
      prices: [{ rate: '0.9' }],
    });
    expect(await announce('0.8')).toMatchObject({ effectiveFrom: '2026-01-11T00:00:00.000Z' });
    expect(await market.acme.get(`/v1/products/${productId}/offer`)).toMatchObject({
      id: offer.id,
      prices: [{ rate: '0.9' }],
      announced: [{ effectiveFrom: '2026-01-11T00:00:00.000Z', prices: [{ rate: '0.8' }] }],
    });
    expect(await listed()).toEqual([
      ['first', '2026-01-05T09:20:00.000Z', null],
      ['decrease', '2026-01-10T00:00:00.000Z', null],
      ['decrease', '2026-01-11T00:00:00.000Z', null],
    ]);
  });

  it('that raises a price holds from the first of the month after 90 days, and who looks is told', async () => {
    expect(await announce('2')).toMatchObject({ change: 'increase', effectiveFrom: '2026-05-01T00:00:00.000Z' });
    const listing = (await (await fetch(`${market.app.url}/v1/listings/acme-${productId}`)).json()) as { offer: OfferSeen };
    expect(listing.offer).toMatchObject({
      prices: [{ rate: '1' }],
      announced: [{ effectiveFrom: '2026-05-01T00:00:00.000Z', prices: [{ rate: '2' }] }],
    });
    market.clock.set('2026-05-01T00:00:00Z');
    const then = await market.acme.get<OfferSeen>(`/v1/products/${productId}/offer`);
    expect(then.prices).toMatchObject([{ rate: '2' }]);
    expect(then).not.toHaveProperty('announced');
  });

  it('may begin later, but not earlier, nor within a day or a month', async () => {
    await expect(announce('2', '2026-04-01T00:00:00Z')).rejects.toMatchObject(refused(409, 'too_early', '2026-05-01'));
    await expect(announce('2', '2026-05-02T00:00:00Z')).rejects.toMatchObject(refused(409, 'not_a_start', 'with a month'));
    await expect(announce('0.9', '2026-01-20T13:00:00Z')).rejects.toMatchObject(refused(409, 'not_a_start', 'with a day'));
    expect(await announce('2', '2026-06-01T00:00:00Z')).toMatchObject({ effectiveFrom: '2026-06-01T00:00:00.000Z' });
    expect(await announce('0.9', '2026-01-20T00:00:00Z')).toMatchObject({ effectiveFrom: '2026-01-20T00:00:00.000Z' });
    await expect(announce('0.8', '2026-01-20T00:00:00Z')).rejects.toMatchObject(refused(409, 'day_is_taken'));
  });

  it('is compared with what was announced, so that nobody is promised less and then asked for more', async () => {
    await announce('0.5', '2026-02-01T00:00:00Z');
    await expect(announce('0.9', '2026-02-02T00:00:00Z')).rejects.toMatchObject(refused(409, 'too_early', "90 days' notice"));
    expect(await announce('0.9', '2026-05-01T00:00:00Z')).toMatchObject({ change: 'increase' });
  });

  it('can be taken back until it holds', async () => {
    const { id } = await announce('2');
    expect(await market.acme.delete(`${path()}/${id}`)).toMatchObject({ withdrawnAt: '2026-01-10T15:00:00.000Z' });
    market.clock.set('2026-01-11T00:00:00Z');
    expect(await market.acme.delete(`${path()}/${id}`)).toMatchObject({ withdrawnAt: '2026-01-10T15:00:00.000Z' });
    expect(await market.acme.get(`/v1/products/${productId}/offer`)).not.toHaveProperty('announced');
    const { id: now } = await announce('0.9');
    await expect(market.acme.delete(`${path()}/${now}`)).rejects.toMatchObject(refused(409, 'prices_hold'));
    // Its day is free again.
    expect(await announce('3')).toMatchObject({ effectiveFrom: '2026-05-01T00:00:00.000Z' });
  });

  it('prices what was priced before, otherwise than before', async () => {
    await expect(announce('1')).rejects.toMatchObject(refused(409, 'nothing_changes'));
    const other = market.acme.post(path(), { prices: [users('1', { dimension: 'seats' })] });
    await expect(other).rejects.toMatchObject(refused(409, 'other_prices', 'make a new offer'));
    expect(await announce('1', undefined, { minimumSpend: '10' })).toMatchObject({ change: 'increase', minimumSpend: '10' });
  });

  it('keeps what subscribers are entitled to', async () => {
    const { offer: seats } = await market.sell({
      ...offerOf(users('1')),
      entitlements: [{ dimension: 'seats', integerValue: 5 }],
    });
    const version = await market.acme.post<Version>(`/v1/offers/${seats.id}/price-versions`, { prices: [users('0.5')] });
    const kept = await market.database.sql('select integer_value from api.entitlement_grant where price_version_id = $1', [
      version.id,
    ]);
    expect(kept).toEqual([{ integer_value: 5 }]);
  });

  it('is announced once when two do so at the same time', async () => {
    const both = await Promise.allSettled([announce('0.9', '2026-01-20T00:00:00Z'), announce('0.8', '2026-01-20T00:00:00Z')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is Acme’s to announce, and nobody else’s to see', async () => {
    await expect(market.initech.post(path(), { prices: [users('0.1')] })).rejects.toMatchObject(refused(404, 'offer_not_found'));
    await expect(market.initech.get(path())).rejects.toMatchObject(refused(404, 'offer_not_found'));
    await expect(market.globex.get(path())).rejects.toMatchObject({ problem: { status: 403 } });
  });

  it('begins with a day: the database refuses another instant, and to take back what has begun', async () => {
    const { id } = await announce('2');
    const insert = market.database.sql(
      `insert into api.price_version (id, offer_id, effective_from, notice_given_at, created_at) values (gen_random_uuid(), $1, '2026-07-01T01:00:00Z', now(), now())`,
      [offer.id],
    );
    await expect(insert).rejects.toThrow('price_version_starts_with_a_day');
    const first = `insert into api.price_version (id, offer_id, effective_from, created_at) values (gen_random_uuid(), $1, '2026-07-01', now())`;
    await expect(market.database.sql(first, [offer.id])).rejects.toThrow('price_version_first');
    const late = `update api.price_version set withdrawn_at = effective_from where id = $1`;
    await expect(market.database.sql(late, [id])).rejects.toThrow('price_version_taken_back_before_it_began');
  });
});
