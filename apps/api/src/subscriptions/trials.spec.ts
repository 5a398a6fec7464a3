/** Globex tries Acme's Vault for fourteen days: the trial ends with the subscription, unless Globex says that it goes on. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { offerOf, openMarket, refused, users, type Agreement, type Market, type OfferSeen } from '../testing/market.ts';

describe('a trial', () => {
  let market: Market;
  let offer: OfferSeen;
  beforeAll(async () => {
    market = await openMarket('2026-01-05T09:20:00Z');
  });
  afterAll(() => market.close());
  beforeEach(async () => {
    market.clock.set('2026-01-05T09:20:00Z');
    ({ offer } = await market.sell({ ...offerOf(users('1')), trial: { days: 14 } }));
  });

  const seen = (id: string): Promise<Agreement> => market.globex.get<Agreement>(`/v1/subscriptions/${id}`);

  it('of days ends with the last of them, and the subscription and what runs under it with it', async () => {
    const { id, endsAt } = await market.subscribe(market.globex, offer);
    expect(endsAt).toBe('2026-01-20T00:00:00.000Z');
    const launch = await market.globex.post<{ id: string }>('/v1/launches', {
      subscriptionId: id,
      region: 'us-east-1',
      instanceType: 't3.micro',
    });
    market.clock.set('2026-01-19T23:59:59Z');
    await market.app.settle();
    expect(await seen(id)).toMatchObject({ hasTrial: true, endedAt: null });
    market.clock.set('2026-01-20T00:00:10Z');
    await market.app.settle();
    expect(await seen(id)).toMatchObject({ endedAt: '2026-01-20T00:00:10.000Z' });
    expect(await market.globex.get(`/v1/launches/${launch.id}`)).toMatchObject({ desired: 'terminated' });
    await market.app.settle();
    await expect(market.globex.put(`/v1/subscriptions/${id}/trial-conversion`, {})).rejects.toMatchObject(
      refused(409, 'subscription_ended'),
    );
  });

  it('goes on when its buyer says so, once and for all', async () => {
    const { id } = await market.subscribe(market.globex, offer);
    market.clock.set('2026-01-10T08:00:00Z');
    const yes = (): Promise<Agreement> => market.globex.put<Agreement>(`/v1/subscriptions/${id}/trial-conversion`, {});
    expect(await yes()).toMatchObject({ trialConvertedAt: '2026-01-10T08:00:00.000Z', endsAt: null });
    market.clock.set('2026-02-20T00:00:00Z');
    expect(await yes()).toMatchObject({ trialConvertedAt: '2026-01-10T08:00:00.000Z' });
    await market.app.settle();
    expect(await seen(id)).toMatchObject({ endedAt: null });
  });

  it('ends like every agreement of a buyer who did not pay for so long that its account is ended, and what it agrees to later does not', async () => {
    const { id } = await market.subscribe(market.hooli, offer);
    const stands = (state: string): Promise<unknown> =>
      market.database.sql(
        `insert into billing.standing (buyer_id, state, since) values ($1, $2, $3)
         on conflict (buyer_id) do update set state = excluded.state, since = excluded.since`,
        [market.hooli.organizationId, state, market.clock.now()],
      );
    await stands('suspended');
    await market.app.settle();
    expect(await market.hooli.get(`/v1/subscriptions/${id}`)).toMatchObject({ endedAt: null });
    await stands('ended');
    await market.app.settle();
    expect(await market.hooli.get(`/v1/subscriptions/${id}`)).toMatchObject({ endedAt: '2026-01-05T09:20:00.000Z' });
    market.clock.set('2026-01-05T09:30:00Z');
    const later = await market.subscribe(market.hooli, offer);
    await market.app.settle();
    expect(await market.hooli.get(`/v1/subscriptions/${later.id}`)).toMatchObject({ endedAt: null });
    await market.hooli.delete(`/v1/subscriptions/${later.id}`);
  });

  it('is one for each buyer and product', async () => {
    const first = await market.subscribe(market.globex, offer);
    await market.globex.delete(`/v1/subscriptions/${first.id}`);
    expect(await market.subscribe(market.globex, offer)).toMatchObject({ hasTrial: false, endsAt: null });
    expect(await market.subscribe(market.hooli, offer)).toMatchObject({ hasTrial: true });
  });

  it('that converts by itself, or is of a quantity, ends nothing', async () => {
    ({ offer } = await market.sell({ ...offerOf(users('1')), trial: { days: 14, afterwards: 'converts' } }));
    const { id } = await market.subscribe(market.globex, offer);
    expect(await seen(id)).toMatchObject({ hasTrial: true, endsAt: null });
    await expect(market.globex.put(`/v1/subscriptions/${id}/trial-conversion`, {})).rejects.toMatchObject(
      refused(409, 'no_trial'),
    );
    ({ offer } = await market.sell({ ...offerOf(users('1')), trial: { dimension: 'users', quantity: 50 } }));
    expect(await market.subscribe(market.globex, offer)).toMatchObject({ hasTrial: true, endsAt: null });
  });
});
