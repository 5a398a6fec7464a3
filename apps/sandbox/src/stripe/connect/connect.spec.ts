/** Accounts, transfers and payouts: how a vendor comes to its money. */
import type { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, onboardedAccount, openSandbox, pause, pay, refusal, type StripeSandbox } from '../testing/stripe-sandbox.ts';

const usd = (balance: { amount: number; currency: string }[]) => balance.find((each) => each.currency === 'usd')?.amount;

describe('connect', () => {
  let sandbox: StripeSandbox;
  let stripe: Stripe;

  beforeEach(async () => {
    sandbox = await openSandbox();
    stripe = sandbox.stripe;
  });
  afterEach(() => sandbox.close());

  it('pays no vendor before the onboarding link has been followed', async () => {
    const acme = await stripe.accounts.create({
      controller: { stripe_dashboard: { type: 'express' }, fees: { payer: 'application' }, losses: { payments: 'application' } },
      capabilities: { transfers: { requested: true } },
      email: 'finance@acme.example',
      metadata: { vendor_id: '3' },
    });
    expect(acme).toMatchObject({ type: 'express', payouts_enabled: false, capabilities: { transfers: 'inactive' } });
    expect(acme.requirements?.currently_due).toContain('external_account');
    await pay(stripe, { payment_method: 'pm_card_bypassPending' });
    const early = await refusal(stripe.transfers.create({ amount: 100, currency: 'usd', destination: acme.id }));
    expect(early).toMatchObject({ statusCode: 400, code: 'insufficient_capabilities_for_transfer' });

    const site = 'http://127.0.0.1:9/vendor';
    const link = await stripe.accountLinks.create({
      account: acme.id,
      type: 'account_onboarding',
      refresh_url: site,
      return_url: site,
    });
    const back = await fetch(link.url, { redirect: 'manual' });
    expect(back.headers.get('location')).toBe(site);
    expect((await fetch(link.url, { redirect: 'manual' })).status).toBe(410);
    const ready = await stripe.accounts.retrieve(acme.id);
    expect(ready).toMatchObject({ details_submitted: true, payouts_enabled: true, capabilities: { transfers: 'active' } });
    expect((await stripe.transfers.create({ amount: 100, currency: 'usd', destination: acme.id })).amount).toBe(100);
  });

  it('activates a custom account as soon as its papers are complete', async () => {
    const acme = await stripe.accounts.create({
      type: 'custom',
      country: 'US',
      capabilities: { transfers: { requested: true } },
    });
    expect(acme.requirements?.currently_due).toEqual(['external_account', 'tos_acceptance.date', 'tos_acceptance.ip']);
    const complete = await stripe.accounts.update(acme.id, {
      external_account: {
        object: 'bank_account',
        country: 'US',
        currency: 'usd',
        account_number: '000123456789',
        routing_number: '110000000',
      },
      tos_acceptance: { date: 1_700_000_000, ip: '127.0.0.1' },
      settings: { payouts: { schedule: { interval: 'manual' } } },
    });
    expect(complete).toMatchObject({ payouts_enabled: true, capabilities: { transfers: 'active' } });
    expect(complete.settings?.payouts?.schedule).toMatchObject({ interval: 'manual' });
    const rejected = await stripe.accounts.reject(acme.id, { reason: 'fraud_other' });
    expect(rejected).toMatchObject({ payouts_enabled: false, capabilities: { transfers: 'inactive' } });
  });

  it('transfers out of a charge that is still pending, up to its amount and no further', async () => {
    const acme = await onboardedAccount(stripe);
    const intent = await pay(stripe, { amount: 10_000, transfer_group: 'invoice-7' });
    const source = String(intent.latest_charge);
    const transfer = await stripe.transfers.create({
      amount: 8_000,
      currency: 'usd',
      destination: acme.id,
      source_transaction: source,
      metadata: { op_id: 'payout-1' },
      expand: ['balance_transaction', 'destination_payment'],
    });
    expect(transfer).toMatchObject({
      amount: 8_000,
      transfer_group: 'invoice-7',
      reversed: false,
      metadata: { op_id: 'payout-1' },
    });
    expect(transfer.balance_transaction).toMatchObject({ amount: -8_000, type: 'transfer', fee: 0 });
    expect(transfer.destination_payment).toMatchObject({ amount: 8_000, source_transfer: transfer.id });
    const more = { amount: 2_001, currency: 'usd', destination: acme.id, source_transaction: source };
    expect(await refusal(stripe.transfers.create(more))).toMatchObject({ statusCode: 400, code: 'balance_insufficient' });
    expect((await stripe.transfers.create({ ...more, amount: 2_000 })).amount).toBe(2_000);

    const inGroup = await stripe.transfers.list({ transfer_group: 'invoice-7' });
    expect(inGroup.data.map((each) => each.amount)).toEqual([2_000, 8_000]);
    const vendor = { stripeAccount: acme.id };
    expect(usd((await stripe.balance.retrieve({}, vendor)).pending)).toBe(10_000);
    expect(usd((await stripe.balance.retrieve({}, vendor)).available)).toBe(0);
  });

  it('refuses a transfer that the available balance does not cover, and makes it two days later', async () => {
    const acme = await onboardedAccount(stripe);
    await pay(stripe, { amount: 10_000 });
    const transfer = { amount: 9_680, currency: 'usd', destination: acme.id };
    const early = await refusal(stripe.transfers.create(transfer));
    expect(early).toMatchObject({ type: 'StripeInvalidRequestError', code: 'balance_insufficient' });
    sandbox.clock.advance(2 * DAY_MS);
    expect(usd((await stripe.balance.retrieve()).available)).toBe(9_680);
    expect((await stripe.transfers.create(transfer)).amount).toBe(9_680);
    const spent = await refusal(stripe.transfers.create({ ...transfer, amount: 1 }));
    expect(spent.code).toBe('balance_insufficient');
  });

  it('refuses a destination that does not exist', async () => {
    const error = await refusal(stripe.transfers.create({ amount: 100, currency: 'usd', destination: 'acct_nobody' }));
    expect(error).toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'destination' });
  });

  it('takes a transfer back in parts, but not what the vendor has already paid out', async () => {
    const acme = await onboardedAccount(stripe);
    await pay(stripe, { payment_method: 'pm_card_bypassPending' });
    const transfer = await stripe.transfers.create({ amount: 5_000, currency: 'usd', destination: acme.id });
    const reversal = await stripe.transfers.createReversal(transfer.id, { amount: 1_500, metadata: { op_id: 'claw-1' } });
    expect(reversal).toMatchObject({ amount: 1_500, transfer: transfer.id });
    const after = await stripe.transfers.retrieve(transfer.id);
    expect(after).toMatchObject({ amount_reversed: 1_500, reversed: false });
    expect(after.reversals.data.map((each) => each.id)).toEqual([reversal.id]);
    await stripe.payouts.create({ amount: 3_000, currency: 'usd' }, { stripeAccount: acme.id });
    expect((await refusal(stripe.transfers.createReversal(transfer.id))).code).toBe('balance_insufficient');
    await stripe.transfers.createReversal(transfer.id, { amount: 500 });
    const tooMuch = await refusal(stripe.transfers.createReversal(transfer.id, { amount: 3_001 }));
    expect(tooMuch).toMatchObject({ statusCode: 400, param: 'amount' });
  });

  const funded = async (account: Stripe.Account) => {
    await pay(stripe, { payment_method: 'pm_card_bypassPending' });
    await stripe.transfers.create({ amount: 6_000, currency: 'usd', destination: account.id });
    return { stripeAccount: account.id };
  };

  it('brings a payout to the bank: pending, in transit, paid', async () => {
    const vendor = await funded(await onboardedAccount(stripe));
    const payout = await stripe.payouts.create({ amount: 6_000, currency: 'usd', metadata: { op_id: 'po-1' } }, vendor);
    expect(payout).toMatchObject({ status: 'pending', amount: 6_000, metadata: { op_id: 'po-1' } });
    expect(usd((await stripe.balance.retrieve({}, vendor)).available)).toBe(0);
    sandbox.clock.advance(1_000);
    expect((await stripe.payouts.retrieve(payout.id, {}, vendor)).status).toBe('in_transit');
    sandbox.clock.advance(1_000);
    expect((await stripe.payouts.retrieve(payout.id, {}, vendor)).status).toBe('paid');
    const events = await stripe.events.list({ type: 'payout.*' }, vendor);
    expect(events.data.map((event) => event.type)).toEqual(['payout.paid', 'payout.updated', 'payout.created']);
    expect(events.data.every((event) => event.account === vendor.stripeAccount)).toBe(true);
    // The platform's own objects and events are another account's.
    expect((await stripe.payouts.list()).data).toEqual([]);
  });

  it('pays out without being asked again, by its own clockwork', async () => {
    const vendor = await funded(await onboardedAccount(stripe));
    const payout = await stripe.payouts.create({ amount: 100, currency: 'usd' }, vendor);
    sandbox.clock.advance(5_000);
    await pause(250);
    const kept = sandbox.store.table<{ object: Stripe.Payout }>('stripe.payout').get(payout.id);
    expect(kept?.object.status).toBe('paid');
  });

  it('refuses a payout of more than the vendor has', async () => {
    const vendor = await funded(await onboardedAccount(stripe));
    const error = await refusal(stripe.payouts.create({ amount: 6_001, currency: 'usd' }, vendor));
    expect(error).toMatchObject({ statusCode: 400, code: 'balance_insufficient' });
  });

  it('fails a payout to a bank account that is closed, and gives the money back', async () => {
    const bank = { object: 'bank_account' as const, country: 'US', currency: 'usd', account_number: '000111111113' };
    const vendor = await funded(await onboardedAccount(stripe, { external_account: { ...bank, routing_number: '110000000' } }));
    const payout = await stripe.payouts.create({ amount: 6_000, currency: 'usd' }, vendor);
    sandbox.clock.advance(2_000);
    const failed = await stripe.payouts.retrieve(payout.id, {}, vendor);
    expect(failed).toMatchObject({ status: 'failed', failure_code: 'account_closed' });
    expect(usd((await stripe.balance.retrieve({}, vendor)).available)).toBe(6_000);
  });

  it('lets the bank return a payout that was already paid', async () => {
    const vendor = await funded(await onboardedAccount(stripe));
    sandbox.faults.failNext({ operation: 'payout.returned', code: 'account_closed' });
    const payout = await stripe.payouts.create({ amount: 6_000, currency: 'usd' }, vendor);
    sandbox.clock.advance(2_000);
    expect((await stripe.payouts.retrieve(payout.id, {}, vendor)).status).toBe('failed');
    const types = (await stripe.events.list({ limit: 2, type: 'payout.*' }, vendor)).data.map((event) => event.type);
    expect(types).toEqual(['payout.failed', 'payout.paid']);
  });

  it('accounts for every cent of the platform in balance transactions', async () => {
    const acme = await onboardedAccount(stripe);
    const intent = await pay(stripe, { amount: 10_000, payment_method: 'pm_card_bypassPending' });
    await stripe.transfers.create({ amount: 4_000, currency: 'usd', destination: acme.id });
    await stripe.refunds.create({ payment_intent: intent.id, amount: 1_000 });
    const movements = await stripe.balanceTransactions.list({ limit: 100 });
    expect(movements.data.map((each) => [each.type, each.net])).toEqual([
      ['refund', -1_000],
      ['transfer', -4_000],
      ['charge', 9_680],
    ]);
    expect(usd((await stripe.balance.retrieve()).available)).toBe(4_680);
  });

  it('knows nobody by an account that is not connected', async () => {
    const error = await refusal(stripe.balance.retrieve({}, { stripeAccount: 'acct_stranger' }));
    expect(error).toMatchObject({ type: 'StripePermissionError', statusCode: 403, code: 'account_invalid' });
  });
});
