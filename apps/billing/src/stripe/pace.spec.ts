/** Calls to Stripe wait for their turn at each endpoint, and are refused nothing, where calls that do not wait are. */
import { Stripe } from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import { pacedClient } from './pace.ts';

const AT_ONCE = 12;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.stripeControl.limitRates({ perEndpoint: 5 });
});
afterAll(() => sandbox.close());

/** How many of so many customers that are asked for at once Stripe refuses to show. */
async function refused(httpClient?: Stripe.HttpClient): Promise<number> {
  const { hostname: host, port } = new URL(sandbox.stripe);
  const address = { host, port, protocol: 'http' as const };
  const stripe = new Stripe('sk_test_slipway_sandbox', { ...address, maxNetworkRetries: 0, telemetry: false, httpClient });
  const asked = Array.from({ length: AT_ONCE }, async (_, index) => stripe.customers.retrieve(`cus_${index}unknown`));
  const answers = await Promise.allSettled(asked);
  return answers.filter((answer) => answer.status === 'rejected' && (answer.reason as { statusCode?: number }).statusCode === 429)
    .length;
}

it('keeps to the pace of an endpoint, whatever ids are asked for', async () => {
  expect(await refused(pacedClient(4))).toBe(0);
});

it('is needed: all at once, some are refused', async () => {
  expect(await refused()).toBeGreaterThan(0);
});
