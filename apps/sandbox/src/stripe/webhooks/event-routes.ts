/** Events as they can be read afterwards, and the endpoints that want to be told of them. */
import { z } from 'zod';
import { API_VERSION } from './events.ts';
import { newId, randomText } from '../wire/ids.ts';
import { page } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { emptyable, flag, mergeMetadata, metadata, paging, text } from '../wire/rules.ts';
import type { StripeState } from '../state.ts';
import type { KeptEndpoint } from './webhooks.ts';

const eventFilters = {
  ...paging,
  delivery_success: flag.optional(),
  type: text.optional(),
  types: z.array(text).max(20).optional(),
};

const endpoint = {
  api_version: text.optional(),
  connect: flag.optional(),
  description: emptyable.optional(),
  enabled_events: z.array(text).min(1),
  metadata: metadata.optional(),
  url: text.regex(/^https?:\/\//, 'must be a URL'),
};

export function eventRoutes(state: StripeState): Route[] {
  return [
    route('GET /v1/events', eventFilters, (params, { owner }) => {
      const wanted = state.events.shelf
        .of(owner)
        .filter((event) => !params.type || matches(params.type, event.type))
        .filter((event) => !params.types || params.types.some((type) => matches(type, event.type)))
        .filter((event) => params.delivery_success === undefined || params.delivery_success === (event.pending_webhooks === 0));
      return page('/v1/events', wanted, params);
    }),
    route('GET /v1/events/:id', {}, (_params, { owner, id }) => state.events.shelf.get(owner, id)),
    route('POST /v1/webhook_endpoints', endpoint, (params, { owner }) => {
      const made = newEndpoint(state.now(), params);
      state.endpoints.put(owner, { ...made, sandbox_connect: params.connect });
      // The secret is shown this once, as at Stripe.
      return made;
    }),
    route('GET /v1/webhook_endpoints', paging, (params, { owner }) =>
      page('/v1/webhook_endpoints', state.endpoints.of(owner).map(withoutSecret), params),
    ),
    route('GET /v1/webhook_endpoints/:id', {}, (_params, { owner, id }) => withoutSecret(state.endpoints.get(owner, id))),
    route('DELETE /v1/webhook_endpoints/:id', {}, (_params, { owner, id }) => {
      state.endpoints.get(owner, id);
      state.endpoints.delete(id);
      return { id, object: 'webhook_endpoint', deleted: true };
    }),
  ];
}

/** `charge.*` stands for everything that begins with `charge.`. */
const matches = (wanted: string, type: string): boolean =>
  wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type;

function withoutSecret(endpoint: KeptEndpoint): Omit<KeptEndpoint, 'secret'> {
  const { secret: _secret, ...shown } = endpoint;
  return shown;
}

const newEndpoint = (created: number, params: z.output<z.ZodObject<typeof endpoint>>): KeptEndpoint => ({
  id: newId('we'),
  object: 'webhook_endpoint',
  api_version: params.api_version ?? API_VERSION,
  application: null,
  created,
  description: params.description ?? null,
  enabled_events: params.enabled_events,
  livemode: false,
  metadata: mergeMetadata({}, params.metadata),
  secret: `whsec_${randomText(32)}`,
  status: 'enabled',
  url: params.url,
});
