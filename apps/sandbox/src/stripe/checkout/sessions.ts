/** Checkout sessions: a page at Stripe on which somebody pays once, for an invoice that is paid by link. */
import { z } from 'zod';
import type { StripeState } from '../state.ts';
import { invalid } from '../wire/errors.ts';
import { type StripeList, wholeList } from '../wire/list.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { clearableMetadata, pages, paging, text } from '../wire/rules.ts';
import { createFields, newSession } from './session-fields.ts';
import { expireSession, followPayments } from './session-course.ts';
import type { StripeLineItem } from './types.ts';

const filters = {
  ...paging,
  customer: text.optional(),
  payment_intent: text.optional(),
  status: z.enum(['complete', 'expired', 'open']).optional(),
};

export function checkoutRoutes(state: StripeState): Route[] {
  followPayments(state);
  const address = '/v1/checkout/sessions' as const;
  return [
    route(`POST ${address}`, createFields, (params, { owner, origin }) => {
      if (params.customer) state.customers.get(owner, params.customer, 'customer');
      const { session, items } = newSession(state, params, origin);
      state.sessionDetails.set(session.id, { items, intent: params.payment_intent_data ?? {} });
      state.due.after(session.expires_at - state.now(), 'checkout.expired', session.id);
      return state.sessions.put(owner, session);
    }),
    route(`GET ${address}`, filters, (params, { owner }) => {
      const { customer, payment_intent, status } = params;
      return state.sessions.page(owner, address, params, { customer, payment_intent, status });
    }),
    route(`GET ${address}/:id`, {}, (_params, { owner, id }) => state.sessions.get(owner, id)),
    route(`POST ${address}/:id`, { metadata: clearableMetadata.optional() }, (params, { owner, id }) => {
      const session = state.sessions.get(owner, id);
      return state.sessions.put(owner, { ...session, metadata: mergeMetadata(session.metadata, params.metadata) });
    }),
    route(`POST ${address}/:id/expire`, {}, (_params, { owner, id }) => {
      const session = state.sessions.get(owner, id);
      if (session.status === 'open') return expireSession(state, owner, session);
      throw invalid(`Only an open session can be expired; this one is ${session.status}.`);
    }),
    route(`GET ${address}/:id/line_items`, pages, (params, { owner, id }) => {
      state.sessions.get(owner, id);
      const list = lineItemsOf(state, id);
      return { ...list, data: list.data.slice(0, params.limit ?? 10), has_more: list.data.length > (params.limit ?? 10) };
    }),
  ];
}

/** Shown within a session to whoever asks for it. */
export const lineItemsOf = (state: StripeState, id: string): StripeList<StripeLineItem> =>
  wholeList(`/v1/checkout/sessions/${id}/line_items`, state.sessionDetails.get(id)?.items ?? []);
