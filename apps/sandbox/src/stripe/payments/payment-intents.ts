/** PaymentIntents: one amount to be collected, through as many attempts as it takes. */
import { z } from 'zod';
import { invalid, returnUrlMissing, type StripeRefusal } from '../wire/errors.ts';
import { newId, randomText } from '../wire/ids.ts';
import { canRedirect, incompatible, methodTypeRules, methodTypes } from './method-types.ts';
import { page } from '../wire/list.ts';
import { attemptPayment, clearBankDebits } from './payment-attempt.ts';
import { findPaymentMethod } from './payment-methods.ts';
import { type Caller, type Route, route } from '../wire/route.ts';
import { amount, currency, email, flag, hash, mergeMetadata, metadata, paging, text } from '../wire/rules.ts';
import type { StripeState } from '../state.ts';
import type { IntentStatus, StripePaymentIntent, StripePaymentMethod } from './types.ts';

const usage = z.enum(['off_session', 'on_session']);

/** Why the customer is away is accepted and makes no difference here. */
const offSession = z.enum(['true', 'false', 'one_off', 'recurring']).transform((value) => value !== 'false');

const describing = {
  customer: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  payment_method: text.optional(),
  payment_method_options: hash.optional(),
  receipt_email: email.optional(),
  setup_future_usage: usage.optional(),
  statement_descriptor: text.max(22).optional(),
  statement_descriptor_suffix: text.max(22).optional(),
  transfer_group: text.optional(),
};

const confirming = {
  error_on_requires_action: flag.optional(),
  mandate_data: hash.optional(),
  off_session: offSession.optional(),
  return_url: text.optional(),
  use_stripe_sdk: flag.optional(),
};

const create = {
  ...describing,
  ...confirming,
  ...methodTypeRules,
  amount,
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
  capture_method: z.enum(['automatic', 'automatic_async']).optional(),
  confirm: flag.optional(),
  confirmation_method: z.enum(['automatic', 'manual']).optional(),
  currency,
};

const confirm = {
  ...confirming,
  payment_method: text.optional(),
  receipt_email: email.optional(),
  setup_future_usage: usage.optional(),
};

const cancellation = z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']);

export function paymentIntentRoutes(state: StripeState): Route[] {
  clearBankDebits(state);
  const address = 'POST /v1/payment_intents' as const;
  return [
    route(
      address,
      create,
      (params, caller) => createIntent(state, params, caller),
      (params) => params.confirm === true,
    ),
    route('GET /v1/payment_intents', { ...paging, customer: text.optional() }, (params, { owner }) => {
      const wanted = state.paymentIntents.of(owner).filter((intent) => !params.customer || intent.customer === params.customer);
      return page('/v1/payment_intents', wanted, params);
    }),
    route('GET /v1/payment_intents/:id', { client_secret: text.optional() }, (_params, { owner, id }) =>
      state.paymentIntents.get(owner, id),
    ),
    route(`${address}/:id`, { ...describing, amount: amount.optional() }, (params, { owner, id }) => {
      const { metadata, ...given } = params;
      const before = state.paymentIntents.get(owner, id);
      if (given.amount !== undefined) demandMinimum(given.amount, before.currency);
      requireStatus(before, 'updated', ['requires_payment_method', 'requires_confirmation', 'requires_action'], given);
      const method = given.payment_method && usableMethod(state, owner, before, given.payment_method).id;
      const updated = { ...before, ...given, ...(method && { payment_method: method }) };
      return state.paymentIntents.put(owner, { ...updated, metadata: mergeMetadata(before.metadata, metadata) });
    }),
    route(
      `${address}/:id/confirm`,
      confirm,
      (params, caller) => {
        const intent = state.paymentIntents.get(caller.owner, caller.id);
        requireStatus(intent, 'confirmed', ['requires_payment_method', 'requires_confirmation', 'requires_action']);
        return confirmIntent(state, intent, params, caller);
      },
      () => true,
    ),
    route(`${address}/:id/cancel`, { cancellation_reason: cancellation.optional() }, (params, { owner, id }) => {
      const intent = state.paymentIntents.get(owner, id);
      requireStatus(intent, 'canceled', ['requires_payment_method', 'requires_confirmation', 'requires_action']);
      const canceled = state.paymentIntents.put(owner, {
        ...intent,
        canceled_at: state.now(),
        cancellation_reason: params.cancellation_reason ?? null,
        next_action: null,
        status: 'canceled',
      });
      state.emit(owner, 'payment_intent.canceled', canceled);
      return canceled;
    }),
  ];
}

type CreateParams = z.output<z.ZodObject<typeof create>>;

