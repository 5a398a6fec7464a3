/** Before Acme tells anybody of another price, it sees what the last 90 days would have cost Globex and Initech at it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { billingWorld, type Answer, type World } from '../testing/world.ts';
import type { PriceSimulationView } from './price-simulations.schema.ts';

const hourly = (rate: string): object => ({ model: 'hourly', rate });
const users = (rate: string): object => ({
  model: 'metered',
  dimension: 'users',
  description: 'Active users',
  unit: 'user',
  rate,
});

describe('a proposed price', () => {
  let world: World;
  let initech: { buyerId: string; subscriptionId: string };

  beforeAll(async () => {
    world = await billingWorld();
    initech = await world.initech();
    await world.used('2026-01-05', 'users', 100n);
    await world.used('2026-02-10', 'hours', 10n);
    await world.used('2026-02-10', 'users', 10n);
    await world.used('2026-02-11', 'users', 1000n, initech.subscriptionId);
    world.moveTo('2026-04-10T13:00:00Z');
  });
  afterAll(() => world.close());

  const run = (prices: object[], more: object = {}, who: 'vendor' | 'buyer' = 'vendor'): Promise<Answer<PriceSimulationView>> =>
    world.as(who).post<PriceSimulationView>('/v1/price-simulations', { offerId: world.market.offerId, prices, ...more });

  it('is compared with what was paid over 90 days, for each buyer and in all', async () => {
    const { status, body } = await run([hourly('0.0837'), users('0.5')]);
    expect([status, body]).toMatchObject([
      200,
      {
        currency: 'usd',
        from: '2026-01-10T00:00:00.000Z',
        to: '2026-04-10T00:00:00.000Z',
        change: 'increase',
        earliestFrom: '2026-08-01T00:00:00.000Z',
        // 0.84 + 3.33 + 333 and 0.84 + 5 + 500; January's users are older than 90 days.
        beforeMinor: '33717',
        afterMinor: '50584',
        differenceMinor: '16867',
        lines: [
          { dimension: 'hours', quantity: '10', beforeMinor: '84', afterMinor: '84' },
          { dimension: 'users', quantity: '1010', beforeMinor: '33633', afterMinor: '50500' },
        ],
        buyers: [
          { buyerId: initech.buyerId, name: 'Initech', subscriptions: 1, beforeMinor: '33300', afterMinor: '50000' },
          { buyerId: world.market.buyerId, name: 'Globex', beforeMinor: '417', afterMinor: '584', differenceMinor: '167' },
        ],
        buyersInAll: 2,
      },
    ]);
  });

  it('may be of another model, and is told what it is to the price in force', async () => {
    const tiers = [
      { upTo: 100, rate: '0.333' },
      { upTo: null, rate: '0.1' },
    ];
    const { rate: _rate, ...named } = users('0') as { rate: string };
    const { body } = await run([hourly('0.0837'), { ...named, model: 'graduated', tiers }], { minimumSpend: '1' });
    expect(body.change).toBe('increase');
    expect(
      body.buyers.find(({ name }) => name === 'Initech')?.lines.find(({ dimension }) => dimension === 'users'),
    ).toMatchObject({
      beforeMinor: '33300',
      afterMinor: '12330',
    });
    expect((await run([hourly('0.05'), users('0.333')])).body).toMatchObject({
      change: 'decrease',
      earliestFrom: '2026-04-10T00:00:00.000Z',
    });
  });

  it('changes nothing: no price is announced, no charge is made', async () => {
    expect(await world.database.sql('select count(*)::int as count from api.price_version')).toEqual([{ count: 1 }]);
    expect(await world.database.sql('select count(*)::int as count from billing.charge')).toEqual([{ count: 0 }]);
  });

  it('is refused as an announcement would be, and for another’s offer', async () => {
    expect(await run([hourly('0.0837'), users('0.333')])).toMatchObject({ status: 409, body: { code: 'nothing_changes' } });
    expect(await run([users('0.5')])).toMatchObject({ status: 409, body: { code: 'other_prices' } });
    expect(await run([hourly('-1'), users('1')])).toMatchObject({ status: 400 });
    expect(await run([users('1')], { offerId: newId() })).toMatchObject({ status: 404, body: { code: 'offer_not_found' } });
    expect((await run([users('1')], {}, 'buyer')).status).toBe(403);
    const another = await world
      .as('vendor', newId())
      .post('/v1/price-simulations', { offerId: world.market.offerId, prices: [users('1')] });
    expect(another).toMatchObject({ status: 404, body: { code: 'offer_not_found' } });
  });
});
