/** One of everything that the sandbox's Stripe can do, by the official SDK: what a spec compares with Stripe's published types. */
import type { Stripe } from 'stripe';
import { DAY_MS, onboardedAccount, pay, refusal, type StripeSandbox } from './stripe-sandbox.ts';

const OFFLINE: Stripe.PaymentIntentCreateParams.MandateData = { customer_acceptance: { type: 'offline' } };
const ADDRESS = { city: 'Springfield', country: 'US', line1: '1 Main Street', postal_code: '62701', state: 'IL' };

/** Walks through the API; every call of it is made at least once. */
export async function takeTour(sandbox: StripeSandbox): Promise<void> {
  const { stripe } = sandbox;
  await customersAndMethods(stripe);
  await payments(sandbox);
  const acme = await accounts(sandbox);
  await moneyOfAcme(sandbox, acme);
  await checkout(sandbox);
  await taxes(stripe);
  await webhooks(stripe);
}

async function customersAndMethods(stripe: Stripe): Promise<void> {
  const customer = await stripe.customers.create({
    address: ADDRESS,
    email: 'billing@globex.example',
    metadata: { buyer_id: '7' },
    name: 'Globex',
    payment_method: 'pm_card_visa',
    shipping: { address: ADDRESS, name: 'Globex' },
    tax_exempt: 'none',
  });
  const made = await stripe.paymentMethods.create({
    billing_details: { address: ADDRESS, email: '', name: 'Globex' },
    card: { token: 'tok_mastercard' },
    metadata: { a: 'b' },
    type: 'card',
  });
  await stripe.paymentMethods.attach(made.id, { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: made.id }, phone: '+1 555 0100' });
  await stripe.paymentMethods.update(made.id, { billing_details: { phone: '+1 555 0101' }, metadata: { a: '' } });
  await stripe.paymentMethods.retrieve(made.id);
  await stripe.paymentMethods.list({ customer: customer.id, type: 'card' });
  await stripe.customers.listPaymentMethods(customer.id, { limit: 1 });
  await stripe.customers.retrievePaymentMethod(customer.id, made.id);
  await stripe.customers.retrieve(customer.id);
  await stripe.customers.search({ query: `metadata['buyer_id']:'7'` });
  for (const method of ['pm_card_visa', 'pm_usBankAccount_success', 'pm_success_de']) {
    const setup = await stripe.setupIntents.create({
      automatic_payment_methods: { allow_redirects: 'never', enabled: true },
      customer: customer.id,
      description: 'For invoices',
    });
    await stripe.setupIntents.update(setup.id, { metadata: { a: 'b' }, payment_method: method });
    const mandate = method === 'pm_card_visa' ? {} : { mandate_data: OFFLINE };
    const ready = await stripe.setupIntents.confirm(setup.id, { ...mandate, expand: ['payment_method'] });
    if (ready.mandate) await stripe.mandates.retrieve(String(ready.mandate));
  }
  const open = await stripe.setupIntents.create({});
  await stripe.setupIntents.retrieve(open.id);
  await stripe.setupIntents.cancel(open.id, { cancellation_reason: 'abandoned' });
  await stripe.setupIntents.list({ customer: customer.id });
  const waiting = { allowed_payment_method_types: ['card' as const], confirm: true, return_url: 'http://127.0.0.1:9/' };
  await stripe.setupIntents.create({ ...waiting, payment_method: 'pm_card_authenticationRequired' });
  await refusal(stripe.setupIntents.create({ ...waiting, payment_method: 'pm_card_visa_chargeDeclined' }));
  await stripe.setupIntents.list();
  await stripe.paymentMethods.detach(made.id);
  await stripe.customers.list({ email: 'billing@globex.example' });
  await stripe.customers.del(customer.id);
  await stripe.customers.retrieve(customer.id);
}