function createIntent(state: StripeState, params: CreateParams, caller: Caller): StripePaymentIntent {
  demandMinimum(params.amount, params.currency);
  if (params.customer) state.customers.get(caller.owner, params.customer, 'customer');
  if (!params.confirm) {
    const premature = (['off_session', 'error_on_requires_action', 'mandate_data'] as const).find((name) => params[name]);
    if (premature) throw invalid(`'${premature}' can only be used when confirm=true.`, { param: premature });
  }
  const draft = newIntent(state, params);
  if (params.confirm) demandReturnUrl(draft, params);
  if (params.confirm && !params.payment_method) throw missingMethod(draft);
  const method = params.payment_method ? usableMethod(state, caller.owner, draft, params.payment_method) : null;
  const intent = state.paymentIntents.put(caller.owner, {
    ...draft,
    payment_method: method?.id ?? null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
  });
  state.emit(caller.owner, 'payment_intent.created', intent);
  return params.confirm ? confirmIntent(state, intent, { ...params, payment_method: method?.id }, caller) : intent;
}

type ConfirmParams = z.output<z.ZodObject<typeof confirm>>;

function confirmIntent(
  state: StripeState,
  before: StripePaymentIntent,
  params: ConfirmParams,
  caller: Caller,
): StripePaymentIntent {
  demandReturnUrl(before, params);
  const { owner, origin, decline } = caller;
  const methodId = params.payment_method ?? before.payment_method;
  if (!methodId) throw missingMethod(before);
  const intent = {
    ...before,
    receipt_email: params.receipt_email ?? before.receipt_email,
    setup_future_usage: params.setup_future_usage ?? before.setup_future_usage,
  };
  return attemptPayment(state, {
    owner,
    origin,
    intent,
    method: usableMethod(state, owner, intent, methodId),
    isOffSession: (params.off_session || params.error_on_requires_action) ?? false,
    returnUrl: params.return_url,
    forcedDecline: decline,
  });
}

/** A method may pay for its own customer only, and one that is kept by nobody for anyone. */
function usableMethod(state: StripeState, owner: string, intent: StripePaymentIntent, id: string): StripePaymentMethod {
  const method = findPaymentMethod(state, owner, id, 'payment_method');
  const refusal = incompatible(intent, method, 'payment_intent_incompatible_payment_method');
  if (refusal) throw refusal;
  if (method.customer && method.customer !== intent.customer) {
    const message = `The PaymentMethod ${id} belongs to another customer than the PaymentIntent.`;
    throw invalid(message, { param: 'payment_method' });
  }
  return method;
}

/** Without this a method that leaves the page could never come back; Stripe asks for it unless it cannot happen. */
function demandReturnUrl(intent: StripePaymentIntent, params: ConfirmParams): void {
  if (!canRedirect(intent) || params.return_url || params.off_session || params.error_on_requires_action || params.use_stripe_sdk)
    return;
  throw returnUrlMissing();
}

/** The least that Stripe collects in one payment, in minor units of the settlement currency. */
function demandMinimum(amountMinor: number, code: string): void {
  const least = LEAST.get(code) ?? 50;
  if (amountMinor >= least) return;
  throw invalid(`Amount must be at least ${least} minor units of ${code}.`, { code: 'amount_too_small', param: 'amount' });
}

const LEAST = new Map<string, number>(
  'aed 200,bgn 100,czk 1500,dkk 250,gbp 30,hkd 400,huf 17500,mxn 1000,myr 200,nok 300,pln 200,ron 200,sek 300,thb 1000'
    .split(',')
    .map((row) => [row.slice(0, 3), Number(row.slice(4))] as const),
);

function requireStatus(intent: StripePaymentIntent, verb: string, allowed: IntentStatus[], change?: object): void {
  if (allowed.includes(intent.status)) return;
  // What only describes the intent may change at any time.
  if (change && Object.keys(change).every((name) => ['description', 'receipt_email', 'transfer_group'].includes(name))) return;
  throw unexpectedState(intent, `This PaymentIntent cannot be ${verb} because it has a status of ${intent.status}.`);
}

const missingMethod = (intent: StripePaymentIntent): StripeRefusal =>
  unexpectedState(intent, 'This PaymentIntent cannot be confirmed because it is missing a payment method.');

const unexpectedState = (intent: StripePaymentIntent, message: string): StripeRefusal =>
  invalid(message, { code: 'payment_intent_unexpected_state', payment_intent: intent });

function newIntent(state: StripeState, params: CreateParams): StripePaymentIntent {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    amount: params.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    ...methodTypes(params),
    canceled_at: null,
    cancellation_reason: null,
    capture_method: params.capture_method ?? 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: params.confirmation_method ?? 'automatic',
    created: state.now(),
    currency: params.currency,
    customer: params.customer ?? null,
    description: params.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_options: params.payment_method_options ?? {
      card: { installments: null, request_three_d_secure: 'automatic' },
    },
    processing: null,
    receipt_email: params.receipt_email ?? null,
    review: null,
    setup_future_usage: params.setup_future_usage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: params.statement_descriptor ?? null,
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: params.transfer_group ?? null,
  };
}
