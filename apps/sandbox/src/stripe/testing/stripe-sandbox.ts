/** For this folder's specs: the sandbox's Stripe on a free port, the official SDK towards it, and a receiver of webhooks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stripe } from 'stripe';
import { SandboxClock } from '../../clock.ts';
import { Faults } from '../../faults.ts';
import { Store } from '../../store.ts';
import type { StripeControl } from '../control.ts';
import { stripeServer, type StripeSettings } from '../server.ts';

export const WEBHOOK_SECRET = 'whsec_spec';
export const DAY_MS = 24 * 60 * 60 * 1000;

export interface StripeSandbox {
  stripe: Stripe;
  clock: SandboxClock;
  faults: Faults;
  store: Store;
  control: StripeControl;
  origin: string;
  /** The SDK with other settings: another key, retries. */
  client(config?: Stripe.StripeConfig, key?: string): Stripe;
  close(): Promise<void>;
}

export async function openSandbox(settings: Partial<StripeSettings> = {}, file = ':memory:'): Promise<StripeSandbox> {
  const store = new Store(file);
  const clock = new SandboxClock(store);
  const faults = new Faults(store);
  const { app: server, control } = stripeServer({ store, clock, faults, webhookSecret: WEBHOOK_SECRET, ...settings });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const client = (config: Stripe.StripeConfig = {}, key = 'sk_test_slipway_sandbox') =>
    new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, ...config });
  const close = async () => {
    await server.close();
    store.close();
  };
  return { stripe: client(), clock, faults, store, control, origin, client, close };
}

/** A path for a store that outlives one sandbox; removed by `remove`. */
export function temporaryFile(): { file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-sandbox-'));
  return { file: join(folder, 'sandbox.sqlite'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Received {
  body: string;
  signature: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** The events received so far, once there are as many as asked for. */
  until(count: number): Promise<Stripe.Event[]>;
  close(): Promise<void>;
}

/** @param status what it answers to the n-th message, counted from 0. */
export async function openReceiver(status: (index: number) => number = () => 200): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      response.statusCode = status(received.length);
      received.push({ body, signature: String(request.headers['stripe-signature']) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const until = async (count: number) => {
    for (let waited = 0; received.length < count && waited < 10_000; waited += 20) await pause(20);
    return received.map((message) => JSON.parse(message.body) as Stripe.Event);
  };
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/webhooks`, received, until, close };
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The refusal of a call that must not succeed. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('Stripe accepted what it should have refused.');
}

/** A vendor's account that may be paid: it has opened its onboarding link. */
export async function onboardedAccount(stripe: Stripe, params: Stripe.AccountCreateParams = {}): Promise<Stripe.Account> {
  const account = await stripe.accounts.create({
    type: 'express',
    capabilities: { transfers: { requested: true } },
    settings: { payouts: { schedule: { interval: 'manual' } } },
    ...params,
  });
  const site = 'http://127.0.0.1:9/vendor';
  const link = await stripe.accountLinks.create({
    account: account.id,
    type: 'account_onboarding',
    refresh_url: `${site}?again`,
    return_url: site,
  });
  await fetch(link.url, { redirect: 'manual' });
  return stripe.accounts.retrieve(account.id);
}

/** A payment by card that has succeeded. */
export const pay = (
  stripe: Stripe,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.Response<Stripe.PaymentIntent>> =>
  stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    off_session: true,
    confirm: true,
    ...params,
  });
