/** Collecting: cards that are declined and cards that come later, amounts too small, banks that take days. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { billingWorld, type World } from '../testing/world.ts';

interface InvoiceSeen {
  number: string;
  state: string;
  totalMinor: string;
  paymentFailure: string | null;
}

describe('collecting', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
  });
  afterEach(() => world.close());

  const invoices = async (): Promise<InvoiceSeen[]> =>
    (await world.as('buyer').get<{ items: InvoiceSeen[] }>('/v1/invoices')).body.items;
  const standing = async (): Promise<unknown> => (await world.as('buyer').get('/v1/payment-method')).body.standing;
  const receivable = async (): Promise<bigint> => (await world.balances()).buyer_receivable ?? 0n;

  it('leaves the invoice open and Globex past due when its card is declined, and collects with the next card', async () => {
    await world.openAccounts('pm_card_chargeCustomerFail');
    await world.january();
    await world.settled();
    expect(await invoices()).toMatchObject([{ state: 'open', paymentFailure: 'Your card was declined.' }]);
    expect(await standing()).toBe('past_due');
    expect(await receivable()).toBe(3863n);

    const { body } = await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' });
    expect(body).toMatchObject({ cardLabel: 'visa •••• 4242', standing: 'past_due' });
    await world.settled();
    expect(await invoices()).toMatchObject([{ state: 'paid', paymentFailure: null }]);
    expect(await standing()).toBe('good');
    expect(await receivable()).toBe(0n);
    expect((await world.atStripe<{ status: string }>('payment_intents')).map((intent) => intent.status)).toEqual([
      'succeeded',
      'requires_payment_method',
    ]);
  });

  it('says that there is no card, and collects when there is one', async () => {
    await world.january();
    await world.app.settle();
    expect(await invoices()).toMatchObject([{ state: 'open', paymentFailure: 'There is no payment method on file.' }]);
    expect(await standing()).toBe('past_due');
    await world.openAccounts();
    await world.app.settle();
    expect(await invoices()).toMatchObject([{ state: 'paid' }]);
  });

  it('does not take a card that the bank refuses on sight, and keeps the one it has', async () => {
    await world.openAccounts();
    const refused = await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_chargeDeclined' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'card_declined' } });
    const unknown = await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_nobodys' });
    expect(unknown).toMatchObject({ status: 409, body: { code: 'stripe_refused' } });
    expect((await world.as('buyer').get('/v1/payment-method')).body).toMatchObject({ cardLabel: 'visa •••• 4242' });
    expect(await world.atStripe('customers')).toHaveLength(1);
  });

  it('does not charge twice when a new card comes while the old one is being charged', async () => {
    await world.openAccounts();
    await world.january();
    world.fail('POST /v1/payment_intents', { code: 'rate_limit', httpStatus: 429 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'throttled' });
    await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_mastercard' });
    await world.settled();
    expect(await world.atStripe('payment_intents')).toHaveLength(1);
    expect(await invoices()).toMatchObject([{ state: 'paid' }]);
  });

  it('carries what is too small for Stripe over to the next invoice', async () => {
    await world.openAccounts();
    await world.app.settle();
    await world.used('2026-01-06', 'users', 1n); // 33 cents, less than the 50 that Stripe takes.
    await world.metered('2026-02-01T00:00:00Z');
    world.moveTo('2026-02-01T06:10:00Z');
    await world.app.settle();
    expect(await invoices()).toMatchObject([{ state: 'open', totalMinor: '33', paymentFailure: null }]);
    expect(await standing()).toBe('good');

    await world.used('2026-02-06', 'users', 2n);
    await world.metered('2026-03-01T00:00:00Z');
    world.moveTo('2026-03-01T06:10:00Z');
    await world.settled();
    expect(await invoices()).toMatchObject([
      { number: 'SLW-2026-000002', state: 'paid', totalMinor: '67' },
      { number: 'SLW-2026-000001', state: 'paid', totalMinor: '33' },
    ]);
    expect(await world.atStripe('payment_intents')).toMatchObject([
      { amount: 100, description: 'SLW-2026-000001, SLW-2026-000002' },
    ]);
    expect(await receivable()).toBe(0n);
  });

  it('sends an invoice over nothing as paid, and asks Stripe for nothing', async () => {
    await world.openAccounts();
    await world.app.settle();
    await world.used('2026-01-06', 'users', 0n);
    await world.metered('2026-02-01T00:00:00Z');
    world.moveTo('2026-02-01T06:10:00Z');
    await world.settled();
    expect(await invoices()).toMatchObject([{ state: 'paid', totalMinor: '0' }]);
    expect(await world.atStripe('payment_intents')).toEqual([]);
    expect(await world.balances()).toEqual({});
  });

  it('waits for a bank debit, and is told of it days later', async () => {
    await world.openAccounts('pm_usBankAccount');
    await world.january();
    await world.settled();
    expect(await invoices()).toMatchObject([{ state: 'open', paymentFailure: null }]);
    expect(await standing()).toBe('good');
    world.moveTo('2026-02-03T06:11:00Z');
    await world.app.settle(async () => (await invoices())[0]!.state === 'paid');
    expect(await receivable()).toBe(0n);
  });

  it('asks itself when Stripe’s news of a bank debit is lost for ever', async () => {
    await world.openAccounts('pm_usBankAccount_insufficientFunds');
    await world.january();
    await world.settled();
    world.fail('webhook', { code: 'lost', times: 100 });
    world.moveTo('2026-02-03T06:11:00Z');
    await world.app.settle(async () => (await standing()) === 'past_due');
    expect(await invoices()).toMatchObject([{ state: 'open', paymentFailure: 'The account has insufficient funds.' }]);
  });

  it('makes one customer however often, and at once, Globex names a card', async () => {
    const puts = Array.from({ length: 4 }, () =>
      world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' }),
    );
    const statuses = (await Promise.all(puts)).map((answer) => answer.status);
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    expect((await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' })).status).toBe(200);
    expect(await world.atStripe('customers')).toHaveLength(1);
  });
});
