/** A card that comes while a payment is under way: it is charged when that payment fails, once, and never beside it. */
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { billingWorld, type World } from '../testing/world.ts';

const INTENTS = 'POST /v1/payment_intents';

describe('a newer card', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
  });
  afterEach(() => world.close());

  const nameCard = async (paymentMethodId: string): Promise<void> => {
    expect((await world.as('buyer').put('/v1/payment-method', { paymentMethodId })).status).toBe(200);
  };
  const payments = (): Promise<Array<{ state: string }>> =>
    world.database.sql('select state from billing.payment order by created_at, id');
  const expectPaid = async (): Promise<void> => {
    expect((await world.as('buyer').get('/v1/invoices')).body).toMatchObject({
      items: [{ state: 'paid', paymentFailure: null }],
    });
    expect((await world.as('buyer').get('/v1/payment-method')).body.standing).toBe('good');
    expect((await world.balances()).buyer_receivable).toBeUndefined();
  };

  it('is charged when the one before it is declined after it came', async () => {
    await world.openAccounts('pm_card_chargeCustomerFail');
    await world.january();
    world.fail(INTENTS, { code: 'rate_limit', httpStatus: 429 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'throttled' });
    await nameCard('pm_card_visa');
    await world.settled();
    await expectPaid();
    expect((await payments()).map((payment) => payment.state).sort()).toEqual(['failed', 'succeeded']);
  });

  it('is charged when a bank debit fails days after it came', async () => {
    await world.openAccounts('pm_usBankAccount_insufficientFunds');
    await world.january();
    await world.settled();
    await nameCard('pm_card_visa');
    expect(await payments()).toMatchObject([{ state: 'processing' }]);
    world.moveTo('2026-02-03T06:11:00Z');
    await world.settled();
    await expectPaid();
  });

  it('is charged when it is the first and comes just as its absence is being noted', async () => {
    await world.january();
    for (const queue of ['billing.rate-period', 'billing.close-period'] as const) {
      const stage = world.stage(queue);
      for (const id of await stage.due()) await stage.work(id);
    }
    const [payment] = await world.database.sql<{ id: string }>('select id from billing.payment');
    const holder = new Client({ connectionString: world.database.ownerUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select 1 from billing.payment where id = $1 for update', [payment!.id]);
    const work = world.stage('billing.collect-payment').work(payment!.id);
    await isWaitingForALock();
    await nameCard('pm_card_visa');
    await holder.query('commit');
    await holder.end();
    await work;
    await world.settled();
    await expectPaid();
  });

  it('is tried once when it is declined as well', async () => {
    await world.openAccounts('pm_card_chargeCustomerFail');
    await world.january();
    world.fail(INTENTS, { code: 'rate_limit', httpStatus: 429 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'throttled' });
    await nameCard('pm_card_chargeCustomerFail');
    await world.settled();
    expect(await payments()).toEqual([{ state: 'failed' }, { state: 'failed' }]);
    expect((await world.as('buyer').get('/v1/payment-method')).body.standing).toBe('past_due');
  });

  it('does not let a key that may not charge make Globex past due', async () => {
    await world.openAccounts();
    await world.january();
    world.fail(INTENTS, { code: 'more_permissions_required', httpStatus: 403 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await payments()).toEqual([{ state: 'planned' }]);
    expect((await world.as('buyer').get('/v1/payment-method')).body.standing).toBe('good');
    world.advance({ hours: 21 });
    await world.settled();
    await expectPaid();
    expect(await world.atStripe('payment_intents')).toHaveLength(1);
  });

  async function isWaitingForALock(): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      const waiting = await world.database.sql(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (waiting.length > 0) return;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error('Nobody waits.');
  }
});
