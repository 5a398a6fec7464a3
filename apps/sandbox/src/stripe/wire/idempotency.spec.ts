/** Keys and faults: what a caller may repeat, and what it learns when the network or Stripe breaks. */
import type { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, onboardedAccount, openSandbox, pay, refusal, type StripeSandbox } from '../testing/stripe-sandbox.ts';

describe('idempotency and faults', () => {
  let sandbox: StripeSandbox;
  let stripe: Stripe;

  beforeEach(async () => {
    sandbox = await openSandbox();
    stripe = sandbox.stripe;
  });
  afterEach(() => sandbox.close());

  const intent: Stripe.PaymentIntentCreateParams = {
    amount: 4_200,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    off_session: true,
    confirm: true,
    metadata: { op_id: 'op-9' },
  };
  const create = (idempotencyKey: string, params = intent) => stripe.paymentIntents.create(params, { idempotencyKey });
  const count = async () => (await stripe.paymentIntents.list({ limit: 100 })).data.length;

  it('answers a repeated request with the first answer, and says so', async () => {
    const first = await create('key-1');
    // The order of the parameters does not make another request.
    const again = await create('key-1', Object.fromEntries(Object.entries(intent).toReversed()) as typeof intent);
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(again.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect(first.lastResponse.headers).not.toHaveProperty('idempotent-replayed');
    expect(await count()).toBe(1);
  });

  it('refuses the same key for other parameters, and for another path', async () => {
    await create('key-1');
    const other = await refusal(create('key-1', { ...intent, amount: 4_201 }));
    expect(other).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400, rawType: 'idempotency_error' });
    const elsewhere = await refusal(stripe.customers.create({}, { idempotencyKey: 'key-1' }));
    expect(elsewhere.type).toBe('StripeIdempotencyError');
  });

  it('stores a decline and replays it, though a card would now be good', async () => {
    const declined = { ...intent, payment_method: 'pm_card_chargeDeclined' };
    const first = await refusal(create('key-1', declined));
    const again = await refusal(create('key-1', declined));
    expect(again.code).toBe('card_declined');
    expect(again.payment_intent?.id).toBe(first.payment_intent?.id);
    expect(await count()).toBe(1);
  });

  it('does not store what it refused for its shape', async () => {
    expect((await refusal(create('key-1', { ...intent, amount: 0 }))).code).toBe('parameter_invalid_integer');
    expect((await create('key-1')).status).toBe('succeeded');
  });

  it('replays a 500 for ever, even though nothing was done', async () => {
    sandbox.faults.failNext({ operation: 'POST /v1/payment_intents', code: 'api_error', httpStatus: 500 });
    expect(await refusal(create('key-1'))).toMatchObject({ type: 'StripeAPIError', statusCode: 500 });
    const again = await refusal(create('key-1'));
    expect(again.statusCode).toBe(500);
    expect(again.headers?.['idempotent-replayed']).toBe('true');
    expect(await count()).toBe(0);
    expect((await create('key-2')).status).toBe('succeeded');
  });

  it('can answer 500 after the work was done: only looking it up tells', async () => {
    const fault = { operation: 'POST /v1/payment_intents', code: '', httpStatus: 500, commitThenTimeOut: true };
    sandbox.faults.failNext(fault);
    expect((await refusal(create('key-1'))).statusCode).toBe(500);
    expect((await refusal(create('key-1'))).statusCode).toBe(500);
    const found = await stripe.paymentIntents.search({ query: `metadata['op_id']:'op-9'` });
    expect(found.data).toHaveLength(1);
    expect(found.data[0]?.status).toBe('succeeded');
  });

  it('does not store a 429: the same key goes through afterwards', async () => {
    sandbox.faults.failNext({ operation: 'POST /v1/payment_intents', code: 'rate_limit', times: 2 });
    expect(await refusal(create('key-1'))).toMatchObject({ type: 'StripeRateLimitError', statusCode: 429 });
    expect((await refusal(create('key-1'))).statusCode).toBe(429);
    expect((await create('key-1')).status).toBe('succeeded');
  });

  it('makes one object when the answer is lost and the SDK repeats the call', async () => {
    sandbox.faults.failNext({ operation: 'POST /v1/payment_intents', code: '', commitThenTimeOut: true, times: 2 });
    const patient = sandbox.client({ maxNetworkRetries: 2 });
    const made = await patient.paymentIntents.create(intent, { idempotencyKey: 'key-1' });
    expect(made.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await count()).toBe(1);
  });

  it('leaves the caller in the dark when it does not repeat, until it asks with the same key', async () => {
    const acme = await onboardedAccount(stripe);
    await pay(stripe, { payment_method: 'pm_card_bypassPending' });
    const transfer = () =>
      stripe.transfers.create({ amount: 900, currency: 'usd', destination: acme.id }, { idempotencyKey: 'payout-5' });
    // The SDK repeats a closed connection once even without retries, so both answers have to be lost.
    sandbox.faults.failNext({ operation: 'POST /v1/transfers', code: '', commitThenTimeOut: true, times: 2 });
    expect((await refusal(transfer())).type).toBe('StripeConnectionError');
    const made = await transfer();
    expect((await stripe.transfers.list()).data.map((each) => each.id)).toEqual([made.id]);
  });

  it('can stay silent until the caller gives up', async () => {
    sandbox.faults.failNext({ operation: 'POST /v1/payment_intents', code: 'no_answer', commitThenTimeOut: true });
    const hasty = sandbox.client({ timeout: 200 });
    const error = await refusal(hasty.paymentIntents.create(intent, { idempotencyKey: 'key-1' }));
    expect(error.type).toBe('StripeConnectionError');
    expect(error.message).toContain('timeout');
    expect((await create('key-1')).status).toBe('succeeded');
    expect(await count()).toBe(1);
  });

  it('can break off in the middle of an answer', async () => {
    const fault = { operation: 'POST /v1/customers', code: 'reset_mid_body', commitThenTimeOut: true, times: 2 };
    sandbox.faults.failNext(fault);
    const create = () => stripe.customers.create({ name: 'Globex' }, { idempotencyKey: 'customer-1' });
    expect((await refusal(create())).type).toBe('StripeConnectionError');
    sandbox.faults.clear();
    await create();
    expect((await stripe.customers.list()).data).toHaveLength(1);
  });

  it('lets a fault decline the card, with everything a real decline leaves behind', async () => {
    sandbox.faults.failNext({ operation: 'POST /v1/payment_intents', code: 'insufficient_funds' });
    const error = await refusal(create('key-1'));
    expect(error).toMatchObject({ type: 'StripeCardError', code: 'card_declined', decline_code: 'insufficient_funds' });
    expect((await stripe.paymentIntents.retrieve(error.payment_intent!.id)).status).toBe('requires_payment_method');
    expect((await create('key-2')).status).toBe('succeeded');
  });

  it('fails a single route by its pattern, with any code and status', async () => {
    const made = await create('key-1');
    sandbox.faults.failNext({ operation: 'GET /v1/payment_intents/:id', code: 'api_error', httpStatus: 503 });
    expect((await refusal(stripe.paymentIntents.retrieve(made.id))).statusCode).toBe(503);
    expect((await stripe.paymentIntents.retrieve(made.id)).id).toBe(made.id);
  });

  it('refuses a key that is at work', async () => {
    const slow = await openSandbox({ latencyMs: 100 });
    try {
      const call = () => slow.stripe.customers.create({ name: 'Globex' }, { idempotencyKey: 'customer-1' });
      const settled = await Promise.allSettled([call(), call()]);
      const refused = settled.find((each) => each.status === 'rejected');
      expect(refused?.reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use', rawType: 'idempotency_error' });
      expect(settled.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    } finally {
      await slow.close();
    }
  });

  it('forgets a key after a day: the same call is then another payment', async () => {
    const first = await create('key-1');
    sandbox.clock.advance(DAY_MS + 60_000);
    expect((await create('key-1')).id).not.toBe(first.id);
  });
});
