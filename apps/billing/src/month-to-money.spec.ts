/** From a month's usage to the vendor's bank, through the real Stripe SDK and the sandbox; every amount to the cent. */
import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { freePort } from '#testing/ports.ts';
import { startSandbox, type Sandbox } from '../../sandbox/src/server.ts';
import { billing } from './billing.app.ts';

const WEBHOOK_SECRET = 'whsec_spec';
const CLOSE = '2026-02-01T06:10:00Z';

describe('a month to money', () => {
  let database: TestDatabase;
  let sandbox: Sandbox;
  let app: AppUnderTest;
  let market: Marketplace;
  let stripe: Stripe;
  const clock = new TestClock();

  beforeEach(async () => {
    clock.set('2026-01-05T09:00:00Z');
    database = await createTestDatabase();
    const port = await freePort();
    sandbox = await startSandbox({ webhookUrl: `http://127.0.0.1:${port}/webhooks/stripe`, webhookSecret: WEBHOOK_SECRET });
    sandbox.clock.set(clock.now());
    app = await startApp(billing, {
      database,
      clock,
      settings: { PORT: String(port), STRIPE_API_KEY: 'sk_test_slipway_sandbox', STRIPE_API_BASE: sandbox.stripe, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, STRIPE_TIMEOUT_SECONDS: '2' },
    });
    market = await subscribedMarketplace(database, { hourly: '0.0837', perUser: '0.333' });
    const { hostname, port: stripePort } = new URL(sandbox.stripe);
    stripe = new Stripe('sk_test_slipway_sandbox', { host: hostname, port: stripePort, protocol: 'http', maxNetworkRetries: 0 });
    await used('hours', '2026-01-05', 15);
    await used('hours', '2026-01-06', 355);
    await used('users', '2026-01-07', 23);
    await database.sql(`insert into metering.metered_until values ($1, '2026-02-01T06:00:00Z')`, [market.subscriptionId]);
  });
  afterEach(async () => {
    await app.close();
    await sandbox.close();
    await database.drop();
  });

  const used = (dimension: string, day: string, quantity: number): Promise<unknown> =>
    database.sql(
      `insert into metering.usage_rollup (subscription_id, day, dimension, quantity, records, rows_sha, computed_at) values ($1, $2::text::date, $3, $4, 1, sha256($5), $2::text::timestamptz)`,
      [market.subscriptionId, day, dimension, quantity, Buffer.from(`${dimension}${day}`)],
    );
  const call = async <T = Record<string, unknown>>(method: string, path: string, who: 'buyer' | 'vendor' | 'operator', body?: unknown): Promise<T> => {
    const organizationId = who === 'vendor' ? market.vendorId : market.buyerId;
    const headers = { ...(await asCaller({ organizationId, kind: who })), 'content-type': 'application/json' };
    const response = await fetch(`${app.url}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    return (await response.json()) as T;
  };
  const at = (instant: string): void => {
    clock.set(instant);
    sandbox.clock.set(clock.now());
  };
  const one = async <T = Record<string, string>>(sql: string): Promise<T> => (await database.sql<T>(sql))[0]!;
  const settled = (sql: string): Promise<void> => app.settle(async () => Boolean((await one<{ done: boolean }>(`select (${sql}) as done`)).done));
  const balances = async (): Promise<Record<string, string>> => {
    const rows = await database.sql<{ account: string; balance: string }>(
      `select split_part(account, '/', 1) as account, sum(amount_minor)::text as balance from billing.posting group by 1 having sum(amount_minor) <> 0`,
    );
    return Object.fromEntries(rows.map((row) => [row.account, row.balance]));
  };
  const openVendor = async (): Promise<void> => {
    const { onboardingUrl } = await call<{ onboardingUrl: string }>('PUT', '/v1/payout-account', 'vendor', { country: 'US', email: 'vendor@acme.example' });
    await fetch(onboardingUrl, { redirect: 'manual' });
  };
  const card = (paymentMethodId = 'pm_card_visa'): Promise<unknown> => call('PUT', '/v1/payment-method', 'buyer', { paymentMethodId });

  it('rates exactly, rounds once a line, splits, collects, releases, transfers and pays out', async () => {
    await openVendor();
    expect(await card()).toEqual({ paymentMethodId: expect.stringMatching(/^pm_/), label: 'Visa •••• 4242' });
    at(CLOSE);
    await settled(`exists (select from billing.invoice where state = 'paid')`);
    const { items } = await call<{ items: Array<{ id: string }> }>('GET', '/v1/invoices', 'buyer');
    expect(items).toMatchObject([{ number: 'SLW-2026-000001', state: 'paid', totalMinor: '3863', buyer: 'Globex' }]);
    const invoice = await call<{ lines: unknown[] }>('GET', `/v1/invoices/${items[0]!.id}`, 'buyer');
    expect(invoice.lines).toMatchObject([
      { description: 'Running machine', quantity: '370', rate: '0.0837', amountMinor: '3097' },
      { description: 'Active users', quantity: '23', rate: '0.333', amountMinor: '766' },
    ]);
    await settled(`exists (select from billing.payout where state = 'sent')`);
    at('2026-02-04T09:00:00Z');
    await settled(`exists (select from billing.payout where stripe_payout_id is not null)`);
    at('2026-02-05T09:00:00Z');
    await settled(`exists (select from billing.payout where state = 'paid')`);
    // Fee 772 is ours, Stripe took 142 of it: 630 of ours are still at Stripe, and nobody owes anybody anything.
    expect(await balances()).toEqual({ platform_revenue: '-772', stripe_fees: '142', stripe_clearing: '630' });
    const earnings = await call('GET', '/v1/earnings', 'vendor');
    expect(earnings).toMatchObject({ currencies: [{ earnedMinor: '3091', unsettledMinor: '0', payableMinor: '0', inTransitMinor: '0', paidOutMinor: '3091' }] });
    expect(await call('GET', '/v1/ledger/trial-balance', 'operator')).toMatchObject({ totals: [{ currency: 'usd', totalMinor: '0' }] });
    await settled(`not exists (select from billing.inbound_event where handled_at is null)`);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
    expect((await stripe.transfers.list()).data).toMatchObject([{ amount: 3091 }]);
  });

  it('does not close a month before its grace is over, nor while metering is behind, and then closes it once', async () => {
    await database.sql('delete from metering.metered_until');
    at('2026-02-01T05:59:00Z');
    await app.settle();
    expect(await one(`select state from billing.period`)).toEqual({ state: 'open' });
    at(CLOSE);
    await app.settle();
    expect(await one(`select count(*)::int as charges from billing.charge`)).toEqual({ charges: 0 });
    await database.sql(`insert into metering.metered_until values ($1, '2026-02-01T06:00:00Z')`, [market.subscriptionId]);
    await settled(`exists (select from billing.invoice)`);
    await app.settle();
    expect(await one(`select (select count(*)::int from billing.invoice) as invoices, (select count(*)::int from billing.charge) as charges`)).toEqual({ invoices: 1, charges: 2 });
  });

  it('keeps a declined invoice open and the buyer past due, until another card pays', async () => {
    await card('pm_card_chargeCustomerFail');
    at(CLOSE);
    await settled(`exists (select from billing.payment where state = 'failed')`);
    expect(await one(`select state from billing.standing`)).toEqual({ state: 'past_due' });
    expect(await call('GET', '/v1/invoices', 'buyer')).toMatchObject({ items: [{ state: 'open', paymentFailure: expect.stringContaining('declined') }] });
    await card('pm_card_visa');
    await settled(`exists (select from billing.invoice where state = 'paid')`);
    expect(await one(`select state from billing.standing`)).toEqual({ state: 'good' });
    expect(await database.sql(`select state from billing.payment order by created_at, id`)).toEqual([{ state: 'failed' }, { state: 'succeeded' }]);
  });

  it('waits without a card, and collects when there is one', async () => {
    at(CLOSE);
    await app.settle();
    expect(await one(`select state from billing.payment`)).toEqual({ state: 'planned' });
    await card();
    await settled(`exists (select from billing.invoice where state = 'paid')`);
  });

  it('charges and transfers once when Stripe does the work and the answer is lost', async () => {
    await openVendor();
    await card();
    sandbox.faults.failNext({ operation: 'POST /v1/payment_intents', code: '', commitThenTimeOut: true, times: 2 });
    sandbox.faults.failNext({ operation: 'POST /v1/transfers', code: '', commitThenTimeOut: true, times: 2 });
    at(CLOSE);
    await untilSettled(`exists (select from billing.payout where state = 'sent')`);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
    expect((await stripe.transfers.list()).data).toHaveLength(1);
    expect((await balances()).stripe_clearing).toBe('630');
  });

  it('looks up what a stored 500 made, and never asks with another key', async () => {
    await card();
    sandbox.faults.failNext({ operation: 'POST /v1/payment_intents', code: 'api_error', httpStatus: 500, commitThenTimeOut: true });
    at(CLOSE);
    await untilSettled(`exists (select from billing.invoice where state = 'paid')`);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
    expect(await one(`select state from billing.external_call where operation = 'payment_intents.create'`)).toEqual({ state: 'succeeded' });
  });

  it('keeps nothing of a webhook that Stripe did not sign, and each signed event once', async () => {
    const payload = JSON.stringify({ id: 'evt_1', object: 'event', type: 'payment_intent.succeeded', data: { object: { id: 'pi_none', object: 'payment_intent' } } });
    const send = (signature: string): Promise<Response> =>
      fetch(`${app.url}/webhooks/stripe`, { method: 'POST', headers: { 'content-type': 'application/json', 'stripe-signature': signature }, body: payload });
    const sign = (secret: string, timestamp = Math.floor(clock.now().getTime() / 1000)): string => stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
    expect((await send(sign('whsec_somebody_else'))).status).toBe(400);
    expect((await send(sign(WEBHOOK_SECRET, Math.floor(clock.now().getTime() / 1000) - 301))).status).toBe(400);
    expect((await send('t=1,v1=00')).status).toBe(400);
    expect(await database.sql(`select from billing.inbound_event`)).toHaveLength(0);
    for (let times = 0; times < 5; times += 1) expect((await send(sign(WEBHOOK_SECRET))).status).toBe(200);
    expect(await database.sql(`select event_id from billing.inbound_event where event_id = 'evt_1'`)).toHaveLength(1);
  });

  it('gives the money back to the vendor when Stripe refuses a transfer for good, and tries again another day', async () => {
    await openVendor();
    await card();
    sandbox.faults.failNext({ operation: 'POST /v1/transfers', code: 'account_invalid', httpStatus: 400 });
    at(CLOSE);
    await settled(`exists (select from billing.payout where state = 'void')`);
    expect((await balances()).vendor_payable).toBe('-3091');
    await app.settle();
    expect(await database.sql(`select from billing.payout`)).toHaveLength(1);
    at('2026-02-02T09:00:00Z');
    await settled(`exists (select from billing.payout where state = 'sent')`);
    expect((await balances()).vendor_payable).toBeUndefined();
  });

  it("shows a buyer nobody else's invoices", async () => {
    at(CLOSE);
    await settled(`exists (select from billing.invoice)`);
    const { id } = await one<{ id: string }>(`select id from billing.invoice`);
    const headers = await asCaller({ organizationId: market.vendorId, kind: 'buyer' });
    expect((await fetch(`${app.url}/v1/invoices/${id}`, { headers })).status).toBe(404);
    expect(await (await fetch(`${app.url}/v1/invoices`, { headers })).json()).toEqual({ items: [] });
  });

  it('lets the database refuse an unbalanced journal, and any change of a posting', async () => {
    at(CLOSE);
    await settled(`exists (select from billing.journal)`);
    const unbalanced = `begin; insert into billing.journal select gen_random_uuid(), 'x', '', 'x', now(), now();
      insert into billing.posting select id, 1, 'somewhere', 'usd', 1 from billing.journal where idem_key = 'x'; commit`;
    await expect(database.sql(unbalanced)).rejects.toThrow('does not balance');
    await database.sql('rollback');
    await expect(database.sql('update billing.posting set amount_minor = 1')).rejects.toThrow('append-only');
    await expect(database.sql('delete from billing.journal')).rejects.toThrow('append-only');
    await expect(database.sql(`update billing.invoice set total_minor = 1`)).rejects.toThrow('cannot be changed');
  });

  /** As `settled`, over the errors that the runner would have noted and tried again. */
  async function untilSettled(sql: string): Promise<void> {
    for (let tries = 0; tries < 8; tries += 1) {
      const failed = await settled(sql).then(
        () => false,
        () => true,
      );
      if (!failed) return;
    }
    throw new Error(`It did not settle: ${sql}`);
  }
});
