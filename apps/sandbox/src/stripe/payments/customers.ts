/** Customers: who pays, with the payment method that stands for them by default. */
import { z } from 'zod';
import { noSuch } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { page } from '../wire/list.ts';
import { attach, findPaymentMethod } from './payment-methods.ts';
import { type Route, route } from '../wire/route.ts';
import { email, emptyable, hash, integer, mergeMetadata, metadata, paging, text } from '../wire/rules.ts';
import type { StripeState } from '../state.ts';
import type { StripeCustomer } from './types.ts';

const fields = {
  address: hash.optional(),
  balance: integer.optional(),
  description: emptyable.optional(),
  email: email.optional(),
  invoice_settings: z.strictObject({ default_payment_method: emptyable.optional() }).optional(),
  metadata: metadata.optional(),
  name: emptyable.optional(),
  phone: emptyable.optional(),
  preferred_locales: z.array(text).optional(),
  shipping: hash.optional(),
  tax_exempt: z.enum(['none', 'exempt', 'reverse']).optional(),
};

export function customerRoutes(state: StripeState): Route[] {
  return [
    route('POST /v1/customers', { ...fields, payment_method: text.optional() }, ({ payment_method, ...params }, { owner }) => {
      const id = newId('cus');
      const customer = state.customers.put(owner, changed(newCustomer(id, state.now()), params));
      if (payment_method) {
        const method = findPaymentMethod(state, owner, payment_method, 'payment_method');
        try {
          attach(state, owner, method, id);
        } catch (refusal) {
          state.customers.delete(id);
          throw refusal;
        }
      }
      state.emit(owner, 'customer.created', customer);
      return customer;
    }),
    route('GET /v1/customers', { ...paging, email: text.optional() }, (params, { owner }) => {
      const wanted = state.customers.of(owner).filter((customer) => !params.email || customer.email === params.email);
      return page('/v1/customers', wanted, params);
    }),
    route('GET /v1/customers/:id', {}, (_params, { owner, id }) => {
      const gone = state.store.table<{ id: string }>('stripe.deleted_customer').get(id);
      return gone ?? state.customers.get(owner, id);
    }),
    route('POST /v1/customers/:id', fields, (params, { owner, id }) => {
      const before = state.customers.get(owner, id);
      const method = params.invoice_settings?.default_payment_method;
      if (method && state.paymentMethods.get(owner, method, 'invoice_settings[default_payment_method]').customer !== id) {
        throw noSuch('PaymentMethod', method, 'invoice_settings[default_payment_method]');
      }
      const after = state.customers.put(owner, changed(before, params));
      state.emit(owner, 'customer.updated', after, difference(before, after));
      return after;
    }),
    route('DELETE /v1/customers/:id', {}, (_params, { owner, id }) => {
      const customer = state.customers.get(owner, id);
      const gone = { id, object: 'customer', deleted: true };
      state.customers.delete(id);
      state.store.table<object>('stripe.deleted_customer').set(id, gone);
      state.emit(owner, 'customer.deleted', customer);
      return gone;
    }),
  ];
}

/** What `after` has changed, with the values of `before`; for an event's previous_attributes. */
export const difference = (before: object, after: object): object =>
  Object.fromEntries(
    Object.entries(before).filter(([name, value]) => {
      return JSON.stringify(value) !== JSON.stringify((after as Record<string, unknown>)[name]);
    }),
  );

type Fields = z.output<z.ZodObject<typeof fields>>;

function changed(customer: StripeCustomer, { invoice_settings, metadata, ...given }: Fields): StripeCustomer {
  const settings = { ...customer.invoice_settings, ...invoice_settings };
  return { ...customer, ...given, invoice_settings: settings, metadata: mergeMetadata(customer.metadata, metadata) };
}

const newCustomer = (id: string, created: number): StripeCustomer => ({
  id,
  object: 'customer',
  address: null,
  balance: 0,
  created,
  currency: null,
  default_source: null,
  delinquent: false,
  description: null,
  email: null,
  invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
  livemode: false,
  metadata: {},
  name: null,
  phone: null,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
});
