/** A network that loses answers, a Stripe that answers 500 for ever, a day of silence: still one object for each call of ours. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { billingWorld, type World } from '../testing/world.ts';

interface Made {
  id: string;
  metadata: { op_id: string };
}

const INTENTS = 'POST /v1/payment_intents';
const TRANSFERS = 'POST /v1/transfers';

describe('calls to Stripe', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld({ settings: { STRIPE_TIMEOUT_SECONDS: '1' } });
    await world.openAccounts();
    await world.january();
  });
  afterEach(() => world.close());

  const calls = (
    operation: string,
  ): Promise<Array<{ state: string; attempts: number; object_id: string | null; fresh_key: boolean }>> =>
    world.database.sql(
      'select state, attempts, object_id, idempotency_key <> id as fresh_key from billing.external_call where operation = $1',
      [operation],
    );
  /** Settles, over as many failures as there are. @returns how many there were */
  const settleThrough = async (): Promise<number> => {
    for (let failures = 0; ; failures += 1) {
      const isDone = await world.app.settle().then(
        () => true,
        (error: { name: string }) => {
          if (error.name !== 'StripeFailure') throw error;
          return false;
        },
      );
      if (isDone) return failures;
    }
  };
  const expectOne = async (path: string, operation: string): Promise<void> => {
    const made = await world.atStripe<Made>(path);
    expect(made).toHaveLength(1);
    expect(await calls(operation)).toMatchObject([{ state: 'succeeded', object_id: made[0]!.id }]);
  };
  const expectPaid = async (): Promise<void> => {
    expect((await world.balances()).vendor_payable).toBeUndefined();
    expect(await world.balances()).toEqual({ platform_revenue: -772n, stripe_fees: 142n, stripe_clearing: 630n });
  };

  // The SDK itself repeats a call once on a connection that was closed under it, with the same key: so that has to happen twice.
  for (const [what, code, times] of [
    ['the connection is lost', 'connection_reset', 2],
    ['the answer breaks off half-way', 'reset_mid_body', 1],
    ['no answer comes', 'no_answer', 1],
  ] as const) {
    it(`charges once when ${what} after the work was done`, async () => {
      world.fail(INTENTS, { code, commitThenTimeOut: true, times });
      expect(await settleThrough()).toBe(1);
      await expectOne('payment_intents', 'payment_intents.create');
      expect(await calls('payment_intents.create')).toMatchObject([{ attempts: 2, fresh_key: false }]);
      await expectPaid();
    });
  }

  it('transfers once when the connection is lost after the work was done', async () => {
    world.fail(TRANSFERS, { code: 'connection_reset', commitThenTimeOut: true, times: 2 });
    expect(await settleThrough()).toBe(1);
    await expectOne('transfers', 'transfers.create');
    await expectPaid();
  });

  it('charges once when Stripe keeps a 500 for what it did', async () => {
    world.fail(INTENTS, { code: 'api_error', commitThenTimeOut: true, httpStatus: 500 });
    // Once as it happened, once replayed under the key; then the object is looked for.
    expect(await settleThrough()).toBe(2);
    await expectOne('payment_intents', 'payment_intents.create');
    expect(await calls('payment_intents.create')).toMatchObject([{ fresh_key: false }]);
    await expectPaid();
  });

  it('takes a new key when Stripe keeps a 500 and did nothing', async () => {
    world.fail(TRANSFERS, { code: 'api_error', httpStatus: 500 });
    expect(await settleThrough()).toBe(2);
    await expectOne('transfers', 'transfers.create');
    expect(await calls('transfers.create')).toMatchObject([{ fresh_key: true }]);
    await expectPaid();
  });

  it('looks for the object when an answer was lost and a day has passed, since Stripe has forgotten the key', async () => {
    world.fail(INTENTS, { code: 'connection_reset', commitThenTimeOut: true, times: 2 });
    world.fail('webhook', { code: 'lost', times: 100 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'unknown_outcome' });
    world.advance({ hours: 25 });
    await world.app.settle();
    await expectOne('payment_intents', 'payment_intents.create');
    expect(await calls('payment_intents.create')).toMatchObject([{ attempts: 1, fresh_key: false }]);
    await expectPaid();
  });

  it('is told by the webhook what the lost answer would have said', async () => {
    world.fail(INTENTS, { code: 'connection_reset', commitThenTimeOut: true, times: 2 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'unknown_outcome' });
    const [payment] = await world.database.sql<{ id: string }>('select id from billing.payment');
    const event = await arrived('payment_intent.succeeded');
    await world.stage('billing.apply-event').work(event);
    expect(await world.database.sql('select state from billing.payment')).toEqual([{ state: 'succeeded' }]);
    await world.stage('billing.collect-payment').work(payment!.id);
    await world.app.settle();
    await expectOne('payment_intents', 'payment_intents.create');
    expect(await calls('payment_intents.create')).toMatchObject([{ attempts: 1 }]);
    await expectPaid();
  });

  it('asks again, the same, while Stripe is throttling', async () => {
    world.fail(INTENTS, { code: 'rate_limit', times: 3 });
    world.fail(TRANSFERS, { code: 'lock_timeout', times: 2 });
    expect(await settleThrough()).toBe(5);
    expect(await calls('payment_intents.create')).toMatchObject([{ attempts: 4, fresh_key: false }]);
    await expectOne('transfers', 'transfers.create');
    await expectPaid();
  });

  it('repeats a call in the words of the first attempt, whatever card came since', async () => {
    world.fail(INTENTS, { code: 'connection_reset', commitThenTimeOut: true, times: 2 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'unknown_outcome' });
    await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_mastercard' });
    await world.app.settle();
    await expectOne('payment_intents', 'payment_intents.create');
  });

  async function arrived(type: string): Promise<string> {
    for (let tries = 0; tries < 200; tries += 1) {
      const [row] = await world.database.sql<{ event_id: string }>('select event_id from billing.inbound_event where type = $1', [
        type,
      ]);
      if (row) return row.event_id;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`No ${type} arrived.`);
  }
});
