/** A month of Globex's use of Acme's Vault becomes an invoice, a payment, a payout and a book that balances, to the cent. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage, StageRunner } from '#platform/stage.ts';
import type { AppUnderTest } from '#testing/app.ts';
import { billingWorld, type World } from './testing/world.ts';

interface InvoiceSeen {
  id: string;
  number: string;
  state: string;
  totalMinor: string;
  lines: Array<{ description: string; quantity: string; rate: string; amountMinor: string }>;
}
interface PayoutSeen {
  state: string;
  amountMinor: string;
  failure: string | null;
}

/** What is left when all is paid: our fee less what Stripe took. */
const END = { platform_revenue: -772n, stripe_fees: 142n, stripe_clearing: 630n };

describe('a month', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
  });
  afterEach(() => world.close());

  const payouts = async (): Promise<PayoutSeen[]> =>
    (await world.as('vendor').get<{ items: PayoutSeen[] }>('/v1/payouts')).body.items;
  const paidOut = (): Promise<boolean> => payouts().then((all) => all[0]?.state === 'paid');

  it('goes from use to the bank of the vendor', async () => {
    await world.openAccounts();
    await world.january();
    await world.app.settle();

    const { body: list } = await world.as('buyer').get<{ items: InvoiceSeen[] }>('/v1/invoices');
    expect(list.items).toMatchObject([{ number: 'SLW-2026-000001', state: 'paid', totalMinor: '3863', currency: 'usd' }]);
    const { body: invoice } = await world.as('buyer').get<InvoiceSeen>(`/v1/invoices/${list.items[0]!.id}`);
    expect(invoice.lines).toMatchObject([
      {
        description: 'Running machine',
        quantity: '370',
        rate: '0.0837',
        amountMinor: '3097',
        product: 'Acme Vault',
        vendor: 'Acme',
      },
      { description: 'Active users', quantity: '23', rate: '0.333', amountMinor: '766' },
    ]);
    expect(await payouts()).toMatchObject([{ state: 'sent', amountMinor: '3091' }]);
    expect((await world.as('vendor').get('/v1/earnings')).body).toMatchObject({
      items: [
        {
          currency: 'usd',
          earnedMinor: '3091',
          unsettledMinor: '0',
          payableMinor: '0',
          inTransitMinor: '3091',
          paidOutMinor: '0',
        },
      ],
    });

    await world.settled();
    expect(await world.balances()).toEqual(END);
    // Stripe holds a charge's money for two days; then it goes to the bank.
    world.moveTo('2026-02-03T06:11:00Z');
    await world.app.settle();
    world.advance({ seconds: 5 });
    await world.app.settle(paidOut);

    expect(await world.balances()).toEqual(END);
    expect((await world.as('operator').get('/v1/ledger/trial-balance')).body).toMatchObject({
      totals: [{ currency: 'usd', totalMinor: '0' }],
    });
    expect((await world.as('operator').get('/v1/platform')).body).toMatchObject({
      items: [
        { currency: 'usd', invoices: 1, volumeMinor: '3863', takeMinor: '772', stripeFeesMinor: '142', receivableMinor: '0' },
      ],
      stuck: [],
    });
    expect((await world.as('vendor').get('/v1/earnings')).body).toMatchObject({
      items: [{ earnedMinor: '3091', inTransitMinor: '0', paidOutMinor: '3091' }],
      lines: [
        { feeMinor: '619', vendorMinor: '2478' },
        { feeMinor: '153', vendorMinor: '613' },
      ],
    });
    await expectOneOfEach(world);
    const window = { from: '2026-02-01T00:00:00Z', to: '2026-02-04T00:00:00Z' };
    const { body: asked } = await world.as('operator').post('/v1/reconciliations', window);
    await world.app.settle();
    expect((await world.as('operator').get(`/v1/reconciliations/${String(asked.id)}`)).body).toMatchObject({
      finishedAt: '2026-02-03T06:11:05.000Z',
      differences: [],
    });
  });

  it('is the same when two processes do every step at once, and when each is done again', async () => {
    await world.openAccounts();
    const other = await world.another();
    await world.january();
    for (let round = 0; round < 12; round += 1) await everyStageAtOnce([world.app, other], world);
    world.moveTo('2026-02-03T06:11:00Z');
    for (let round = 0; round < 4; round += 1) await everyStageAtOnce([world.app, other], world);
    world.advance({ seconds: 5 });
    await world.app.settle(paidOut);
    await everyRowAgain(world);
    expect(await world.balances()).toEqual(END);
    await expectOneOfEach(world);
  });

  it('goes by itself, with two processes working their queues', async () => {
    await world.openAccounts();
    const processes = await Promise.all([world.running(), world.running()]);
    await world.january();
    await until(async () => (await payouts())[0]?.state === 'sent');
    world.moveTo('2026-02-03T06:11:00Z');
    await until(
      async () => (await world.database.sql('select stripe_payout_id from billing.payout'))[0]?.stripe_payout_id !== null,
    );
    world.advance({ seconds: 5 });
    await until(paidOut);
    for (const process of processes) await process.close();
    expect(await world.database.sql('select queue, row_id, last_error from billing.stuck_work')).toEqual([]);
    await world.settled();
    expect(await world.balances()).toEqual(END);
    await expectOneOfEach(world);
  });

  it('rates again to the same hash, whatever the time', async () => {
    await world.openAccounts();
    await world.january();
    await world.app.settle();
    world.moveTo('2027-05-01T00:00:00Z');
    const [period] = await world.database.sql<{ id: string; input_sha: Buffer }>(
      `select id, input_sha from billing.period where state = 'invoiced' order by ends_at`,
    );
    const stage = stageOf<Stage & { rerate: (id: string) => Promise<{ inputSha: Buffer }> }>(world.app, 'billing.rate-period');
    expect((await stage.rerate(period!.id)).inputSha.equals(period!.input_sha)).toBe(true);
  });

  it('keeps Globex’s invoice from everybody else', async () => {
    await world.openAccounts();
    await world.january();
    await world.app.settle();
    const { body } = await world.as('operator').get<{ items: InvoiceSeen[] }>('/v1/invoices');
    const id = body.items[0]!.id;
    expect((await world.as('vendor').get(`/v1/invoices/${id}`)).status).toBe(403);
    const stranger = world.as('buyer', '0190f0f0-0000-7000-8000-000000000000');
    expect(await stranger.get(`/v1/invoices/${id}`)).toMatchObject({ status: 404, body: { code: 'invoice_not_found' } });
    expect((await stranger.get<{ items: unknown[] }>('/v1/invoices')).body.items).toEqual([]);
  });

  it('is not closed before six in the morning, nor before metering has counted it', async () => {
    await world.openAccounts();
    await world.january();
    const invoices = async (): Promise<number> =>
      (await world.as('buyer').get<{ items: unknown[] }>('/v1/invoices')).body.items.length;
    world.moveTo('2026-02-01T05:59:59Z');
    await world.app.settle();
    expect(await invoices()).toBe(0);
    world.moveTo('2026-02-01T06:00:00Z');
    await world.database.sql('insert into metering.usage_dirty (subscription_id, day, mark) values ($1, $2, gen_random_uuid())', [
      world.market.subscriptionId,
      '2026-01-31',
    ]);
    await world.app.settle();
    expect(await invoices()).toBe(0);
    await world.database.sql('delete from metering.usage_dirty');
    await world.metered('2026-01-31T23:00:00Z');
    await world.app.settle();
    expect(await invoices()).toBe(0);
    await world.metered('2026-02-01T00:00:00Z');
    await world.app.settle();
    expect(await invoices()).toBe(1);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 800; tries += 1) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error('It did not happen within 20 s.');
}

