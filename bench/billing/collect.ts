/** Collecting a month at the rate that Stripe takes requests: how many calls an invoice costs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Stripe } from 'stripe';
import type { StageRunner } from '#platform/stage.ts';
import { CollectPayment } from '../../apps/billing/src/collect/collect-payment.ts';
import { startSandbox } from '../../apps/sandbox/src/server.ts';
import type { Row } from '../harness.ts';
import { close } from './close.ts';
import { fill, startBilling, type Place } from './place.ts';

const STRIPE_PER_SECOND = 25;
const AT_ONCE = 8;
const ENDPOINT = 'POST /v1/payment_intents';

/** @param agreements as many invoices; at 25 a second 50,000 take over half an hour, and each is like the other. */
export async function collect(place: Place, agreements: number): Promise<Row[]> {
  const sandbox = await startSandbox();
  const billing = await startBilling(place, sandbox.stripe);
  try {
    sandbox.clock.set(billing.clock.now());
    await fill(place, { agreements, months: 0 });
    await giveCards(place, sandbox.stripe);
    await close(billing, place);
    sandbox.stripeControl.forgetRequests();
    // Limits are refilled by the sandbox's clock, which goes on from here as time does.
    const began = { at: billing.clock.now().getTime(), ticks: performance.now() };
    const ticking = setInterval(() => sandbox.clock.set(new Date(began.at + performance.now() - began.ticks)), 5);
    sandbox.stripeControl.limitRates({ perEndpoint: STRIPE_PER_SECOND });
    const before = sandbox.stripeControl.calls()[ENDPOINT] ?? 0;
    const stage = billing.app.get(CollectPayment, { strict: false });
    const failures = await collectAll(stage);
    clearInterval(ticking);
    const seconds = (performance.now() - began.ticks) / 1000;
    const calls = (sandbox.stripeControl.calls()[ENDPOINT] ?? 0) - before;
    const { rows } = await place.owner.query(`select count(*)::int as paid from billing.invoice where state = 'paid'`);
    if (rows[0].paid !== agreements)
      throw new Error(`Of ${agreements} invoices ${rows[0].paid} were paid; ${failures} tries failed.`);
    return [
      { name: 'billing.collect', limit: agreements, measured: calls, goal: 1, goalIs: 'at most', unit: 'calls' },
      {
        name: 'billing.collect.vs-limit',
        limit: STRIPE_PER_SECOND,
        measured: agreements / seconds,
        goal: null,
        goalIs: 'at least',
        unit: 'invoices/s',
      },
    ];
  } finally {
    await billing.close();
    await sandbox.close();
  }
}

type Collecting = Pick<StageRunner['stages'][number], 'due' | 'work'>;

/** What fails is due again, as for a sweep. @returns how many tries failed */
async function collectAll(stage: Collecting): Promise<number> {
  let failures = 0;
  for (let due = await stage.due(); due.length > 0; due = await stage.due()) {
    const work = Array.from({ length: AT_ONCE }, async () => {
      for (let id = due.pop(); id !== undefined; id = due.pop())
        await stage.work(id).catch(async () => {
          failures += 1;
          await sleep(1000);
        });
    });
    await Promise.all(work);
  }
  return failures;
}

/** Every buyer has a card on file, as billing would have made it. */
async function giveCards({ owner }: Place, api: string): Promise<void> {
  const { hostname: host, port } = new URL(api);
  const stripe = new Stripe('sk_test_slipway_sandbox', { host, port, protocol: 'http', telemetry: false });
  const { rows } = await owner.query(`select id from api.organization where kind = 'buyer' and slug like 'buyer-%'`);
  for (const { id } of rows as Array<{ id: string }>) {
    const customer = await stripe.customers.create({ name: id });
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    await owner.query(
      `with call as (insert into billing.external_call (id, operation, idempotency_key, state, created_at, object_id)
         values (gen_random_uuid(), 'customers.create', gen_random_uuid(), 'succeeded', now(), $2) returning id)
       insert into billing.stripe_customer (buyer_id, external_call_id, customer_id, payment_method_id, created_at) select $1, call.id, $2, $3, now() from call`,
      [id, customer.id, method.id],
    );
  }
}
