/** A billing, a sandbox and a database of their own, on one clock; Acme's Vault is subscribed to by Globex. */
import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { build } from '#platform/app.ts';
import { asCaller, startApp, testSettings, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { freePort } from '#testing/ports.ts';
import type { AccountKind, Caller } from '#platform/auth.ts';
import { newId } from '#platform/ids.ts';
import type { QueueName } from '#platform/queues.ts';
import { StageRunner, type Stage } from '#platform/stage.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import { billing } from '../billing.app.ts';

export const WEBHOOK_SECRET = 'whsec_of_the_specs';

export interface Answer<T> {
  status: number;
  body: T;
}

export interface World {
  database: TestDatabase;
  sandbox: Sandbox;
  clock: TestClock;
  app: AppUnderTest;
  /** What its billing was started with. */
  settings: Record<string, string>;
  /** A spec may put another one of the same database here. */
  market: Marketplace;
  /** Moves billing's and the sandbox's clock together. */
  moveTo(instant: string): void;
  advance(by: Parameters<TestClock['advance']>[0]): void;
  /** Another billing on the same database, as a second process. */
  another(): Promise<AppUnderTest>;
  /** Another that works its queues by itself. The caller closes it. */
  running(): Promise<NestFastifyApplication>;
  /** What metering would have summed up for a day; the subscription of the market unless said otherwise. */
  used(day: string, dimension: string, quantity: bigint, subscriptionId?: string): Promise<void>;
  /** Metering has counted all hours up to then. */
  metered(until: string, subscriptionId?: string): Promise<void>;
  /** Globex has a card, and Acme an account that can be paid out. */
  openAccounts(card?: string): Promise<void>;
  /** January with use for 38.63 USD, closed on 1 February. */
  january(): Promise<void>;
  /** Initech has subscribed to Acme's Vault too. @returns the ids of its organisation and its subscription */
  initech(): Promise<{ buyerId: string; subscriptionId: string }>;
  /** A stage by its queue, to be worked by hand. */
  stage(queue: QueueName): Stage;
  /** The same stage of another process. */
  stageOf(app: AppUnderTest, queue: QueueName): Stage;
  /** Fails the sandbox's next call of an operation. */
  fail(operation: string, fault: { code: string; times?: number; httpStatus?: number; commitThenTimeOut?: boolean }): void;
  /** Acts as Globex, Acme, the operator or an auditor. */
  as(who: AccountKind, organizationId?: string): Client;
  /** Balances by account, without their owners; accounts at zero are left out. */
  balances(): Promise<Record<string, bigint>>;
  /** What the sandbox's Stripe keeps: `payment_intents`, `transfers` … */
  atStripe<T = Record<string, unknown>>(path: string, account?: string): Promise<T[]>;
  /** Every event of Stripe's has arrived and is handled. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface Client {
  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>>;
  put<T = Record<string, unknown>>(path: string, body: unknown): Promise<Answer<T>>;
  post<T = Record<string, unknown>>(path: string, body: unknown, key?: string): Promise<Answer<T>>;
}

/** @param database one of its own; a clone of the migrated template unless given. */
export async function billingWorld({
  settings = {} as Record<string, string>,
  database: given = undefined as TestDatabase | undefined,
} = {}): Promise<World> {
  const clock = new TestClock('2026-01-05T09:20:00Z');
  const [database, port] = [given ?? (await createTestDatabase()), await freePort()];
  const sandbox = await startSandbox({ webhookUrl: `http://127.0.0.1:${port}/webhooks/stripe`, webhookSecret: WEBHOOK_SECRET });
  sandbox.clock.set(clock.now());
  const market = await subscribedMarketplace(database, { at: '2026-01-05T09:20:00Z', hourly: '0.0837', perUser: '0.333' });
  const all = {
    ...testSettings('billing', database),
    STRIPE_API_KEY: 'sk_test_slipway_sandbox',
    STRIPE_API_BASE: sandbox.stripe,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    // The sandbox has no limits unless a spec sets them.
    STRIPE_REQUESTS_PER_SECOND: '10000',
    ...settings,
  };
  const start = (own: Record<string, string> = {}): Promise<AppUnderTest> =>
    startApp(billing, { database, clock, settings: { ...all, ...own } });
  const apps = [await start({ PORT: String(port) })];
  const app = apps[0]!;
  const { sql } = database;
  const operatorId = newId();

  const send = async <T>(
    caller: Pick<Caller, 'kind' | 'organizationId'>,
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Answer<T>> => {
    const headers = { ...(await asCaller(caller)), ...(key !== undefined && { 'idempotency-key': key }) };
    const response = await fetch(`${app.url}${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as T };
  };

  const world: World = {
    database,
    sandbox,
    clock,
    app,
    settings: all,
    market,
    moveTo(instant) {
      clock.set(instant);
      sandbox.clock.set(clock.now());
    },
    advance(by) {
      clock.advance(by);
      sandbox.clock.set(clock.now());
    },
    async another() {
      const more = await start();
      apps.push(more);
      return more;
    },
    async running() {
      const nest = await build(billing, billing.config({ ...all, SWEEP_SECONDS: '0.3' }), { clock });
      await nest.listen({ port: 0, host: '127.0.0.1' });
      return nest;
    },
    async used(day, dimension, quantity, subscriptionId = world.market.subscriptionId) {
      const sha = createHash('sha256').update(`${day} ${dimension} ${quantity}`).digest();
      await sql(
        `insert into metering.usage_rollup (subscription_id, day, dimension, quantity, records, rows_sha, computed_at) values ($1, $2, $3, $4, 1, $5, $6)`,
        [subscriptionId, day, dimension, String(quantity), sha, clock.now()],
      );
    },
    async metered(until, subscriptionId = world.market.subscriptionId) {
      await sql(
        `insert into metering.metered_until values ($1, $2) on conflict (subscription_id) do update set until = excluded.until`,
        [subscriptionId, until],
      );
    },
    async openAccounts(card = 'pm_card_visa') {
      const method = await world.as('buyer').put('/v1/payment-method', { paymentMethodId: card });
      if (method.status !== 200) throw new Error(`No card: ${JSON.stringify(method.body)}`);
      const account = await world
        .as('vendor')
        .put<{ onboardingUrl: string }>('/v1/payout-account', { country: 'US', email: 'money@acme.example' });
      await fetch(account.body.onboardingUrl, { redirect: 'manual' });
      await world.as('vendor').put('/v1/payout-account', { country: 'US', email: 'money@acme.example' });
    },
    async january() {
      await app.settle();
      // 370 hours × 0.0837 = 30.969; 23 users × 0.333 = 7.659.
      await world.used('2026-01-05', 'hours', 15n);
      await world.used('2026-01-06', 'hours', 355n);
      await world.used('2026-01-05', 'users', 7n);
      await world.used('2026-01-07', 'users', 16n);
      await world.metered('2026-02-01T00:00:00Z');
      world.moveTo('2026-02-01T06:10:00Z');
    },
    async initech() {
      const [buyerId, subscriptionId] = [newId(), newId()];
      await sql(`insert into api.organization (id, name, slug, "createdAt", kind) values ($1, 'Initech', $2, $3, 'buyer')`, [
        buyerId,
        `initech-${buyerId}`,
        clock.now(),
      ]);
      await sql(
        `insert into api.subscription (id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, customer_identifier, license_arn, started_at)
         select $1, $2, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, $3, $4, started_at from api.subscription where id = $5`,
        [subscriptionId, buyerId, `cust-${subscriptionId}`, `arn:${subscriptionId}`, market.subscriptionId],
      );
      return { buyerId, subscriptionId };
    },
    stage: (queue) => world.stageOf(app, queue),
    stageOf: (of, queue) => of.nest.get(StageRunner, { strict: false }).stages.find((stage) => stage.queue === queue)!,
    fail: (operation, fault) => void sandbox.faults.failNext({ operation, ...fault }),
    as: (
      who,
      organizationId = { buyer: world.market.buyerId, vendor: world.market.vendorId, operator: operatorId, auditor: operatorId }[
        who
      ],
    ) => ({
      get: (path) => send({ kind: who, organizationId }, 'GET', path),
      put: (path, body) => send({ kind: who, organizationId }, 'PUT', path, body),
      post: (path, body, key) => send({ kind: who, organizationId }, 'POST', path, body, key),
    }),
    async balances() {
      const rows = await sql<{ account: string; balance: string }>(
        `select split_part(account, '/', 1) as account, sum(amount_minor)::text as balance from billing.posting group by 1 having sum(amount_minor) <> 0`,
      );
      return Object.fromEntries(rows.map((row) => [row.account, BigInt(row.balance)]));
    },
    async atStripe<T>(path: string, account?: string) {
      const response = await fetch(`${sandbox.stripe}/v1/${path}?limit=100`, {
        headers: { authorization: 'Bearer sk_test_slipway_sandbox', ...(account ? { 'stripe-account': account } : {}) },
      });
      return ((await response.json()) as { data: T[] }).data;
    },
    async settled() {
      await app.settle(async () => {
        const accounts = await world.atStripe<{ id: string }>('accounts');
        const owners = [undefined, ...accounts.map((account) => account.id)];
        const events = await Promise.all(owners.map((owner) => world.atStripe<{ pending_webhooks: number }>('events', owner)));
        const [row] = await sql<{ waiting: number }>(
          'select count(*)::int as waiting from billing.inbound_event where handled_at is null',
        );
        return row!.waiting === 0 && events.flat().every((event) => event.pending_webhooks === 0);
      });
      await app.settle();
    },
    async close() {
      // First whoever sends webhooks: a connection that is opened while billing closes would keep it waiting.
      await sandbox.close();
      for (const each of apps) await each.close();
      await database.drop();
    },
  };
  return world;
}