async function payments({ stripe, clock, control }: StripeSandbox): Promise<void> {
  const customer = await stripe.customers.create({ name: 'Globex' });
  const drawn = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    customer: customer.id,
    shipping: { address: ADDRESS, name: 'Globex' },
  });
  await stripe.paymentIntents.update(drawn.id, { amount: 600, description: 'Invoice 1', payment_method: 'pm_card_visa' });
  await stripe.paymentIntents.confirm(drawn.id, { off_session: true, expand: ['latest_charge.balance_transaction'] });
  await stripe.paymentIntents.cancel((await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })).id);
  const action = { off_session: undefined, return_url: 'http://127.0.0.1:9/', payment_method: 'pm_card_authenticationRequired' };
  const waiting = await pay(stripe, action);
  await fetch(waiting.next_action!.redirect_to_url!.url!, { redirect: 'manual' });
  await refusal(pay(stripe, { payment_method: 'pm_card_visa_chargeDeclined' }));
  await refusal(pay(stripe, { payment_method: 'pm_card_radarBlock' }));
  const debit = { mandate_data: OFFLINE };
  await pay(stripe, { ...debit, payment_method: 'pm_usBankAccount_success' });
  await pay(stripe, { ...debit, payment_method: 'pm_usBankAccount_insufficientFunds' });
  const disputed = await pay(stripe, { ...debit, payment_method: 'pm_usBankAccount_dispute', metadata: { op_id: 'tour' } });
  await pay(stripe, { ...debit, currency: 'eur', payment_method: 'pm_success_de' });
  clock.advance(3 * DAY_MS);
  await stripe.paymentIntents.retrieve(disputed.id, { expand: ['payment_method'] });
  await stripe.paymentIntents.list({ limit: 100 });
  await stripe.paymentIntents.search({ query: `metadata['op_id']:'tour'` });
  for (const method of ['pm_card_visa', 'pm_card_pendingRefund', 'pm_card_refundFail']) {
    const intent = await pay(stripe, { payment_method: method });
    const refund = await stripe.refunds.create({
      amount: 100,
      metadata: { a: 'b' },
      payment_intent: intent.id,
      reason: 'duplicate',
    });
    await stripe.refunds.update(refund.id, { metadata: { a: '' } });
    await stripe.charges.retrieve(String(intent.latest_charge), { expand: ['refunds'] });
  }
  await stripe.refunds
    .create({ charge: String((await stripe.charges.list({ payment_intent: disputed.id })).data[0]!.id) })
    .catch(() => {});
  clock.advance(2 * DAY_MS);
  const { data: refunds } = await stripe.refunds.list({ expand: ['data.charge'] });
  await stripe.refunds.retrieve(refunds[0]!.id);
  await refusal(stripe.refunds.cancel(refunds[0]!.id));
  const contested = await pay(stripe, { payment_method: 'pm_card_createDispute' });
  const [dispute] = (await stripe.disputes.list({ payment_intent: contested.id })).data;
  await stripe.disputes.update(dispute!.id, { evidence: { product_description: 'Vault' }, submit: false });
  await stripe.disputes.update(dispute!.id, { evidence: { uncategorized_text: 'winning_evidence' } });
  await pay(stripe, { payment_method: 'pm_card_createDisputeInquiry' });
  const lost = control.openDispute((await pay(stripe)).id, { reason: 'duplicate' });
  await stripe.disputes.close(lost.id);
  await stripe.disputes.retrieve(lost.id, { expand: ['charge'] });
  await stripe.charges.update(String(contested.latest_charge), {
    description: 'Contested',
    fraud_details: { user_report: 'safe' },
  });
  await stripe.charges.search({ query: `metadata['op_id']:'tour'` });
  await stripe.charges.list({ limit: 100 });
}

async function accounts({ stripe, control }: StripeSandbox): Promise<Stripe.Account> {
  const custom = await stripe.accounts.create({
    business_profile: { mcc: '5734', name: 'Acme', support_address: ADDRESS },
    business_type: 'company',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    company: { address: ADDRESS, name: 'Acme', tax_id: '000000000' },
    country: 'US',
    settings: { payouts: { schedule: { interval: 'weekly', weekly_payout_days: ['monday'] } } },
    type: 'custom',
  });
  const bank = {
    account_number: '000123456789',
    country: 'US',
    currency: 'usd',
    object: 'bank_account' as const,
    routing_number: '110000000',
  };
  const first = await stripe.accounts.createExternalAccount(custom.id, { external_account: bank, metadata: { a: 'b' } });
  await stripe.accounts.createExternalAccount(custom.id, { external_account: 'btok_us_verified', default_for_currency: true });
  await stripe.accounts.updateExternalAccount(custom.id, first.id, { metadata: { a: '' } });
  await stripe.accounts.retrieveExternalAccount(custom.id, first.id);
  await stripe.accounts.listExternalAccounts(custom.id, { object: 'bank_account' });
  await stripe.accounts.deleteExternalAccount(custom.id, first.id);
  await stripe.accounts.update(custom.id, { tos_acceptance: { date: 1_700_000_000, ip: '127.0.0.1' } });
  await stripe.accounts.listCapabilities(custom.id);
  await stripe.accounts.updateCapability(custom.id, 'us_bank_account_ach_payments', { requested: true });
  await stripe.accounts.retrieveCapability(custom.id, 'transfers');
  control.orderAccount(custom.id, { due: ['company.tax_id'], deadline: 1 });
  await stripe.accounts.retrieve(custom.id);
  await stripe.accounts.reject(custom.id, { reason: 'other' });
  await stripe.accounts.del(custom.id);
  const acme = await onboardedAccount(stripe);
  await stripe.accounts.createLoginLink(acme.id);
  await stripe.accounts.list();
  await stripe.accounts.retrieveCurrent();
  return acme;
}