async function expectOneOfEach(world: World): Promise<void> {
  const [rows] = await world.database.sql(`select (select count(*)::int from billing.period where state = 'invoiced') as periods,
    (select count(*)::int from billing.charge) as charges, (select count(*)::int from billing.invoice) as invoices,
    (select count(*)::int from billing.payment) as payments, (select count(*)::int from billing.payout) as payouts,
    (select count(*)::int from billing.external_call where state <> 'succeeded') as unsettled`);
  expect(rows).toEqual({ periods: 1, charges: 2, invoices: 1, payments: 1, payouts: 1, unsettled: 0 });
  const intents = await world.atStripe<{ id: string; metadata: { op_id: string } }>('payment_intents');
  const transfers = await world.atStripe<{ id: string; destination: string; metadata: { op_id: string } }>('transfers');
  const payouts = await world.atStripe<{ id: string; metadata: { op_id: string } }>('payouts', transfers[0]!.destination);
  expect([intents.length, transfers.length, payouts.length]).toEqual([1, 1, 1]);
  // Each call of ours has made one object, and the two know each other.
  for (const { id, metadata } of [...intents, ...transfers, ...payouts]) {
    expect(await world.database.sql('select object_id from billing.external_call where id = $1', [metadata.op_id])).toEqual([
      { object_id: id },
    ]);
  }
}

const stageOf = <T extends Stage>(app: AppUnderTest, queue: string): T =>
  app.nest.get(StageRunner, { strict: false }).stages.find((stage) => stage.queue === queue) as T;

/** Works every due row of every stage in all processes, three times over, all at the same moment. */
async function everyStageAtOnce(apps: AppUnderTest[], world: World): Promise<void> {
  for (const { queue } of apps[0]!.nest.get(StageRunner, { strict: false }).stages) {
    const ids = await stageOf(apps[0]!, queue).due();
    const tries = ids.flatMap((id) => [...apps, ...apps].map((app) => stageOf(app, queue).work(id)));
    for (const result of await Promise.allSettled(tries)) {
      // Stripe tells the second of two that ask under one key at the same moment to come back later.
      if (result.status === 'rejected' && !/Another request with the Idempotency-Key/.test(String(result.reason)))
        throw result.reason;
    }
  }
  await world.app.settle();
}

/** Rings for every row there is. */
async function everyRowAgain(world: World): Promise<void> {
  const sources: Record<string, string> = {
    'billing.open-period': 'select id::text from api.subscription',
    'billing.rate-period': 'select id::text from billing.period',
    'billing.close-period': 'select id::text from billing.period',
    'billing.collect-payment': 'select id::text from billing.payment',
    'billing.apply-event': 'select event_id as id from billing.inbound_event',
    'billing.release-shares': 'select id::text from billing.invoice',
    'billing.pay-out': 'select vendor_id::text as id from billing.stripe_account',
    'billing.send-payout': 'select id::text from billing.payout',
  };
  await world.database.sql('update billing.inbound_event set handled_at = null');
  for (const [queue, source] of Object.entries(sources)) {
    const rows = await world.database.sql<{ id: string }>(source);
    expect(rows.length).toBeGreaterThan(0);
    for (const { id } of rows) await stageOf(world.app, queue).work(id);
  }
}
