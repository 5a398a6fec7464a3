/** Payment methods: made from Stripe's magic ids, kept with one customer at a time. */
import { z } from 'zod';
import { type Decline, type Instrument, instrumentByLast4, instrumentDetails, magicInstrument } from './cards.ts';
import { invalid, noSuch, StripeRefusal } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { page, type Paging } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { hash, mergeMetadata, metadata, paging, text } from '../wire/rules.ts';
import type { StripeState } from '../state.ts';
import type { StripePaymentMethod } from './types.ts';

const kind = z.enum(['card', 'us_bank_account']);

export function paymentMethodRoutes(state: StripeState): Route[] {
  const create = {
    type: kind,
    card: z.strictObject({ token: text }).optional(),
    billing_details: hash.optional(),
    metadata: metadata.optional(),
  };
  const update = { billing_details: hash.optional(), metadata: metadata.optional() };
  const list = { ...paging, customer: text.optional(), type: kind.optional() };
  const listed = (owner: string, url: string, customer: string | undefined, params: Paging & { type?: string }) => {
    // Stripe lists only what is kept with a customer; without one there is nothing to show.
    if (customer) state.customers.get(owner, customer, 'customer');
    const own = state.paymentMethods.of(owner).filter((method) => customer && method.customer === customer);
    return page(
      url,
      own.filter((method) => !params.type || method.type === params.type),
      params,
    );
  };
  return [
    route('POST /v1/payment_methods', create, (params, { owner }) => {
      const instrument = params.card && magicInstrument(params.card.token);
      if (!params.card) throw invalid('Missing required param: card.', { code: 'parameter_missing', param: 'card' });
      if (!instrument) throw noSuch('token', params.card.token, 'card[token]');
      const method = newPaymentMethod(state, owner, instrument);
      const billing = { ...method.billing_details, ...params.billing_details };
      return state.paymentMethods.put(owner, { ...method, billing_details: billing, metadata: params.metadata ?? {} });
    }),
    route('GET /v1/payment_methods', list, (params, { owner }) => listed(owner, '/v1/payment_methods', params.customer, params)),
    route('GET /v1/customers/:id/payment_methods', { ...paging, type: kind.optional() }, (params, { owner, id }) => {
      state.customers.get(owner, id);
      return listed(owner, `/v1/customers/${id}/payment_methods`, id, params);
    }),
    route('GET /v1/payment_methods/:id', {}, (_params, { owner, id }) => findPaymentMethod(state, owner, id)),
    route('POST /v1/payment_methods/:id', update, (params, { owner, id }) => {
      const method = state.paymentMethods.get(owner, id);
      const billing = { ...method.billing_details, ...params.billing_details };
      const updated = { ...method, billing_details: billing, metadata: mergeMetadata(method.metadata, params.metadata) };
      return state.paymentMethods.put(owner, updated);
    }),
    route('POST /v1/payment_methods/:id/attach', { customer: text }, (params, caller) => {
      const { owner, id } = caller;
      state.customers.get(owner, params.customer, 'customer');
      return attach(state, owner, findPaymentMethod(state, owner, id), params.customer);
    }),
    route('POST /v1/payment_methods/:id/detach', {}, (_params, { owner, id }) => {
      const method = state.paymentMethods.get(owner, id);
      if (!method.customer)
        throw invalid('The payment method you provided is not attached to a customer so it cannot be detached.');
      const customer = state.customers.get(owner, method.customer);
      if (customer.invoice_settings.default_payment_method === id) {
        const settings = { ...customer.invoice_settings, default_payment_method: null };
        state.customers.put(owner, { ...customer, invoice_settings: settings });
      }
      const detached = state.paymentMethods.put(owner, { ...method, customer: null });
      state.emit(owner, 'payment_method.detached', detached, { customer: method.customer });
      return detached;
    }),
  ];
}

/** The payment method with this id; a magic id makes a new one, as at Stripe. */
export function findPaymentMethod(state: StripeState, owner: string, id: string, param?: string): StripePaymentMethod {
  const instrument = magicInstrument(id);
  return instrument ? newPaymentMethod(state, owner, instrument) : state.paymentMethods.get(owner, id, param);
}

/**
 * Keeps the method with the customer.
 * @throws StripeRefusal 402 when the bank refuses the card on sight, 400 when it is somebody else's.
 */
export function attach(state: StripeState, owner: string, method: StripePaymentMethod, customer: string): StripePaymentMethod {
  if (method.customer === customer) return method;
  if (method.customer) throw invalid('The payment method you provided has already been attached to a customer.');
  const { decline, isRefusedWhenKept } = instrumentOf(method);
  if (decline && isRefusedWhenKept) throw declineRefusal(decline, {});
  const attached = state.paymentMethods.put(owner, { ...method, customer });
  state.emit(owner, 'payment_method.attached', attached);
  return attached;
}

export const instrumentOf = (method: StripePaymentMethod): Instrument =>
  instrumentByLast4((method.card ?? method.us_bank_account)!.last4);

/** The bank's refusal as the wire shows it: 402 card_error with both codes. */
export const declineRefusal = (decline: Decline, objects: Record<string, unknown>): StripeRefusal =>
  new StripeRefusal(402, 'card_error', decline.message, { code: decline.code, decline_code: decline.declineCode, ...objects });

function newPaymentMethod(state: StripeState, owner: string, instrument: Instrument): StripePaymentMethod {
  const address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
  return state.paymentMethods.put(owner, {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address, email: null, name: null, phone: null, tax_id: null },
    [instrument.type]: instrumentDetails(instrument),
    created: state.now(),
    customer: null,
    livemode: false,
    metadata: {},
    type: instrument.type,
  });
}