async function moneyOfAcme({ stripe, clock, control }: StripeSandbox, acme: Stripe.Account): Promise<void> {
  const vendor = { stripeAccount: acme.id };
  const intent = await pay(stripe, { payment_method: 'pm_card_bypassPending', transfer_group: 'invoice-1' });
  const source = { source_transaction: String(intent.latest_charge), destination: acme.id, currency: 'usd' };
  const transfer = await stripe.transfers.create({ ...source, amount: 5_000, expand: ['destination_payment'] });
  await stripe.transfers.update(transfer.id, { metadata: { a: 'b' } });
  const reversal = await stripe.transfers.createReversal(transfer.id, { amount: 500 });
  await stripe.transfers.updateReversal(transfer.id, reversal.id, { metadata: { a: 'b' } });
  await stripe.transfers.retrieveReversal(transfer.id, reversal.id);
  await stripe.transfers.listReversals(transfer.id);
  await stripe.transfers.retrieve(transfer.id);
  await stripe.transfers.list({ transfer_group: 'invoice-1' });
  const payout = await stripe.payouts.create({ amount: 1_000, currency: 'usd', metadata: { a: 'b' } }, vendor);
  await stripe.payouts.cancel((await stripe.payouts.create({ amount: 1_000, currency: 'usd' }, vendor)).id, {}, vendor);
  await stripe.payouts.update(payout.id, { metadata: { a: '' } }, vendor);
  await stripe.balanceSettings.update({ payments: { payouts: { schedule: { interval: 'daily' } } } }, vendor);
  await stripe.balanceSettings.retrieve({}, vendor);
  clock.advance(2 * DAY_MS);
  await stripe.payouts.list({ limit: 100 }, vendor);
  control.returnPayout(payout.id, 'account_closed');
  await stripe.payouts.retrieve(payout.id, { expand: ['destination', 'failure_balance_transaction'] }, vendor);
  await stripe.balance.retrieve({}, vendor);
  await stripe.charges.list({}, vendor);
  await stripe.refunds.list({}, vendor);
  await stripe.balanceTransactions.list({}, vendor);
  const { data } = await stripe.balanceTransactions.list({ limit: 100, expand: ['data.source'] });
  await stripe.balanceTransactions.retrieve(data[0]!.id);
}

async function checkout({ stripe }: StripeSandbox): Promise<void> {
  const item = { price_data: { currency: 'usd', product_data: { name: 'Invoice 1' }, unit_amount: 3_863 }, quantity: 1 };
  const open = () =>
    stripe.checkout.sessions.create({
      customer_creation: 'always',
      line_items: [item],
      metadata: { a: 'b' },
      mode: 'payment',
      payment_intent_data: { description: 'Invoice 1', metadata: { op_id: 'tour' } },
      success_url: 'http://127.0.0.1:9/',
      expand: ['line_items'],
    });
  const session = await open();
  await fetch(session.url!, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ email: 'pay@globex.example' }) });
  await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent', 'customer'] });
  await stripe.checkout.sessions.update(session.id, { metadata: { a: '' } });
  await stripe.checkout.sessions.listLineItems(session.id);
  await stripe.checkout.sessions.expire((await open()).id);
  await stripe.checkout.sessions.list();
}

async function taxes(stripe: Stripe): Promise<void> {
  const calculation = await stripe.tax.calculations.create({
    currency: 'eur',
    customer_details: { address: { country: 'DE' }, address_source: 'billing', tax_ids: [] },
    line_items: [{ amount: 10_000 }, { amount: 11_900, reference: 'L-in', tax_behavior: 'inclusive' }],
    expand: ['line_items'],
  });
  await stripe.tax.calculations.retrieve(calculation.id!);
  await stripe.tax.calculations.listLineItems(calculation.id!);
  const made = { calculation: calculation.id!, reference: 'invoice-1', expand: ['line_items'] };
  const transaction = await stripe.tax.transactions.createFromCalculation(made);
  await stripe.tax.transactions.retrieve(transaction.id);
  await stripe.tax.transactions.listLineItems(transaction.id);
  const reversal = { mode: 'full' as const, original_transaction: transaction.id, reference: 'credit-1', expand: ['line_items'] };
  await stripe.tax.transactions.createReversal(reversal);
}

async function webhooks(stripe: Stripe): Promise<void> {
  const endpoint = await stripe.webhookEndpoints.create({ enabled_events: ['charge.succeeded'], url: 'http://127.0.0.1:9/' });
  await stripe.webhookEndpoints.update(endpoint.id, { description: 'Mine', disabled: true });
  await stripe.webhookEndpoints.retrieve(endpoint.id);
  await stripe.webhookEndpoints.list();
  await stripe.webhookEndpoints.del(endpoint.id);
  const { data } = await stripe.events.list({ limit: 100 });
  await stripe.events.retrieve(data[0]!.id);
}
