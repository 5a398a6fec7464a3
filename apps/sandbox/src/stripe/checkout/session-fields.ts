/** The parameters of a checkout session, and how one begins. */
import { z } from 'zod';
import { demandMinimum } from '../payments/intent-fields.ts';
import { methodTypeRules, methodTypes } from '../payments/method-types.ts';
import type { StripeState } from '../state.ts';
import { invalid, missing } from '../wire/errors.ts';
import { newId, randomText } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { currency, email, integer, known, metadata, natural, refuse, text, url } from '../wire/rules.ts';
import type { StripeLineItem, StripeSession } from './types.ts';

const usage = z.enum(['off_session', 'on_session']);

const quantity = integer.refine((value) => value >= 1, refuse('parameter_invalid_integer', 'The quantity must be 1 or more.'));

const lineItem = z.strictObject({
  metadata: metadata.optional(),
  price_data: z
    .strictObject({
      currency,
      product_data: z.strictObject({ description: text.optional(), metadata: metadata.optional(), name: text }).optional(),
      tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
      unit_amount: natural.optional(),
    })
    .optional(),
  quantity: quantity.optional(),
});

const { automatic_payment_methods: _automatic, ...typeRules } = methodTypeRules;

export const createFields = {
  ...typeRules,
  cancel_url: url.optional(),
  client_reference_id: text.max(200).optional(),
  customer: text.optional(),
  customer_creation: z.enum(['always', 'if_required']).optional(),
  customer_email: email.optional(),
  expires_at: integer.optional(),
  line_items: z.array(lineItem).min(1).max(100).optional(),
  metadata: metadata.optional(),
  mode: known(['payment'], ['setup', 'subscription']).optional(),
  payment_intent_data: z
    .strictObject({
      capture_method: known(['automatic', 'automatic_async'], ['manual']).optional(),
      description: text.optional(),
      metadata: metadata.optional(),
      receipt_email: email.optional(),
      setup_future_usage: usage.optional(),
      statement_descriptor: text.max(22).optional(),
      statement_descriptor_suffix: text.max(22).optional(),
      transfer_group: text.optional(),
    })
    .optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
  success_url: url.optional(),
  ui_mode: known(['hosted_page'], ['elements', 'embedded_page', 'form']).optional(),
};

export type CreateParams = z.output<z.ZodObject<typeof createFields>>;

const HALF_AN_HOUR = 30 * 60;
const A_DAY = 24 * 60 * 60;

export function newSession(
  state: StripeState,
  params: CreateParams,
  origin: string,
): { session: StripeSession; items: StripeLineItem[] } {
  if (!params.mode) throw missing('mode');
  if (!params.success_url) throw missing('success_url');
  if (!params.line_items) throw missing('line_items');
  if (params.customer && params.customer_email) {
    throw invalid('You may only specify one of these parameters: customer, customer_email.', { param: 'customer_email' });
  }
  const items = params.line_items.map((item, index) => lineItemOf(state, item, index));
  const [{ currency: code }] = items as [StripeLineItem];
  if (items.some((item) => item.currency !== code)) {
    throw invalid('All line items of a session are in one currency.', { param: 'line_items' });
  }
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  demandMinimum(total, code);
  const { allowed_payment_method_types, excluded_payment_method_types, payment_method_types } = methodTypes(params, code);
  const id = `cs_test_${randomText(58)}`;
  return {
    items,
    session: {
      id,
      object: 'checkout.session',
      adaptive_pricing: { enabled: false },
      after_expiration: null,
      allow_promotion_codes: null,
      allowed_payment_method_types,
      amount_subtotal: total,
      amount_total: total,
      automatic_tax: { enabled: false, liability: null, provider: null, status: null },
      billing_address_collection: null,
      cancel_url: params.cancel_url ?? null,
      client_reference_id: params.client_reference_id ?? null,
      client_secret: null,
      collected_information: null,
      consent: null,
      consent_collection: null,
      created: state.now(),
      currency: code,
      currency_conversion: null,
      custom_fields: [],
      custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
      customer: params.customer ?? null,
      customer_account: null,
      customer_creation: params.customer ? null : (params.customer_creation ?? 'if_required'),
      customer_details: null,
      customer_email: params.customer_email ?? null,
      discounts: [],
      ...(excluded_payment_method_types && { excluded_payment_method_types }),
      expires_at: expiryOf(state, params.expires_at),
      integration_identifier: null,
      invoice: null,
      invoice_creation: null,
      livemode: false,
      locale: null,
      managed_payments: null,
      metadata: mergeMetadata({}, params.metadata),
      mode: 'payment',
      origin_context: null,
      payment_intent: null,
      payment_link: null,
      payment_method_collection: 'if_required',
      payment_method_configuration_details: null,
      payment_method_options: {},
      payment_method_types,
      payment_status: 'unpaid',
      permissions: null,
      phone_number_collection: { enabled: false },
      recovered_from: null,
      saved_payment_method_options: null,
      setup_intent: null,
      shipping_address_collection: null,
      shipping_cost: null,
      shipping_options: [],
      status: 'open',
      submit_type: params.submit_type ?? null,
      subscription: null,
      success_url: params.success_url,
      total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
      ui_mode: 'hosted_page',
      url: `${origin}/c/pay/${id}`,
      wallet_options: null,
    },
  };
}

function expiryOf(state: StripeState, asked: number | undefined): number {
  const now = state.now();
  if (asked === undefined) return now + A_DAY;
  if (asked >= now + HALF_AN_HOUR && asked <= now + A_DAY) return asked;
  throw invalid('The expiry has to be from 30 minutes to 24 hours after the session is made.', { param: 'expires_at' });
}

type GivenItem = NonNullable<CreateParams['line_items']>[number];

function lineItemOf(state: StripeState, { price_data: price, quantity, metadata }: GivenItem, index: number): StripeLineItem {
  const at = `line_items[${index}]`;
  if (!price) throw missing(`${at}[price_data]`);
  if (!price.product_data) throw missing(`${at}[price_data][product_data]`);
  if (price.unit_amount === undefined) throw missing(`${at}[price_data][unit_amount]`);
  if (quantity === undefined) throw missing(`${at}[quantity]`);
  const amountMinor = price.unit_amount * quantity;
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amountMinor,
    amount_tax: 0,
    amount_total: amountMinor,
    currency: price.currency,
    description: price.product_data.name,
    metadata: metadata ?? null,
    price: {
      id: newId('price'),
      object: 'price',
      active: false,
      billing_scheme: 'per_unit',
      created: state.now(),
      currency: price.currency,
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product: newId('prod'),
      recurring: null,
      tax_behavior: price.tax_behavior ?? 'unspecified',
      tiers_mode: null,
      transform_quantity: null,
      type: 'one_time',
      unit_amount: price.unit_amount,
      unit_amount_decimal: String(price.unit_amount),
    },
    quantity,
  };
}
