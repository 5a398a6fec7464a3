/**
 * The text of wire/published.gen.ts: what Stripe's API has and the sandbox does not imitate, so that the sandbox can tell it from what
 * Stripe would refuse, and the long lists of choices that nobody should copy by hand. Written by `npm run generate`.
 */
import { SandboxClock } from '../../../clock.ts';
import { Faults } from '../../../faults.ts';
import { Store } from '../../../store.ts';
import { stripeRoutes } from '../../routes.ts';
import { StripeState } from '../../state.ts';
import type { Route } from '../../wire/route.ts';
import { compareParameters } from './accepted.ts';
import type { PublishedApi } from './calls.ts';
import { publishedMembers, type Shape } from './shapes.ts';

/** Where in the API each list is found; of several places, what all of them have. */
const CHOICES: Record<string, string[]> = {
  API_VERSIONS: ['POST /v1/webhook_endpoints api_version'],
  EVENT_TYPES: ['POST /v1/webhook_endpoints enabled_events', 'POST /v1/webhook_endpoints/: enabled_events'],
  METHOD_TYPES: ['GET /v1/payment_methods type', 'POST /v1/payment_methods type'],
  OFFERED_TYPES: [
    'POST /v1/payment_intents allowed_payment_method_types',
    'POST /v1/payment_intents excluded_payment_method_types',
    'POST /v1/setup_intents allowed_payment_method_types',
    'POST /v1/setup_intents excluded_payment_method_types',
    'POST /v1/checkout/sessions allowed_payment_method_types',
    'POST /v1/checkout/sessions excluded_payment_method_types',
  ],
  TAX_ID_TYPES: ['POST /v1/tax/calculations customer_details tax_ids type'],
};

export function publishedSource(api: PublishedApi): string {
  const { unimitated } = compareParameters(api, sandboxRoutes());
  const rows = [...unimitated]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([place, names]) => `  '${place}': '${names.join(' ')}',`);
  const lists = Object.entries(CHOICES).map(
    ([name, places]) => `export const ${name} = [\n${valuesAt(api, places)}\n] as const;`,
  );
  return `/** Generated from the types of Stripe's SDK by "npm run generate". */

/** Parameters of Stripe's that the sandbox does not know, by call and place. */
export const UNIMITATED: Record<string, string> = {
${rows.join('\n')}
};

${lists.join('\n\n')}
`;
}

/** The routes of a sandbox that nobody talks to. */
export function sandboxRoutes(): Route[] {
  const store = new Store(':memory:');
  const [clock, faults] = [new SandboxClock(store), new Faults(store)];
  const times = { availableAfterSeconds: 0, debitClearsAfterSeconds: 0, payoutArrivesAfterSeconds: 0 };
  return stripeRoutes(new StripeState({ store, clock, faults, ...times }));
}

function valuesAt(api: PublishedApi, places: string[]): string {
  const lists = places.map((place) => {
    const [method, path, ...names] = place.split(' ');
    const call = api.calls.get(`${method} ${path}`)!;
    const values = enumIn({ kind: 'hash', members: publishedMembers(api.checker, call.params!) }, names);
    if (!values) throw new Error(`Stripe publishes no choices at ${place}.`);
    return values;
  });
  return lists[0]!
    .filter((value) => lists.every((list) => list.includes(value)))
    .sort()
    .map((value) => `  '${value}',`)
    .join('\n');
}

function enumIn(shape: Shape | undefined, [name, ...rest]: string[]): string[] | undefined {
  if (shape?.kind === 'list') return enumIn(shape.of, [...(name === undefined ? [] : [name]), ...rest]);
  if (name === undefined) return shape?.kind === 'enum' ? shape.values : undefined;
  return shape?.kind === 'hash' ? enumIn(shape.members.get(name)?.shape, rest) : undefined;
}
