/** Customers: who pays, with the payment method that stands for them by default. */
import { z } from 'zod';
import { noSuch } from '../wire/errors.ts';
import { newId, randomText } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { address, clearableMetadata, email, emptyable, emptyableText, integer, paging, shipping, text } from '../wire/rules.ts';
import type { StripeState } from '../state.ts';
import { addressOf } from './addresses.ts';
import { attach, findPaymentMethod } from './payment-methods.ts';
import type { StripeCustomer } from './types.ts';

const fields = {
  address: emptyable(address).optional(),
  balance: integer.optional(),
  description: emptyableText.optional(),
  email: emptyable(email).optional(),
  invoice_settings: z.strictObject({ default_payment_method: emptyableText.optional() }).optional(),
  metadata: clearableMetadata.optional(),
  name: emptyableText.optional(),
  phone: emptyableText.optional(),
  preferred_locales: z.array(text).optional(),
  shipping: emptyable(shipping).optional(),
  tax_exempt: emptyable(z.enum(['none', 'exempt', 'reverse'])).optional(),
};

export function customerRoutes(state: StripeState): Route[] {
  return [
    route('POST /v1/customers', { ...fields, payment_method: text.optional() }, ({ payment_method, ...params }, { owner }) => {
      const customer = state.customers.put(owner, changed(newCustomer(state.now()), params));
      if (payment_method) attach(state, owner, findPaymentMethod(state, owner, payment_method, 'payment_method'), customer.id);
      state.emit(owner, 'customer.created', customer);
      return customer;
    }),
    route('GET /v1/customers', { ...paging, email: text.optional() }, (params, { owner }) =>
      state.customers.page(owner, '/v1/customers', params, { email: params.email }),
    ),
    route(
      'GET /v1/customers/:id',
      {},
      (_params, { owner, id }) => state.deletedCustomers.get(id) ?? state.customers.get(owner, id),
    ),
    route('POST /v1/customers/:id', fields, (params, { owner, id }) => {
      const before = state.customers.get(owner, id);
      const method = params.invoice_settings?.default_payment_method;
      if (method && state.paymentMethods.get(owner, method, 'invoice_settings[default_payment_method]').customer !== id) {
        throw noSuch('PaymentMethod', method, 'invoice_settings[default_payment_method]');
      }
      const after = state.customers.put(owner, changed(before, params));
      state.emitChange(owner, 'customer.updated', before, after);
      return after;
    }),
    route('DELETE /v1/customers/:id', {}, (_params, { owner, id }) => {
      const customer = state.customers.get(owner, id);
      const gone = { id, object: 'customer' as const, deleted: true as const };
      state.customers.delete(id);
      state.deletedCustomers.set(id, gone);
      state.emit(owner, 'customer.deleted', customer);
      return gone;
    }),
  ];
}

type Fields = z.output<z.ZodObject<typeof fields>>;

function changed(customer: StripeCustomer, given: Fields): StripeCustomer {
  const { invoice_settings, metadata, address, shipping, tax_exempt, ...plain } = given;
  const method = invoice_settings?.default_payment_method;
  return {
    ...customer,
    ...plain,
    ...(address !== undefined && { address: address && addressOf(address) }),
    ...(shipping !== undefined && {
      shipping: shipping && { name: shipping.name, phone: shipping.phone ?? null, address: addressOf(shipping.address) },
    }),
    ...(tax_exempt !== undefined && { tax_exempt: tax_exempt ?? 'none' }),
    invoice_settings:
      method === undefined ? customer.invoice_settings : { ...customer.invoice_settings, default_payment_method: method },
    metadata: mergeMetadata(customer.metadata, metadata),
  };
}

/** @param created epoch seconds */
export const newCustomer = (created: number): StripeCustomer => ({
  id: newId('cus'),
  object: 'customer',
  address: null,
  balance: 0,
  created,
  currency: null,
  default_source: null,
  delinquent: false,
  description: null,
  discount: null,
  email: null,
  invoice_prefix: randomText(8).toUpperCase(),
  invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
  livemode: false,
  metadata: {},
  name: null,
  next_invoice_sequence: 1,
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
});
