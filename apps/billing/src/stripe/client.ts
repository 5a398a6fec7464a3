/** How Stripe is asked, whatever is asked for: the SDK's client, keys, errors as kinds, and lists that are gone through. */
import { Stripe } from 'stripe';
import type { BillingConfig } from '../config.ts';
import { pacedClient } from './pace.ts';
import { failureOf } from './stripe.errors.ts';

/** Who asks: the row's id, and the key under which Stripe answers the same again. */
export interface Mark {
  opId: string;
  key: string;
}

/** How far apart Stripe's clock and ours may be when an object is looked for by the time it was made. */
const CLOCK_SLACK_SECONDS = 600;

export const stripeClient = (config: BillingConfig): Stripe =>
  new Stripe(config.STRIPE_API_KEY, {
    ...addressOf(config.STRIPE_API_BASE),
    // A lost answer is asked for again by the stage, from the row, not from memory.
    maxNetworkRetries: 0,
    timeout: config.STRIPE_TIMEOUT_SECONDS * 1000,
    httpClient: pacedClient(config.STRIPE_REQUESTS_PER_SECOND),
    telemetry: false,
    appInfo: { name: 'Slipway' },
  });

export const keyed = ({ key }: Mark): Stripe.RequestOptions => ({ idempotencyKey: key });

export async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw failureOf(error);
  }
}

/** Lists show what was just made, which Stripe's search does only after a while. */
export const page = (since: Date): { limit: number; created: { gte: number } } => ({
  limit: 100,
  created: { gte: Math.floor(since.getTime() / 1000) - CLOCK_SLACK_SECONDS },
});

export async function first<T extends { metadata?: Stripe.Metadata | null }>(
  list: AsyncIterable<T>,
  opId: string,
): Promise<T | undefined> {
  for await (const object of list) if (object.metadata?.op_id === opId) return object;
  return undefined;
}

/** stripe-node wants host, port and protocol apart. */
function addressOf(base: string | undefined): Stripe.StripeConfig {
  if (!base) return {};
  const { hostname, port, protocol } = new URL(base);
  const isHttps = protocol === 'https:';
  return { host: hostname, port: port || (isHttps ? 443 : 80), protocol: isHttps ? 'https' : 'http' };
}
