/** Globex's card is declined: it is tried again on the days of the schedule, then the account is suspended, then ended; and the way back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingWorld, type World } from '../testing/world.ts';

describe('dunning', () => {
  let world: World;
  beforeAll(async () => {
    world = await billingWorld({ settings: { DUNNING_RETRY_DAYS: '3,7,14' } });
    await world.openAccounts('pm_card_chargeCustomerFail');
    await world.january();
    await world.settled();
  });
  afterAll(() => world.close());

  const overdue = async (who: 'buyer' | 'operator' | 'auditor' = 'operator') =>
    (await world.as(who).get<{ items: unknown[] }>('/v1/dunning')).body.items;
  const standing = async (): Promise<unknown> => (await world.as('buyer').get('/v1/payment-method')).body.standing;
  const tries = async (): Promise<number> => (await world.atStripe('payment_intents')).length;
  const goTo = async (instant: string): Promise<void> => {
    world.moveTo(instant);
    await world.settled();
  };

  it('begins with the first decline, and says what comes next', async () => {
    const globex = {
      buyer: 'Globex',
      standing: 'past_due',
      since: '2026-02-01T06:10:00.000Z',
      isBeingCollected: false,
      nextRetryAt: '2026-02-04T06:10:00.000Z',
      suspendsAt: '2026-02-15T06:10:00.000Z',
      endsAt: '2026-04-02T06:10:00.000Z',
    };
    for (const who of ['buyer', 'operator', 'auditor'] as const) expect(await overdue(who)).toMatchObject([globex]);
    expect((await world.as('buyer', world.market.vendorId).get('/v1/dunning')).body).toEqual({ items: [] });
    expect(await world.as('vendor').get('/v1/dunning')).toMatchObject({ status: 403 });
  });

  it('tries again on the day, once, and not in between', async () => {
    await goTo('2026-02-04T06:09:00Z');
    expect(await tries()).toBe(1);
    await goTo('2026-02-04T06:10:00Z');
    await goTo('2026-02-05T06:10:00Z');
    await world.stage('billing.dun-buyer').work(world.market.buyerId);
    await world.settled();
    expect(await tries()).toBe(2);
    expect(await standing()).toBe('past_due');
    expect(await overdue()).toMatchObject([{ nextRetryAt: '2026-02-08T06:10:00.000Z' }]);
  });

  it('suspends on its day, and makes one try of two that were missed', async () => {
    await goTo('2026-02-15T06:10:00Z');
    expect(await standing()).toBe('suspended');
    expect(await tries()).toBe(3);
    expect(await overdue()).toMatchObject([{ standing: 'suspended', nextRetryAt: null }]);
  });

  it('ends on its day', async () => {
    await goTo('2026-04-02T06:10:00Z');
    expect(await standing()).toBe('ended');
    expect(await tries()).toBe(3);
  });

  it('is over as soon as a card pays', async () => {
    expect((await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' })).status).toBe(200);
    await world.settled();
    expect(await standing()).toBe('good');
    expect(await overdue()).toEqual([]);
    expect((await world.as('buyer').get('/v1/invoices')).body).toMatchObject({ items: [{ state: 'paid' }] });
    expect((await world.balances()).buyer_receivable).toBeUndefined();
    expect(await tries()).toBe(4);
  });
});
