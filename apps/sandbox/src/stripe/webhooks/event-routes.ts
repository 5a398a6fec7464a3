/** Events as they can be read afterwards, and the endpoints that want to be told of them. */
import { z } from 'zod';
import type { StripeState } from '../state.ts';
import { invalid } from '../wire/errors.ts';
import { newId, randomText } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { API_VERSIONS, EVENT_TYPES } from '../wire/published.gen.ts';
import { clearableMetadata, emptyableText, flag, known, pages, paging, text, url } from '../wire/rules.ts';
import { API_VERSION } from '../wire/version.ts';
import type { KeptEndpoint, StripeEvent } from './types.ts';

const eventFilters = {
  ...paging,
  delivery_success: flag.optional(),
  type: text.optional(),
  types: z.array(text).max(20).optional(),
};

const eventName = z.enum(EVENT_TYPES);

const create = {
  api_version: known([API_VERSION], [...API_VERSIONS]).optional(),
  connect: flag.optional(),
  description: emptyableText.optional(),
  enabled_events: z.array(eventName).min(1),
  metadata: clearableMetadata.optional(),
  url,
};

const update = {
  description: emptyableText.optional(),
  disabled: flag.optional(),
  enabled_events: z.array(eventName).min(1).optional(),
  metadata: clearableMetadata.optional(),
  url: url.optional(),
};

/** How long Stripe shows an event. */
const SHOWN_SECONDS = 30 * 24 * 60 * 60;

export function eventRoutes(state: StripeState): Route[] {
  const isShown = ({ created }: StripeEvent): boolean => created > state.now() - SHOWN_SECONDS;
  const endpoints = '/v1/webhook_endpoints' as const;
  return [
    route('GET /v1/events', eventFilters, ({ delivery_success: isDelivered, type, types, ...paging }, { owner }) => {
      if (type && types) throw invalid('You can give one of type and types, not both.', { param: 'types' });
      const isWanted = (event: StripeEvent): boolean =>
        isShown(event) &&
        (!type || matches(type, event.type)) &&
        (!types || types.some((each) => matches(each, event.type))) &&
        (isDelivered === undefined || isDelivered === (event.pending_webhooks === 0));
      // One type that is named in full has a list of its own.
      const named = type && !type.endsWith('*') ? type : types?.length === 1 && !types[0]!.endsWith('*') ? types[0] : undefined;
      return state.events.shelf.page(owner, '/v1/events', paging, { type: named }, isWanted);
    }),
    route('GET /v1/events/:id', {}, (_params, { owner, id }) => {
      const event = state.events.shelf.get(owner, id);
      if (isShown(event)) return event;
      throw invalid(`No such event: '${id}'`, { code: 'resource_missing', param: 'id' }, 404);
    }),
    route(`POST ${endpoints}`, create, (params, { owner }) => {
      const made = newEndpoint(state.now(), params);
      state.endpoints.put(owner, { ...made, sandbox_connect: params.connect ?? false });
      // The secret is shown this once, as at Stripe.
      return made;
    }),
    route(`GET ${endpoints}`, pages, (params, { owner }) => {
      const page = state.endpoints.page(owner, endpoints, params);
      return { ...page, data: page.data.map(withoutSecret) };
    }),
    route(`GET ${endpoints}/:id`, {}, (_params, { owner, id }) => withoutSecret(state.endpoints.get(owner, id))),
    route(`POST ${endpoints}/:id`, update, ({ disabled, metadata, ...given }, { owner, id }) => {
      const before = state.endpoints.get(owner, id);
      const status = disabled === undefined ? before.status : disabled ? 'disabled' : 'enabled';
      const after = { ...before, ...given, metadata: mergeMetadata(before.metadata, metadata), status } as KeptEndpoint;
      return withoutSecret(state.endpoints.put(owner, after));
    }),
    route(`DELETE ${endpoints}/:id`, {}, (_params, { owner, id }) => {
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

const newEndpoint = (created: number, params: z.output<z.ZodObject<typeof create>>): KeptEndpoint => ({
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
