/** Paying by card as Stripe's documentation describes it, through the official SDK. */
import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, openSandbox, pay, refusal, type StripeSandbox } from '../testing/stripe-sandbox.ts';

describe('payments', () => {
  let sandbox: StripeSandbox;
  let stripe: Stripe;

  beforeAll(async () => {
    sandbox = await openSandbox();
    stripe = sandbox.stripe;
  });
  afterAll(() => sandbox.close());

  const globex = () => stripe.customers.create({ name: 'Globex', email: 'billing@globex.example', metadata: { buyer_id: '7' } });

  it('keeps a card with a customer and collects from it while the customer is away', async () => {
    const customer = await globex();
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    expect(card.id).toMatch(/^pm_/);
    expect(card.card?.last4).toBe('4242');

    const intent = await stripe.paymentIntents.create({
      amount: 12_345,
      currency: 'USD',
      customer: customer.id,
      payment_method: card.id,
      off_session: true,
      confirm: true,
      description: 'Invoice 1',
      metadata: { op_id: 'op-1' },
      transfer_group: 'invoice-1',
      expand: ['latest_charge.balance_transaction'],
    });
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 12_345, currency: 'usd', metadata: { op_id: 'op-1' } });
    const charge = intent.latest_charge as Stripe.Charge;
    expect(charge).toMatchObject({ status: 'succeeded', paid: true, customer: customer.id, transfer_group: 'invoice-1' });
    // 2.9 % of 12345 is 358.005.
    expect(charge.balance_transaction).toMatchObject({
      amount: 12_345,
      fee: 388,
      net: 11_957,
      type: 'charge',
      status: 'pending',
    });
    expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ id: charge.id, payment_intent: intent.id });
    const kept = await stripe.paymentMethods.list({ customer: customer.id, type: 'card' });
    expect(kept.data.map((method) => method.id)).toEqual([card.id]);
  });

  it('rounds the fee half up', async () => {
    // 2.9 % of 500 is 14.5.
    const intent = await pay(stripe, { amount: 500, expand: ['latest_charge.balance_transaction'] });
    expect((intent.latest_charge as Stripe.Charge).balance_transaction).toMatchObject({ fee: 45, net: 455 });
  });

  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_authenticationRequired', 'authentication_required', 'authentication_required'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
  ])('declines %s with %s (%s) and keeps the failed attempt', async (method, code, declineCode) => {
    const error = await refusal(pay(stripe, { payment_method: method, metadata: { op_id: method } }));
    expect(error).toMatchObject({ type: 'StripeCardError', statusCode: 402, code, decline_code: declineCode });
    const intent = await stripe.paymentIntents.retrieve(error.payment_intent!.id, { expand: ['latest_charge'] });
    expect(intent).toMatchObject({ status: 'requires_payment_method', payment_method: null, metadata: { op_id: method } });
    expect(intent.last_payment_error).toMatchObject({ code, decline_code: declineCode, type: 'card_error' });
    expect(intent.latest_charge).toMatchObject({ id: error.charge, status: 'failed', failure_code: code });
    // The next attempt may bring another card.
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa', off_session: true });
    expect(paid.status).toBe('succeeded');
  });

  it('does not keep a card with a customer when the bank refuses it on sight, but one that fails only when charged', async () => {
    const customer = await globex();
    const error = await refusal(stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: customer.id }));
    expect(error).toMatchObject({ type: 'StripeCardError', code: 'card_declined' });
    const card = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
    const later = await refusal(pay(stripe, { customer: customer.id, payment_method: card.id }));
    expect(later).toMatchObject({ type: 'StripeCardError', code: 'card_declined' });
    expect((await stripe.customers.listPaymentMethods(customer.id)).data.map((method) => method.id)).toEqual([card.id]);
  });

  it('asks a customer who is there to authenticate, and succeeds once they have', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 2_000,
      currency: 'usd',
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      return_url: 'http://127.0.0.1:9/paid',
    });
    expect(intent.status).toBe('requires_action');
    const back = await fetch(intent.next_action!.redirect_to_url!.url!, { redirect: 'manual' });
    expect(back.headers.get('location')).toBe('http://127.0.0.1:9/paid');
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: 'succeeded', next_action: null });
  });

  it('sets a card up without a payment, so that it can be charged later without its owner', async () => {
    const customer = await globex();
    const setup = await stripe.setupIntents.create({
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      allowed_payment_method_types: ['card'],
      confirm: true,
      return_url: 'http://127.0.0.1:9/ready',
    });
    expect(setup.status).toBe('requires_action');
    await fetch(setup.next_action!.redirect_to_url!.url!, { redirect: 'manual' });
    const ready = await stripe.setupIntents.retrieve(setup.id);
    expect(ready.status).toBe('succeeded');
    const intent = await pay(stripe, { customer: customer.id, payment_method: String(ready.payment_method) });
    expect(intent.status).toBe('succeeded');
  });

  it('refuses a confirmation that could lose the customer on a redirect', async () => {
    const error = await refusal(pay(stripe, { off_session: undefined }));
    expect(error).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, param: 'return_url' });
  });

  it('knows that payment_method_types is gone, and takes only the allowed types', async () => {
    const old = { payment_method_types: ['card'] } as Partial<Stripe.PaymentIntentCreateParams>;
    expect((await refusal(pay(stripe, old))).code).toBe('payment_method_types_no_longer_supported');
    const other = await refusal(pay(stripe, { allowed_payment_method_types: ['us_bank_account'] }));
    expect(other.code).toBe('payment_intent_incompatible_payment_method');
  });

  it('refuses the card of another customer', async () => {
    const [one, other] = [await globex(), await globex()];
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: one.id });
    const error = await refusal(pay(stripe, { customer: other.id, payment_method: card.id }));
    expect(error).toMatchObject({ statusCode: 400, param: 'payment_method' });
  });

  it('cancels what is not paid, and nothing else', async () => {
    const open = await stripe.paymentIntents.create({ amount: 900, currency: 'usd' });
    expect(open.status).toBe('requires_payment_method');
    expect(await stripe.paymentIntents.cancel(open.id)).toMatchObject({ status: 'canceled', canceled_at: expect.any(Number) });
    const again = await refusal(stripe.paymentIntents.confirm(open.id, { payment_method: 'pm_card_visa', off_session: true }));
    expect(again.code).toBe('payment_intent_unexpected_state');
    const paid = await pay(stripe);
    expect((await refusal(stripe.paymentIntents.cancel(paid.id))).code).toBe('payment_intent_unexpected_state');
  });

  it('settles a bank debit days later, or lets it come back', async () => {
    const debit = (method: string) =>
      pay(stripe, {
        payment_method: method,
        allowed_payment_method_types: ['us_bank_account'],
        mandate_data: { customer_acceptance: { type: 'offline' } },
      });
    const good = await debit('pm_usBankAccount_success');
    const bad = await debit('pm_usBankAccount_insufficientFunds');
    expect([good.status, bad.status]).toEqual(['processing', 'processing']);
    sandbox.clock.advance(3 * DAY_MS);
    expect((await stripe.paymentIntents.retrieve(good.id)).status).toBe('succeeded');
    const returned = await stripe.paymentIntents.retrieve(bad.id);
    expect(returned).toMatchObject({ status: 'requires_payment_method', last_payment_error: { code: 'insufficient_funds' } });
  });

  it('refunds in parts, never more than was paid, and keeps the fee', async () => {
    const intent = await pay(stripe, { amount: 1_000 });
    const first = await stripe.refunds.create({ payment_intent: intent.id, amount: 333, metadata: { op_id: 'refund-1' } });
    expect(first).toMatchObject({ status: 'succeeded', amount: 333, charge: intent.latest_charge });
    const tooMuch = await refusal(stripe.refunds.create({ payment_intent: intent.id, amount: 668 }));
    expect(tooMuch).toMatchObject({ statusCode: 400, param: 'amount' });
    const rest = await stripe.refunds.create({ charge: String(intent.latest_charge) }, {});
    expect(rest.amount).toBe(667);
    const movement = await stripe.balanceTransactions.retrieve(String(rest.balance_transaction));
    expect(movement).toMatchObject({ amount: -667, fee: 0, net: -667, type: 'refund', source: rest.id });
    expect(await stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({ refunded: true, amount_refunded: 1_000 });
    expect((await refusal(stripe.refunds.create({ payment_intent: intent.id }))).code).toBe('charge_already_refunded');
    expect(await stripe.refunds.retrieve(first.id)).toMatchObject({ id: first.id, metadata: { op_id: 'refund-1' } });
  });

  it('takes a disputed payment back with a fee, and returns it when the evidence wins', async () => {
    const intent = await pay(stripe, { payment_method: 'pm_card_createDispute', amount: 5_000 });
    const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
    expect(dispute).toMatchObject({ status: 'needs_response', amount: 5_000, charge: intent.latest_charge });
    expect(dispute!.balance_transactions[0]).toMatchObject({ amount: -5_000, fee: 1_500, net: -6_500, type: 'adjustment' });
    const won = await stripe.disputes.update(dispute!.id, { evidence: { uncategorized_text: 'winning_evidence' } });
    expect(won.status).toBe('won');
    expect(won.balance_transactions[1]).toMatchObject({ amount: 5_000, net: 5_000 });
  });

  it('disputes a payment whenever it is told to, once', async () => {
    const intent = await pay(stripe, { amount: 3_000 });
    const dispute = () => sandbox.control.openDispute(intent.id);
    expect(dispute()).toMatchObject({ object: 'dispute', amount: 3_000, status: 'needs_response' });
    expect(dispute).toThrow('disputed already');
    expect(await stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({ disputed: true });
    expect((await refusal(stripe.refunds.create({ payment_intent: intent.id }))).code).toBe('charge_disputed');
  });

  it('finds a payment by the operation that made it', async () => {
    const intent = await pay(stripe, { metadata: { op_id: 'op-search' } });
    const found = await stripe.paymentIntents.search({ query: `metadata['op_id']:'op-search' AND status:'succeeded'` });
    expect(found.data.map((each) => each.id)).toEqual([intent.id]);
    const none = await stripe.paymentIntents.search({ query: `metadata['op_id']:'op-search' AND status:'canceled'` });
    expect(none.data).toEqual([]);
  });

  it('updates a customer field by field and merges its metadata', async () => {
    const customer = await globex();
    await stripe.customers.update(customer.id, { metadata: { tier: 'gold' }, phone: '+1 555 0100' });
    await stripe.customers.update(customer.id, { metadata: { buyer_id: '' } });
    const now = (await stripe.customers.retrieve(customer.id)) as Stripe.Customer;
    expect(now).toMatchObject({ name: 'Globex', phone: '+1 555 0100', metadata: { tier: 'gold' } });
    expect(now.metadata).not.toHaveProperty('buyer_id');
    await stripe.customers.del(customer.id);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ id: customer.id, deleted: true });
  });
});
