/** Paying vendors: once a day and from the charges that the money came with; what Stripe refuses is owed again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { billingWorld, type World } from '../testing/world.ts';

interface PayoutSeen {
  id: string;
  state: string;
  amountMinor: string;
  sentMinor: string | null;
  failure: string | null;
}

describe('paying out', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
  });
  afterEach(() => world.close());

  const payouts = async (): Promise<PayoutSeen[]> =>
    (await world.as('vendor').get<{ items: PayoutSeen[] }>('/v1/payouts')).body.items;
  const payable = async (): Promise<bigint> => -((await world.balances()).vendor_payable ?? 0n);
  const toTheBank = async (): Promise<void> => {
    world.advance({ days: 2, minutes: 1 });
    await world.app.settle();
    world.advance({ seconds: 5 });
    await world.settled();
  };

  it('pays in one payout what came with two buyers’ payments, each share from its own charge', async () => {
    await world.openAccounts();
    const initech = await world.initech();
    await world.as('buyer', initech.buyerId).put('/v1/payment-method', { paymentMethodId: 'pm_card_mastercard' });
    await world.app.settle();
    await world.used('2026-01-09', 'users', 100n, initech.subscriptionId); // 33.30, of which 26.64 is Acme's
    await world.metered('2026-02-01T00:00:00Z', initech.subscriptionId);
    await world.january();
    await world.app.settle();
    // The first stage round released both before the payout was made.
    expect(await payouts()).toMatchObject([{ state: 'sent', amountMinor: '5755' }]);
    const transfers = await world.atStripe<{ amount: number; source_transaction: string }>('transfers');
    expect(transfers.map((transfer) => transfer.amount).sort()).toEqual([2664, 3091]);
    expect(new Set(transfers.map((transfer) => transfer.source_transaction)).size).toBe(2);
    await toTheBank();
    expect(await payouts()).toMatchObject([{ state: 'paid', amountMinor: '5755' }]);
    const numbers = await world.database.sql<{ number: string }>('select number from billing.invoice order by number');
    expect(numbers.map((row) => row.number)).toEqual(['SLW-2026-000001', 'SLW-2026-000002']);
  });

  it('keeps what it owes until the vendor has an account, and pays as soon as it can be', async () => {
    await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' });
    await world.january();
    await world.app.settle();
    expect(await payable()).toBe(3091n);
    expect(await payouts()).toEqual([]);
    await world.openAccounts();
    await world.app.settle();
    expect(await payable()).toBe(0n);
    expect(await payouts()).toMatchObject([{ state: 'sent', amountMinor: '3091' }]);
  });

  it('gives back what Stripe refuses to transfer, and pays it with another payout another day', async () => {
    await world.openAccounts();
    await world.january();
    world.fail('POST /v1/transfers', { code: 'insufficient_capabilities_for_transfer' });
    await world.app.settle();
    expect(await payouts()).toMatchObject([{ state: 'void', sentMinor: '0' }]);
    expect((await payouts())[0]!.failure).toContain('insufficient_capabilities_for_transfer');
    expect(await payable()).toBe(3091n);
    expect(await world.balances()).not.toHaveProperty('payout_in_transit');
    world.moveTo('2026-02-02T06:10:00Z');
    await world.app.settle();
    expect(await payouts()).toMatchObject([{ state: 'sent', amountMinor: '3091' }, { state: 'void' }]);
    expect(await payable()).toBe(0n);
    expect(await world.atStripe('transfers')).toHaveLength(1);
  });

  it('sends the share of one charge when that of another is refused, and gives the rest back', async () => {
    await world.openAccounts();
    const initech = await world.initech();
    await world.as('buyer', initech.buyerId).put('/v1/payment-method', { paymentMethodId: 'pm_card_mastercard' });
    await world.app.settle();
    await world.used('2026-01-09', 'users', 100n, initech.subscriptionId);
    await world.metered('2026-02-01T00:00:00Z', initech.subscriptionId);
    await world.january();
    world.fail('POST /v1/transfers', { code: 'balance_insufficient' });
    await world.app.settle();
    const [payout] = await payouts();
    expect(payout).toMatchObject({ state: 'sent', amountMinor: '5755' });
    expect(BigInt(payout!.sentMinor!) + (await payable())).toBe(5755n);
    expect(await payable()).toBeGreaterThan(0n);
    await toTheBank();
    expect(await payable()).toBe(0n);
    const sum = (await payouts()).reduce((all, each) => all + BigInt(each.sentMinor ?? 0n), 0n);
    expect(sum).toBe(5755n);
    expect(await world.balances()).not.toHaveProperty('payout_in_transit');
  });

  it('tries the bank again later when Stripe does not let the money go', async () => {
    await world.openAccounts();
    await world.january();
    await world.app.settle();
    world.fail('POST /v1/payouts', { code: 'balance_insufficient' });
    world.advance({ days: 2, minutes: 1 });
    await world.app.settle();
    expect((await payouts())[0]).toMatchObject({ state: 'sent' });
    expect((await payouts())[0]!.failure).toContain('balance_insufficient');
    world.advance({ hours: 6, minutes: 1 });
    await world.app.settle();
    world.advance({ seconds: 5 });
    await world.settled();
    expect(await payouts()).toMatchObject([{ state: 'paid', failure: null }]);
  });

  it('says when the bank gave the money back', async () => {
    await world.openAccounts();
    await world.january();
    await world.app.settle();
    world.fail('payout.returned', { code: 'account_closed' });
    await toTheBank();
    expect(await payouts()).toMatchObject([{ state: 'returned', failure: 'The bank returned the payout: account_closed.' }]);
    expect(await world.atStripe('transfers')).toHaveLength(1);
  });

  it('asks itself when the news that the bank has it is lost for ever', async () => {
    await world.openAccounts();
    await world.january();
    await world.app.settle();
    world.fail('webhook', { code: 'lost', times: 1000 });
    world.advance({ days: 2, minutes: 1 });
    await world.app.settle();
    world.advance({ hours: 1, minutes: 1 });
    await world.app.settle();
    expect(await payouts()).toMatchObject([{ state: 'paid' }]);
  });

  it('holds a share for as long as the operator has set', async () => {
    await world.close();
    world = await billingWorld({ settings: { HOLD_DAYS: '7' } });
    await world.openAccounts();
    await world.january();
    await world.settled();
    expect((await world.balances()).vendor_unsettled).toBe(-3091n);
    world.moveTo('2026-02-08T06:09:00Z');
    await world.app.settle();
    expect(await payouts()).toEqual([]);
    world.moveTo('2026-02-08T06:11:00Z');
    await world.app.settle();
    expect(await payouts()).toMatchObject([{ state: 'sent', amountMinor: '3091' }]);
  });

  it('does not move an account to another country', async () => {
    await world.openAccounts();
    const moved = await world.as('vendor').put('/v1/payout-account', { country: 'DE', email: 'money@acme.example' });
    expect(moved).toMatchObject({ status: 409, body: { code: 'payout_country_fixed' } });
    expect(await world.atStripe('accounts')).toHaveLength(1);
  });
});
