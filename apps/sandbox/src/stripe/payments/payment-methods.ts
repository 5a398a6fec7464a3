/** Payment methods: made from Stripe's magic ids, kept with one customer at a time. */
import { z } from 'zod';
import type { StripeState } from '../state.ts';
import { invalid, missing, noSuch, notImitated } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { METHOD_TYPES } from '../wire/published.gen.ts';
import { clearableMetadata, known, metadata, pages, text } from '../wire/rules.ts';
import { billingDetails, billingWith, NO_BILLING } from './addresses.ts';
import { declineRefusal } from './declines.ts';
import { type Instrument, instrumentByFingerprint, instrumentDetails, magicInstrument } from './instruments.ts';
import type { StripePaymentMethod } from './types.ts';

const kind = z.enum(METHOD_TYPES);
const imitatedKind = known(['card', 'us_bank_account', 'sepa_debit'], [...METHOD_TYPES]);
const redisplay = z.enum(['always', 'limited', 'unspecified']);

const create = {
  allow_redisplay: redisplay.optional(),
  billing_details: billingDetails.optional(),
  card: z.strictObject({ token: text.optional() }).optional(),
  metadata: metadata.optional(),
  type: imitatedKind.optional(),
};

const update = {
  allow_redisplay: redisplay.optional(),
  billing_details: billingDetails.optional(),
  metadata: clearableMetadata.optional(),
};

export function paymentMethodRoutes(state: StripeState): Route[] {
  const listOf = { ...pages, allow_redisplay: redisplay.optional(), type: kind.optional() };
  const ofCustomer = '/v1/customers/:id/payment_methods' as const;
  return [
    route('POST /v1/payment_methods', create, (params, { owner }) => createMethod(state, owner, params)),
    route(
      'GET /v1/payment_methods',
      { ...listOf, customer: text.optional() },
      ({ customer, type, allow_redisplay, ...paging }, { owner }) => {
        // Stripe lists only what is kept with a customer; without one there is nothing to show.
        if (customer) state.customers.get(owner, customer, 'customer');
        return state.paymentMethods.page(owner, '/v1/payment_methods', paging, {
          customer: customer ?? '',
          type,
          allow_redisplay,
        });
      },
    ),
    route(`GET ${ofCustomer}`, listOf, ({ type, allow_redisplay, ...paging }, { owner, id }) => {
      state.customers.get(owner, id, 'customer');
      const url = ofCustomer.replace(':id', id);
      return state.paymentMethods.page(owner, url, paging, { customer: id, type, allow_redisplay });
    }),
    route(`GET ${ofCustomer}/:sub`, {}, (_params, { owner, id, subId }) => {
      const method = state.paymentMethods.get(owner, subId);
      if (method.customer !== id)
        throw invalid(`No such payment method '${subId}' of customer '${id}'.`, { param: 'customer' }, 404);
      return method;
    }),
    route('GET /v1/payment_methods/:id', {}, (_params, { owner, id }) => findPaymentMethod(state, owner, id)),
    route('POST /v1/payment_methods/:id', update, ({ metadata, billing_details, ...plain }, { owner, id }) => {
      const method = state.paymentMethods.get(owner, id);
      if (!method.customer) throw invalid('Only a payment method that is attached to a customer can be updated.');
      const updated = state.paymentMethods.put(owner, {
        ...method,
        ...plain,
        billing_details: billingWith(method.billing_details, billing_details),
        metadata: mergeMetadata(method.metadata, metadata),
      });
      state.emitChange(owner, 'payment_method.updated', method, updated);
      return updated;
    }),
    route('POST /v1/payment_methods/:id/attach', { customer: text.optional() }, (params, { owner, id }) => {
      if (!params.customer) throw missing('customer');
      state.customers.get(owner, params.customer, 'customer');
      return attach(state, owner, findPaymentMethod(state, owner, id), params.customer);
    }),
    route('POST /v1/payment_methods/:id/detach', {}, (_params, { owner, id }) => detach(state, owner, id)),
  ];
}

function createMethod(state: StripeState, owner: string, params: z.output<z.ZodObject<typeof create>>): StripePaymentMethod {
  if (!params.type) throw missing('type');
  if (params.type !== 'card') {
    throw notImitated(`account numbers: pass a test account by its id, such as pm_usBankAccount_success`, params.type);
  }
  if (!params.card?.token) throw missing('card[token]');
  const instrument = magicInstrument(params.card.token);
  if (!instrument) throw noSuch('token', params.card.token, 'card[token]');
  const method = newPaymentMethod(state, owner, instrument);
  return state.paymentMethods.put(owner, {
    ...method,
    allow_redisplay: params.allow_redisplay ?? method.allow_redisplay,
    billing_details: billingWith(method.billing_details, params.billing_details),
    metadata: mergeMetadata({}, params.metadata),
  });
}

/** The payment method with this id; a magic id makes a new one, as at Stripe. */
export function findPaymentMethod(state: StripeState, owner: string, id: string, param?: string): StripePaymentMethod {
  const instrument = magicInstrument(id);
  return instrument ? newPaymentMethod(state, owner, instrument) : state.paymentMethods.get(owner, id, param);
}

/**
 * Keeps the method with the customer.
 * @throws StripeRefusal 402 when the bank refuses the card on sight, 400 when it is somebody else's or was let go before.
 */
export function attach(state: StripeState, owner: string, method: StripePaymentMethod, customer: string): StripePaymentMethod {
  if (method.customer === customer) return method;
  if (method.customer) throw invalid('The payment method you provided has already been attached to a customer.');
  if (state.detachedMethods.get(method.id)) {
    throw invalid('This payment method was detached from a customer, or used without one, and cannot be used again.');
  }
  const { decline, isRefusedWhenKept } = instrumentOf(method);
  if (decline && isRefusedWhenKept) throw declineRefusal(decline, {});
  const attached = state.paymentMethods.put(owner, { ...method, customer });
  state.emit(owner, 'payment_method.attached', attached);
  return attached;
}

/** For good: what was let go cannot be attached again. */
function detach(state: StripeState, owner: string, id: string): StripePaymentMethod {
  const method = state.paymentMethods.get(owner, id);
  if (!method.customer) throw invalid('The payment method you provided is not attached to a customer so it cannot be detached.');
  const customer = state.customers.find(method.customer)?.object;
  if (customer?.invoice_settings.default_payment_method === id) {
    const settings = { ...customer.invoice_settings, default_payment_method: null };
    state.customers.put(owner, { ...customer, invoice_settings: settings });
  }
  state.detachedMethods.set(id, true);
  const detached = state.paymentMethods.put(owner, { ...method, customer: null });
  state.emit(owner, 'payment_method.detached', detached, { customer: method.customer });
  return detached;
}

export const instrumentOf = (method: StripePaymentMethod): Instrument =>
  instrumentByFingerprint(method[method.type]!.fingerprint);

function newPaymentMethod(state: StripeState, owner: string, instrument: Instrument): StripePaymentMethod {
  return state.paymentMethods.put(owner, {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: NO_BILLING,
    created: state.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    [instrument.type]: instrumentDetails(instrument),
    type: instrument.type,
  });
}
