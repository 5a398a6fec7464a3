/** Globex commits to seats and machines ahead, adds some, and stops a renewal. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { offerOf, openMarket, refused, type Agreement, type Market, type OfferSeen } from '../testing/market.ts';

const SEATS = {
  model: 'contract',
  dimension: 'seats',
  description: 'Seats',
  unit: 'seat',
  options: [
    { months: 1, rate: '10' },
    { months: 12, rate: '100', instalments: 2 },
  ],
};

interface Committed {
  id: string;
  endsAt: string;
  [name: string]: unknown;
}

describe('a commitment', () => {
  let market: Market;
  let offer: OfferSeen;
  beforeAll(async () => {
    market = await openMarket('2026-01-31T10:00:00Z');
  });
  afterAll(() => market.close());
  beforeEach(async () => {
    market.clock.set('2026-01-31T10:00:00Z');
    ({ offer } = await market.sell(offerOf(SEATS)));
  });

  const year = { dimension: 'seats', quantity: 3, months: 12 };
  const taken = (commitment: object = year): Promise<Agreement> =>
    market.subscribe(market.globex, offer, { commitments: [commitment] });
  const listed = async (id: string): Promise<Committed[]> =>
    (await market.globex.get<{ items: Committed[] }>(`/v1/subscriptions/${id}/commitments`)).items;

  it('is made with the subscription, at the price that was accepted, and says what is due when', async () => {
    const { id } = await taken();
    expect(await listed(id)).toMatchObject([
      {
        quantity: '3',
        months: 12,
        startsAt: '2026-01-31T10:00:00.000Z',
        endsAt: '2027-01-31T10:00:00.000Z',
        renews: false,
        instalments: [
          { dueAt: '2026-01-31T10:00:00.000Z', amountMinor: '15000' },
          { dueAt: '2026-02-28T10:00:00.000Z', amountMinor: '15000' },
        ],
      },
    ]);
    expect(await market.acme.get(`/v1/subscriptions/${id}/commitments`)).toMatchObject({ items: [{ quantity: '3' }] });
    await expect(market.hooli.get(`/v1/subscriptions/${id}/commitments`)).rejects.toMatchObject(
      refused(404, 'subscription_not_found'),
    );
  });

  it('is needed where the price is by contract, and of what is offered', async () => {
    await expect(market.subscribe(market.globex, offer)).rejects.toMatchObject(refused(409, 'choose_a_contract'));
    await expect(taken({ ...year, months: 24 })).rejects.toMatchObject(refused(409, 'no_such_contract', '24 months'));
    await expect(taken({ ...year, dimension: 'users' })).rejects.toMatchObject(refused(409, 'no_such_contract', '"users"'));
    await expect(taken({ ...year, quantity: 0 })).rejects.toMatchObject({ problem: { status: 400 } });
    // Nothing was subscribed to meanwhile.
    const { items } = await market.globex.get<{ items: Agreement[] }>('/v1/subscriptions');
    expect(items.filter((each) => each.offerId === offer.id)).toEqual([]);
  });

  it('is added to for what is left of its term, and costs that part', async () => {
    const { id } = await taken();
    const [base] = await listed(id);
    market.clock.set('2026-08-01T10:00:00Z');
    const path = `/v1/subscriptions/${id}/commitments/${base!.id}/additions`;
    expect(await market.globex.post(path, { quantity: 1 })).toMatchObject({
      quantity: '1',
      startsAt: '2026-08-01T10:00:00.000Z',
      endsAt: base!.endsAt,
      addedTo: base!.id,
      // 183 of 365 days of 100.00, in two parts that are both due by now.
      instalments: [{ amountMinor: '2507' }, { amountMinor: '2507' }],
    });
    market.clock.set('2027-01-31T10:00:00Z');
    await expect(market.globex.post(path, { quantity: 1 })).rejects.toMatchObject(refused(409, 'commitment_over'));
  });

  it('renews itself until its buyer stops that, once', async () => {
    const { id } = await taken({ ...year, months: 1, renews: true });
    const [made] = await listed(id);
    market.clock.set('2026-03-10T00:00:00Z');
    const path = `/v1/subscriptions/${id}/commitments/${made!.id}/renewal`;
    expect(await market.globex.delete(path)).toMatchObject({ renews: true, renewalStoppedAt: '2026-03-10T00:00:00.000Z' });
    market.clock.set('2026-04-10T00:00:00Z');
    expect(await market.globex.delete(path)).toMatchObject({ renewalStoppedAt: '2026-03-10T00:00:00.000Z' });
    await expect(market.hooli.delete(path)).rejects.toMatchObject({ problem: { status: 404 } });
  });

  it('is made once, however often it is asked for under one key, and never under an ended subscription', async () => {
    const { id } = await taken();
    const key = await market.globex.post<{ key: string }>('/v1/auth/api-key/create', {
      name: 'ci',
      organizationId: market.globex.organizationId,
    });
    const send = async (body: object): Promise<[number, string]> => {
      const answer = await fetch(`${market.app.url}/v1/subscriptions/${id}/commitments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json', 'idempotency-key': 'more-seats' },
        body: JSON.stringify(body),
      });
      return [answer.status, ((await answer.json()) as { id?: string; code?: string }).code ?? 'made'];
    };
    expect(await send(year)).toEqual([201, 'made']);
    expect(await send(year)).toEqual([201, 'made']);
    expect(await send({ ...year, quantity: 4 })).toEqual([409, 'idempotency_mismatch']);
    expect(await listed(id)).toHaveLength(2);
    await market.globex.delete(`/v1/subscriptions/${id}`);
    expect((await send({ ...year, quantity: 3, months: 1 }))[1]).toBe('subscription_ended');
  });

  it('to a year of machines is by their type', async () => {
    const annual = { model: 'annual', rates: { 'm5.large': '2000' } };
    ({ offer } = await market.sell(offerOf(annual, { model: 'hourly', rate: '0.25' })));
    // It may do without.
    const { id } = await market.subscribe(market.globex, offer);
    const make = (body: object): Promise<Committed> => market.globex.post<Committed>(`/v1/subscriptions/${id}/commitments`, body);
    expect(await make({ dimension: 'annual.m5.large', quantity: 2, months: 12 })).toMatchObject({
      instalments: [{ amountMinor: '400000' }],
    });
    await expect(make({ dimension: 'annual.t3.micro', quantity: 2, months: 12 })).rejects.toMatchObject(
      refused(409, 'no_such_contract'),
    );
    await expect(make({ dimension: 'hours', quantity: 2, months: 12 })).rejects.toMatchObject(refused(409, 'no_such_contract'));
  });
});
