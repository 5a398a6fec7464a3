/** The parameters of a PaymentIntent, the least and the most it may be, and how it begins. */
import { z } from 'zod';
import type { StripeState } from '../state.ts';
import { invalid } from '../wire/errors.ts';
import { newId, randomText } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import {
  amount,
  clearableMetadata,
  currency,
  email,
  emptyable,
  flag,
  known,
  metadata,
  parcel,
  refuse,
  text,
  url,
} from '../wire/rules.ts';
import { mandateData, methodOptions, methodTypeRules, methodTypes, retiredMethodTypes } from './method-types.ts';
import { NO_ADDRESS } from './addresses.ts';
import type { StripePaymentIntent } from './types.ts';

const usage = z.enum(['off_session', 'on_session']);

/** Why the customer is away is accepted and makes no difference here. */
const offSession = z.union([flag, z.enum(['one_off', 'recurring']).transform(() => true)]);

/** What may stand on a statement: some letters, and none of the signs that banks do not take. */
const descriptor = text
  .max(22)
  .regex(/^[^<>'"*\\]*[A-Za-z][^<>'"*\\]*$/, refuse('', 'A statement descriptor has letters, and none of < > \\ \' " *.'));

const describing = {
  customer: text.optional(),
  description: text.max(1000).optional(),
  payment_method: text.optional(),
  payment_method_options: methodOptions.optional(),
  statement_descriptor: descriptor.optional(),
  statement_descriptor_suffix: descriptor.optional(),
  transfer_group: text.optional(),
  ...retiredMethodTypes,
};

const confirming = {
  error_on_requires_action: flag.optional(),
  mandate_data: mandateData.optional(),
  off_session: offSession.optional(),
  return_url: url.optional(),
  use_stripe_sdk: flag.optional(),
};

export const createFields = {
  ...describing,
  ...confirming,
  ...methodTypeRules,
  amount,
  capture_method: known(['automatic', 'automatic_async'], ['manual']).optional(),
  confirm: flag.optional(),
  confirmation_method: z.enum(['automatic', 'manual']).optional(),
  currency,
  metadata: metadata.optional(),
  receipt_email: email.optional(),
  setup_future_usage: usage.optional(),
  shipping: parcel.optional(),
};

export const updateFields = {
  ...describing,
  amount: amount.optional(),
  metadata: clearableMetadata.optional(),
  receipt_email: emptyable(email).optional(),
  setup_future_usage: emptyable(usage).optional(),
  shipping: emptyable(parcel).optional(),
};

export const confirmFields = {
  ...confirming,
  payment_method: text.optional(),
  receipt_email: emptyable(email).optional(),
  setup_future_usage: emptyable(usage).optional(),
};

export type CreateParams = z.output<z.ZodObject<typeof createFields>>;
export type UpdateParams = z.output<z.ZodObject<typeof updateFields>>;
export type ConfirmParams = z.output<z.ZodObject<typeof confirmFields>>;

/** The least that Stripe collects in one payment, in minor units of the settlement currency. */
export function demandMinimum(amountMinor: number, code: string): void {
  const least = LEAST.get(code) ?? 50;
  if (amountMinor < least) {
    throw invalid(`Amount must be at least ${least} minor units of ${code}.`, { code: 'amount_too_small', param: 'amount' });
  }
  if (THREE_DECIMALS.has(code) && amountMinor % 10 !== 0) {
    throw invalid(`Amounts in ${code} have a zero as their last digit.`, { param: 'amount' });
  }
}

const LEAST = new Map<string, number>(
  'aed 200,bgn 100,czk 1500,dkk 250,gbp 30,hkd 400,huf 17500,mxn 1000,myr 200,nok 300,pln 200,ron 200,sek 300,thb 1000'
    .split(',')
    .map((row) => [row.slice(0, 3), Number(row.slice(4))] as const),
);

const THREE_DECIMALS = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

export const shippingOf = (given: CreateParams['shipping'] | null): Record<string, unknown> | null =>
  given ? { carrier: null, phone: null, tracking_number: null, ...given, address: { ...NO_ADDRESS, ...given.address } } : null;

/** The types have been read by whoever asks, which may be a checkout page. */
type NewIntent = Omit<CreateParams, OfferedTypes> & Partial<Record<OfferedTypes, string[]>>;
type OfferedTypes = 'allowed_payment_method_types' | 'excluded_payment_method_types';

export function newIntent(state: StripeState, params: NewIntent): StripePaymentIntent {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    amount: params.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    ...methodTypes(params, params.currency),
    canceled_at: null,
    cancellation_reason: null,
    capture_method: params.capture_method ?? 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: params.confirmation_method ?? 'automatic',
    created: state.now(),
    currency: params.currency,
    customer: params.customer ?? null,
    customer_account: null,
    description: params.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: mergeMetadata({}, params.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: optionsOf(params.payment_method_options),
    payment_record: null,
    processing: null,
    receipt_email: params.receipt_email ?? null,
    review: null,
    setup_future_usage: params.setup_future_usage ?? null,
    shipping: shippingOf(params.shipping),
    source: null,
    statement_descriptor: params.statement_descriptor ?? null,
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: params.transfer_group ?? null,
  };
}

export const optionsOf = (given: CreateParams['payment_method_options'] = {}): Record<string, unknown> => ({
  ...given,
  card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic', ...given.card },
});
