/** The sandbox beside what Stripe publishes: no parameter that Stripe would refuse, no answer that Stripe would not give. */
import { Stripe } from 'stripe';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareParameters } from '../testing/published/accepted.ts';
import { misfitsOfAnswer, misfitsOfObject } from '../testing/published/answers.ts';
import { loadPublishedApi, type PublishedApi } from '../testing/published/calls.ts';
import { publishedSource, sandboxRoutes } from '../testing/published/published-source.ts';
import { openSandbox, type StripeSandbox } from '../testing/stripe-sandbox.ts';
import { takeTour } from '../testing/tour.ts';
import type { StripeEvent } from '../webhooks/types.ts';
import { EVENT_TYPES, UNIMITATED } from './published.gen.ts';

describe('beside what Stripe publishes', () => {
  let api: PublishedApi;
  beforeAll(() => {
    api = loadPublishedApi();
  });

  it('accepts no parameter and no value that Stripe would refuse, and demands what Stripe demands', () => {
    expect(compareParameters(api, sandboxRoutes()).tooLenient).toEqual([]);
  });

  it('refuses as wrong nothing that Stripe would accept, but for what is listed here', () => {
    const { tooStrict } = compareParameters(api, sandboxRoutes());
    expect(tooStrict.map((line) => line.replace(/: .*(can be chosen|is optional)$/, ': $1')).sort()).toEqual([
      // Kinds of payment methods that only some calls may name: all calls take those that all of them have.
      'POST /v1/checkout/sessions allowed_payment_method_types: can be chosen',
      // Optional for a browser, which has its own address and name; here a server confirms.
      'POST /v1/payment_intents allowed_payment_method_types: can be chosen',
      'POST /v1/payment_intents/:id/confirm mandate_data.customer_acceptance.online: is optional',
      'POST /v1/payment_intents/:id/confirm mandate_data.customer_acceptance.online: is optional',
      'POST /v1/payment_intents/:id/confirm mandate_data: is optional',
      'POST /v1/setup_intents allowed_payment_method_types: can be chosen',
      'POST /v1/setup_intents/:id/confirm mandate_data.customer_acceptance.online: is optional',
      'POST /v1/setup_intents/:id/confirm mandate_data.customer_acceptance.online: is optional',
      'POST /v1/setup_intents/:id/confirm mandate_data: is optional',
    ]);
  });

  it('knows what it does not know: the generated list is that of the installed SDK', () => {
    const source = publishedSource(api);
    for (const [place, names] of Object.entries(UNIMITATED)) expect(source).toContain(`'${place}': '${names}'`);
    expect(source.split('\n').filter((line) => line.startsWith("  '") && line.includes("': '"))).toHaveLength(
      Object.keys(UNIMITATED).length,
    );
  });

  it('answers every call, and tells every event, in the shapes of the SDK', async () => {
    const sandbox = await openSandbox();
    const seen = new Set<string>();
    const wrong = new Set<string>();
    const sandboxSeen = watched(sandbox, (address, body) => {
      seen.add(address);
      for (const line of misfitsOfAnswer(api, address, body)) wrong.add(anonymous(line));
    });
    await takeTour(sandboxSeen);
    for (const { object: event } of sandbox.store.table<{ object: StripeEvent }>('stripe.event').values()) {
      const object = event.data.object as { object: string };
      if (!(EVENT_TYPES as readonly string[]).includes(event.type)) wrong.add(`Stripe has no event ${event.type}`);
      // An application is told of by its name alone.
      if (object.object !== 'application')
        for (const line of misfitsOfObject(api, object, event.type)) wrong.add(anonymous(line));
    }
    expect([...wrong]).toEqual([]);
    const routes = sandboxRoutes().map((route) => route.address);
    // No refund here ever waits for the customer, which alone could be canceled.
    expect(routes.filter((address) => !seen.has(address))).toEqual(['POST /v1/refunds/:id/cancel']);
    await sandbox.close();
  }, 60_000);
});

const anonymous = (line: string): string => line.replaceAll(/\[\d+\]/g, '[]');

/** The sandbox with an SDK that hands over each answer that says 200, with the call it answers. */
function watched(sandbox: StripeSandbox, note: (address: string, body: unknown) => void): StripeSandbox {
  const listen: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const id = response.headers.get('request-id');
    const address = sandbox.control.requests().find((request) => request.requestId === id)?.endpoint;
    if (address && response.ok) note(address, await response.clone().json());
    return response;
  };
  return { ...sandbox, stripe: sandbox.client({ httpClient: Stripe.createFetchHttpClient(listen) }) };
}
