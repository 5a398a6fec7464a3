/** Stripe's news: believed only when signed and recent, kept once, and harmless in any number and order. */
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { billingWorld, WEBHOOK_SECRET, type World } from '../testing/world.ts';

const ROTATED = 'whsec_that_comes_next';
const CONNECT = 'whsec_of_the_connect_endpoint';

const event = (id: string, type = 'payment_intent.succeeded', objectId = 'pi_none'): string =>
  JSON.stringify({
    id,
    object: 'event',
    type,
    data: { object: { id: objectId, object: 'payment_intent', status: 'succeeded' } },
  });

describe('webhooks', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld({
      settings: { STRIPE_WEBHOOK_SECRET: `${WEBHOOK_SECRET}, ${ROTATED}`, STRIPE_CONNECT_WEBHOOK_SECRET: CONNECT },
    });
  });
  afterEach(() => world.close());

  const signed = (body: string, secret: string, ageSeconds = 0): string => {
    const at = Math.floor(world.clock.now().getTime() / 1000) - ageSeconds;
    return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
  };
  const send = async (body: string, signature?: string): Promise<number> => {
    const response = await fetch(`${world.app.url}/webhooks/stripe`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...(signature ? { 'stripe-signature': signature } : {}) },
    });
    await response.text();
    return response.status;
  };
  const kept = async (): Promise<number> => (await world.database.sql('select 1 from billing.inbound_event')).length;

  it('refuses what is not signed, signed by another, changed on the way, or old, and keeps nothing of it', async () => {
    const body = event('evt_1');
    expect(await send(body)).toBe(400);
    expect(await send(body, 'nonsense')).toBe(400);
    expect(await send(body, signed(body, 'whsec_of_somebody_else'))).toBe(400);
    expect(await send(body.replace('evt_1', 'evt_2'), signed(body, WEBHOOK_SECRET))).toBe(400);
    expect(await send(body, signed(body, WEBHOOK_SECRET, 301))).toBe(400);
    expect(await kept()).toBe(0);
  });

  it('takes both secrets while one is being replaced, and the one of the connect endpoint', async () => {
    for (const [index, secret] of [WEBHOOK_SECRET, ROTATED, CONNECT].entries()) {
      const body = event(`evt_${index}`);
      expect(await send(body, signed(body, secret, 299))).toBe(200);
    }
    expect(await kept()).toBe(3);
  });

  it('keeps an event once, however often it comes', async () => {
    const body = event('evt_1');
    const statuses = await Promise.all(Array.from({ length: 5 }, () => send(body, signed(body, WEBHOOK_SECRET))));
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(await kept()).toBe(1);
  });

  it('does not believe what an event says of an object: only what the object shows', async () => {
    await world.openAccounts('pm_card_chargeCustomerFail');
    await world.january();
    await world.settled();
    const [intent] = await world.atStripe<{ id: string }>('payment_intents');
    const body = event('evt_lie', 'payment_intent.succeeded', intent!.id);
    expect(await send(body, signed(body, WEBHOOK_SECRET))).toBe(200);
    await world.settled();
    expect((await world.as('buyer').get('/v1/invoices')).body).toMatchObject({ items: [{ state: 'open' }] });
  });

  it('lets go of events of unknown types, of objects that are gone, and of objects that are not ours', async () => {
    for (const [id, type, objectId] of [
      ['evt_1', 'climate.order.delivered', 'climorder_1'],
      ['evt_2', 'payment_intent.succeeded', 'pi_gone'],
      ['evt_3', 'balance.available', ''],
    ] as const) {
      const body = event(id, type, objectId);
      expect(await send(body, signed(body, WEBHOOK_SECRET))).toBe(200);
    }
    await world.app.settle();
    expect(await world.database.sql('select 1 from billing.inbound_event where handled_at is null')).toEqual([]);
    expect(await world.balances()).toEqual({});
  });

  it('comes to the same end with every event doubled, in reverse, and days late', async () => {
    await world.openAccounts();
    await world.january();
    world.fail('webhook', { code: 'duplicate', times: 1000 });
    await world.settled();
    world.moveTo('2026-02-03T06:11:00Z');
    await world.app.settle();
    world.advance({ seconds: 5 });
    await world.app.settle(
      async () => ((await world.database.sql('select state from billing.payout'))[0]?.state as string) === 'paid',
    );
    await world.settled();
    const end = await world.balances();
    await world.database.sql('update billing.inbound_event set handled_at = null');
    const events = await world.database.sql<{ event_id: string }>(
      'select event_id from billing.inbound_event order by received_at desc, event_id',
    );
    expect(events.length).toBeGreaterThan(8);
    for (const { event_id: id } of events) await world.stage('billing.apply-event').work(id);
    expect(await world.balances()).toEqual(end);
    expect(end).toEqual({ platform_revenue: -772n, stripe_fees: 142n, stripe_clearing: 630n });
    expect(await world.database.sql('select state from billing.payment')).toEqual([{ state: 'succeeded' }]);
    expect(await world.database.sql('select state from billing.payout')).toEqual([{ state: 'paid' }]);
  });

  it('are asked for at night when they did not come, and end the same', async () => {
    await world.openAccounts();
    await world.january();
    world.fail('webhook', { code: 'lost', times: 1000 });
    await world.app.settle();
    const [intent] = await world.atStripe<{ id: string }>('payment_intents');
    world.sandbox.stripeControl.openDispute(intent!.id);
    await world.app.settle();
    const before = await kept();
    const disputes = async (): Promise<unknown[]> =>
      (await world.as('operator').get<{ items: unknown[] }>('/v1/disputes')).body.items;
    expect(await disputes()).toEqual([]);
    world.advance({ hours: 23 });
    await world.app.settle();
    expect(await disputes()).toEqual([]);
    world.advance({ hours: 2 });
    await world.app.settle(async () => (await disputes()).length === 1);
    expect(await disputes()).toMatchObject([{ state: 'open', amountMinor: '3863' }]);
    expect(await world.balances()).toMatchObject({ dispute_hold: 3863n });
    const after = await kept();
    expect(after).toBeGreaterThan(before);
    // What was asked for does no harm when it comes after all, nor when it is asked for again.
    world.advance({ hours: 25 });
    await world.app.settle();
    expect(await kept()).toBe(after);
  });

  it('learns from Stripe that an account can be paid out', async () => {
    const { body } = await world
      .as('vendor')
      .put<{ onboardingUrl: string }>('/v1/payout-account', { country: 'us', email: 'money@acme.example' });
    expect(body).toMatchObject({ payoutsEnabled: false });
    const returned = await fetch(body.onboardingUrl, { redirect: 'manual' });
    expect(returned.headers.get('location')).toBe('http://localhost:4000/vendor/earnings');
    await world.settled();
    expect((await world.as('vendor').get('/v1/payout-account')).body).toMatchObject({
      payoutsEnabled: true,
      onboardingUrl: null,
    });
  });
});
