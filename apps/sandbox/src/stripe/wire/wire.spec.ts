/** Stripe's wire as such: keys, shapes, errors, lists, expansion, and what the sandbox does not know. */
import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSandbox, pay, refusal, type StripeSandbox, temporaryFile } from '../testing/stripe-sandbox.ts';

const ids = (result: Stripe.ApiList<Stripe.Customer>) => result.data.map((customer) => customer.id);

describe('the wire', () => {
  let sandbox: StripeSandbox;
  let stripe: Stripe;

  beforeAll(async () => {
    sandbox = await openSandbox();
    stripe = sandbox.stripe;
  });
  afterAll(() => sandbox.close());

  const create = (amount: number, currency: string) => stripe.paymentIntents.create({ amount, currency });
  const list = (params: Stripe.CustomerListParams) => stripe.customers.list({ email: 'pages@globex.example', ...params });

  const raw = (path: string, init: RequestInit = {}) =>
    fetch(`${sandbox.origin}${path}`, { ...init, headers: { authorization: 'Bearer sk_test_slipway_sandbox', ...init.headers } });

  it('answers 401 to a key it does not know, and to none', async () => {
    const error = await refusal(sandbox.client({}, 'sk_test_of_somebody_else').balance.retrieve());
    expect(error).toMatchObject({ type: 'StripeAuthenticationError', statusCode: 401 });
    expect(error.message).not.toContain('sk_test_of_somebody_else');
    expect((await raw('/v1/balance', { headers: { authorization: '' } })).status).toBe(401);
    sandbox.control.addKey({ key: 'sk_test_second' });
    expect((await sandbox.client({}, 'sk_test_second').balance.retrieve()).object).toBe('balance');
  });

  it('marks every answer with a request id and the version it was asked for', async () => {
    const balance = await stripe.balance.retrieve();
    expect(balance.lastResponse.requestId).toMatch(/^req_/);
    expect(balance.lastResponse.apiVersion).toBe('2026-10-28.endive');
    const error = await refusal(stripe.customers.retrieve('cus_nobody'));
    expect(error.requestId).toMatch(/^req_/);
    const unversioned = await raw('/v1/balance');
    expect(unversioned.headers.get('stripe-version')).toBe('2026-10-28.endive');
  });

  it('does not pretend to be another version of Stripe, and knows what is none', async () => {
    const old = await raw('/v1/balance', { headers: { 'stripe-version': '2024-06-20' } });
    expect([old.status, await old.json()]).toMatchObject([501, { error: { code: 'sandbox_not_implemented' } }]);
    const none = await raw('/v1/balance', { headers: { 'stripe-version': 'yesterday' } });
    expect([none.status, await none.json()]).toMatchObject([400, { error: { type: 'invalid_request_error' } }]);
  });

  it('answers 404 for an unknown id in the address and 400 for one in a parameter', async () => {
    const address = await refusal(stripe.charges.retrieve('ch_nothing'));
    expect(address).toMatchObject({ statusCode: 404, code: 'resource_missing', rawType: 'invalid_request_error' });
    const param = await refusal(pay(stripe, { customer: 'cus_nobody' }));
    expect(param).toMatchObject({ statusCode: 400, code: 'resource_missing', param: 'customer' });
  });

  it.each([
    ['an unknown parameter', { amount: 500, currency: 'usd', colour: 'red' }, 'parameter_unknown', 'colour'],
    [
      'an unknown parameter inside',
      { amount: 500, currency: 'usd', automatic_payment_methods: { on: true } },
      'parameter_unknown',
      'automatic_payment_methods[on]',
    ],
    ['a missing parameter', { currency: 'usd' }, 'parameter_missing', 'amount'],
    ['an empty parameter', { amount: '', currency: 'usd' }, 'parameter_invalid_empty', 'amount'],
    ['an amount of nothing', { amount: 0, currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
    ['a negative amount', { amount: -5, currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
    ['half a cent', { amount: 99.5, currency: 'usd' }, 'parameter_invalid_integer', 'amount'],
    ['less than the minimum', { amount: 49, currency: 'usd' }, 'amount_too_small', 'amount'],
    ['more than eight digits', { amount: 100_000_000, currency: 'usd' }, 'amount_too_large', 'amount'],
    ['no such currency', { amount: 500, currency: 'bitcoin' }, undefined, 'currency'],
  ])('refuses %s', async (_what, params, code, param) => {
    const error = await refusal(stripe.paymentIntents.create(params as unknown as Stripe.PaymentIntentCreateParams));
    expect(error).toMatchObject({ statusCode: 400, rawType: 'invalid_request_error', param });
    expect(error.code).toBe(code);
    if (code) expect(error.doc_url).toContain('docs.stripe.com');
  });

  it('has the minimum and the digits of each currency', async () => {
    expect((await refusal(create(29, 'gbp'))).code).toBe('amount_too_small');
    expect((await create(30, 'GBP')).currency).toBe('gbp');
    expect((await create(50, 'jpy')).amount).toBe(50);
  });

  it('says 501 with the method and the path of what it does not know', async () => {
    const error = await refusal(stripe.invoices.list());
    expect(error).toMatchObject({ statusCode: 501, code: 'sandbox_not_implemented' });
    expect(error.message).toContain('GET /v1/invoices');
    expect((await raw('/v1/customers', { method: 'PUT', body: 'a=b' })).status).toBe(501);
  });

  it('pages lists from the newest, forwards and backwards', async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.unshift((await stripe.customers.create({ email: 'pages@globex.example' })).id);
    const first = await list({ limit: 2 });
    expect([ids(first), first.has_more]).toEqual([made.slice(0, 2), true]);
    const second = await list({ limit: 3, starting_after: made[1] });
    expect([ids(second), second.has_more]).toEqual([made.slice(2), false]);
    const back = await list({ limit: 2, ending_before: made[4] });
    expect([ids(back), back.has_more]).toEqual([made.slice(2, 4), true]);
    const all: string[] = [];
    for await (const customer of list({ limit: 2 })) all.push(customer.id);
    expect(all).toEqual(made);
    expect((await refusal(list({ starting_after: 'cus_nobody' }))).param).toBe('starting_after');
    expect((await refusal(list({ limit: 101 }))).code).toBe('parameter_invalid_integer');
  });

  it('lists by the time of creation', async () => {
    sandbox.clock.advance(60_000);
    const customer = await stripe.customers.create({ name: 'Late' });
    const since = await stripe.customers.list({ created: { gte: customer.created } });
    expect(since.data.map((each) => each.id)).toEqual([customer.id]);
    expect((await stripe.customers.list({ created: { lt: customer.created - 59 }, limit: 100 })).data).not.toContainEqual(
      since.data[0],
    );
  });

  it('expands what was asked for, in single objects and in lists', async () => {
    const customer = await stripe.customers.create({ name: 'Globex' });
    await pay(stripe, { customer: customer.id });
    const list = await stripe.charges.list({ customer: customer.id, expand: ['data.balance_transaction', 'data.customer'] });
    expect(list.data[0]).toMatchObject({ balance_transaction: { object: 'balance_transaction' }, customer: { name: 'Globex' } });
    const error = await refusal(stripe.charges.list({ expand: ['data.colour'] }));
    expect(error).toMatchObject({ statusCode: 400, param: 'expand[]' });
  });

  it('keeps every event, and lists them by type and time', async () => {
    const intent = await pay(stripe, { metadata: { op_id: 'op-events' } });
    const [latest] = (await stripe.events.list({ type: 'payment_intent.succeeded', limit: 1 })).data;
    expect(latest).toMatchObject({ type: 'payment_intent.succeeded', data: { object: { id: intent.id } } });
    expect(await stripe.events.retrieve(latest!.id)).toMatchObject({ id: latest!.id });
    const several = await stripe.events.list({ types: ['charge.succeeded', 'payment_intent.created'], limit: 2 });
    expect(several.data.map((event) => event.type)).toEqual(['charge.succeeded', 'payment_intent.created']);
    expect((await stripe.events.list({ created: { gt: latest!.created + 1 } })).data).toEqual([]);
  });

  it('remembers everything after a restart: objects, keys, balance, events', async () => {
    const { file, remove } = temporaryFile();
    try {
      const before = await openSandbox({}, file);
      const customer = await before.stripe.customers.create({ name: 'Globex' });
      const paid = (box: StripeSandbox) =>
        box.stripe.paymentIntents.create(
          {
            amount: 700,
            currency: 'usd',
            customer: customer.id,
            payment_method: 'pm_card_visa',
            off_session: true,
            confirm: true,
          },
          { idempotencyKey: 'key-1' },
        );
      const intent = await paid(before);
      await before.close();

      const after = await openSandbox({}, file);
      expect((await paid(after)).id).toBe(intent.id);
      expect((await after.stripe.charges.list()).data.map((charge) => charge.id)).toEqual([intent.latest_charge]);
      expect((await after.stripe.balance.retrieve()).pending[0]?.amount).toBe(650);
      const types = (await after.stripe.events.list()).data.map((event) => event.type);
      expect(types).toEqual(['payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created', 'customer.created']);
      await after.close();
    } finally {
      remove();
    }
  });
});
