/** PaymentIntents: one amount to be collected, through as many attempts as it takes. */
import { z } from 'zod';
import type { StripeState } from '../state.ts';
import { invalid, returnUrlMissing, type StripeRefusal } from '../wire/errors.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Caller, type Route, route } from '../wire/route.ts';
import { paging, text } from '../wire/rules.ts';
import * as fields from './intent-fields.ts';
import { demandMinimum, newIntent } from './intent-fields.ts';
import { canRedirect, incompatible } from './method-types.ts';
import { attemptPayment, clearBankDebits } from './payment-attempt.ts';
import { findPaymentMethod, instrumentOf } from './payment-methods.ts';
import type { IntentStatus, StripePaymentIntent, StripePaymentMethod } from './types.ts';

const OPEN: IntentStatus[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

const cancellation = z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']);

export function paymentIntentRoutes(state: StripeState): Route[] {
  clearBankDebits(state);
  const address = 'POST /v1/payment_intents' as const;
  return [
    route(
      address,
      fields.createFields,
      (params, caller) => createIntent(state, params, caller),
      (params) => params.confirm === true,
    ),
    route('GET /v1/payment_intents', { ...paging, customer: text.optional() }, (params, { owner }) =>
      state.paymentIntents.page(owner, '/v1/payment_intents', params, { customer: params.customer }),
    ),
    route('GET /v1/payment_intents/:id', { client_secret: text.optional() }, (_params, { owner, id }) =>
      state.paymentIntents.get(owner, id),
    ),
    route(`${address}/:id`, fields.updateFields, (params, caller) => updateIntent(state, params, caller)),
    route(
      `${address}/:id/confirm`,
      fields.confirmFields,
      (params, caller) => {
        const intent = state.paymentIntents.get(caller.owner, caller.id);
        requireStatus(intent, 'confirmed', OPEN);
        return confirmIntent(state, intent, params, caller);
      },
      () => true,
    ),
    route(`${address}/:id/cancel`, { cancellation_reason: cancellation.optional() }, (params, { owner, id }) => {
      const intent = state.paymentIntents.get(owner, id);
      // A debit that is under way can be canceled only while the bank has not been asked, which here is never but for a stuck one.
      requireStatus(intent, 'canceled', isStuck(state, intent) ? [...OPEN, 'processing'] : OPEN);
      return cancelIntent(state, owner, intent, params.cancellation_reason ?? null);
    }),
  ];
}

function createIntent(state: StripeState, params: fields.CreateParams, caller: Caller): StripePaymentIntent {
  demandMinimum(params.amount, params.currency);
  if (params.customer) state.customers.get(caller.owner, params.customer, 'customer');
  if (!params.confirm) {
    const premature = (['off_session', 'error_on_requires_action', 'mandate_data', 'return_url'] as const).find(
      (name) => params[name],
    );
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

function updateIntent(state: StripeState, params: fields.UpdateParams, { owner, id }: Caller): StripePaymentIntent {
  const { metadata, payment_method, payment_method_options: options, shipping, ...given } = params;
  const before = state.paymentIntents.get(owner, id);
  requireStatus(before, 'updated', OPEN, { ...given, ...(payment_method && { payment_method }) });
  if (given.amount !== undefined) demandMinimum(given.amount, before.currency);
  if (given.customer) state.customers.get(owner, given.customer, 'customer');
  const changed: StripePaymentIntent = {
    ...before,
    ...given,
    metadata: mergeMetadata(before.metadata, metadata),
    ...(options && { payment_method_options: fields.optionsOf(options) }),
    ...(shipping !== undefined && { shipping: fields.shippingOf(shipping) }),
  };
  const method = payment_method && usableMethod(state, owner, changed, payment_method);
  if (!method) return state.paymentIntents.put(owner, changed);
  return state.paymentIntents.put(owner, { ...changed, payment_method: method.id, status: 'requires_confirmation' });
}

/** Tries to collect it: by its own call, or by the page on which a customer pays. */
export function confirmIntent(
  state: StripeState,
  before: StripePaymentIntent,
  params: fields.ConfirmParams,
  caller: Pick<Caller, 'owner' | 'origin' | 'decline'>,
): StripePaymentIntent {
  demandReturnUrl(before, params);
  const { owner, origin, decline } = caller;
  const methodId = params.payment_method ?? before.payment_method;
  if (!methodId) throw missingMethod(before);
  const intent = {
    ...before,
    ...(params.receipt_email !== undefined && { receipt_email: params.receipt_email }),
    ...(params.setup_future_usage !== undefined && { setup_future_usage: params.setup_future_usage }),
  };
  return attemptPayment(state, {
    owner,
    origin,
    intent,
    method: usableMethod(state, owner, intent, methodId),
    isOffSession: params.off_session ?? false,
    refusesAction: params.error_on_requires_action,
    returnUrl: params.return_url,
    forcedDecline: decline,
    mandateData: params.mandate_data,
  });
}

export function cancelIntent(
  state: StripeState,
  owner: string,
  intent: StripePaymentIntent,
  reason: string | null,
): StripePaymentIntent {
  const canceled = state.paymentIntents.put(owner, {
    ...intent,
    canceled_at: state.now(),
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  });
  state.emit(owner, 'payment_intent.canceled', canceled);
  return canceled;
}

function isStuck(state: StripeState, { status, payment_method }: StripePaymentIntent): boolean {
  if (status !== 'processing') return false;
  return instrumentOf(state.paymentMethods.find(payment_method!)!.object).clearing === null;
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
  if (!method.customer && state.detachedMethods.get(method.id)) {
    throw invalid(`The PaymentMethod ${id} was detached from its customer and cannot be used again.`, {
      param: 'payment_method',
    });
  }
  return method;
}

/** Without this a method that leaves the page could never come back; Stripe asks for it unless it cannot happen. */
function demandReturnUrl(intent: StripePaymentIntent, params: fields.ConfirmParams): void {
  if (!canRedirect(intent) || params.return_url || params.off_session || params.error_on_requires_action || params.use_stripe_sdk)
    return;
  throw returnUrlMissing();
}

/** What only describes the intent may change at any time. */
const DESCRIPTIONS = ['description', 'receipt_email', 'transfer_group'];

function requireStatus(intent: StripePaymentIntent, verb: string, allowed: IntentStatus[], change?: object): void {
  if (allowed.includes(intent.status)) return;
  if (change && Object.keys(change).every((name) => DESCRIPTIONS.includes(name))) return;
  throw unexpectedState(intent, `This PaymentIntent cannot be ${verb} because it has a status of ${intent.status}.`);
}

const missingMethod = (intent: StripePaymentIntent): StripeRefusal =>
  unexpectedState(intent, 'This PaymentIntent cannot be confirmed because it is missing a payment method.');

const unexpectedState = (intent: StripePaymentIntent, message: string): StripeRefusal =>
  invalid(message, { code: 'payment_intent_unexpected_state', payment_intent: intent });
