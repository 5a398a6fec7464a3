/** One attempt to pay a PaymentIntent: the bank pays, refuses, asks for the customer, or says so only days later. */
import { AUTHENTICATION_REQUIRED, type Decline, declineFor, type Instrument } from './cards.ts';
import { awaitCharge, collect, refuseCharge } from './charges.ts';
import { openDispute } from '../money/disputes.ts';
import { authenticationAction } from './links.ts';
import { attach, declineRefusal, instrumentOf } from './payment-methods.ts';
import type { StripeState } from '../state.ts';
import type { StripeCharge, StripePaymentIntent, StripePaymentMethod } from './types.ts';

export interface Attempt {
  owner: string;
  intent: StripePaymentIntent;
  method: StripePaymentMethod;
  /** The customer is not there to authenticate. */
  isOffSession: boolean;
  /** The customer has just authenticated. */
  isAuthenticated?: boolean;
  returnUrl?: string | null;
  origin: string;
  /** The code with which a fault makes the bank refuse. */
  forcedDecline?: string;
}

/**
 * Tries to take the money and keeps what came of it.
 * @throws StripeRefusal 402 when the bank refuses; the intent and the failed charge are kept all the same.
 */
export function attemptPayment(state: StripeState, attempt: Attempt): StripePaymentIntent {
  const { owner, method, forcedDecline } = attempt;
  const intent = { ...attempt.intent, payment_method: method.id, last_payment_error: null, next_action: null };
  const instrument = instrumentOf(method);
  const source = { intent, method, instrument };
  if (forcedDecline) return fail(state, owner, source, declineFor(forcedDecline));
  if (needsAuthentication(state, method, instrument) && !attempt.isAuthenticated) {
    if (attempt.isOffSession) return fail(state, owner, source, AUTHENTICATION_REQUIRED);
    return requireAction(state, attempt, intent);
  }
  if (instrument.type === 'us_bank_account') return process(state, owner, source);
  if (instrument.decline) return fail(state, owner, source, instrument.decline);
  return succeed(state, owner, source, collect(state, owner, source));
}

/** The customer could not prove who they are: the attempt has failed, and no charge was made. */
export function failAuthentication(
  state: StripeState,
  owner: string,
  before: StripePaymentIntent,
  method: StripePaymentMethod,
): void {
  const decline = { ...AUTHENTICATION_REQUIRED, code: 'payment_intent_authentication_failure' };
  const intent = state.paymentIntents.put(owner, {
    ...before,
    last_payment_error: declineRefusal(decline, { payment_method: method }).body().error,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  state.emit(owner, 'payment_intent.payment_failed', intent);
}

/** Makes bank debits clear, or come back, when their time has come. */
export function clearBankDebits(state: StripeState): void {
  state.due.on('bank_debit', (intentId) => {
    const { owner, object: intent } = state.paymentIntents.find(intentId)!;
    const method = state.paymentMethods.find(intent.payment_method!)!.object;
    const source = { intent, method, instrument: instrumentOf(method) };
    const pending = state.charges.get(owner, intent.latest_charge!);
    const { decline } = source.instrument;
    if (decline) recordFailure(state, owner, source, decline, pending);
    else succeed(state, owner, source, collect(state, owner, source, pending));
  });
}

interface Source {
  intent: StripePaymentIntent;
  method: StripePaymentMethod;
  instrument: Instrument;
}

function needsAuthentication(state: StripeState, method: StripePaymentMethod, { authentication }: Instrument): boolean {
  if (authentication === 'until_set_up') return !state.store.table('stripe.set_up').get(method.id);
  return authentication === 'always';
}

function succeed(state: StripeState, owner: string, source: Source, charge: StripeCharge): StripePaymentIntent {
  const intent = state.paymentIntents.put(owner, {
    ...source.intent,
    amount_received: source.intent.amount,
    latest_charge: charge.id,
    processing: null,
    status: 'succeeded',
  });
  if (intent.setup_future_usage && intent.customer) attach(state, owner, source.method, intent.customer);
  state.emit(owner, 'payment_intent.succeeded', intent);
  if (source.instrument.isDisputed) openDispute(state, owner, charge);
  return intent;
}

function process(state: StripeState, owner: string, source: Source): StripePaymentIntent {
  const charge = awaitCharge(state, owner, source);
  const intent = state.paymentIntents.put(owner, { ...source.intent, latest_charge: charge.id, status: 'processing' });
  state.due.after(state.availableAfterSeconds, 'bank_debit', intent.id);
  state.emit(owner, 'payment_intent.processing', intent);
  return intent;
}

function requireAction(state: StripeState, attempt: Attempt, before: StripePaymentIntent): StripePaymentIntent {
  const action = authenticationAction(state, {
    objectId: before.id,
    origin: attempt.origin,
    returnUrl: attempt.returnUrl ?? null,
  });
  const intent = state.paymentIntents.put(attempt.owner, { ...before, next_action: action, status: 'requires_action' });
  state.emit(attempt.owner, 'payment_intent.requires_action', intent);
  return intent;
}

function fail(state: StripeState, owner: string, source: Source, decline: Decline): never {
  const { intent, charge } = recordFailure(state, owner, source, decline);
  throw declineRefusal(decline, { charge: charge.id, payment_intent: intent, payment_method: source.method });
}

function recordFailure(
  state: StripeState,
  owner: string,
  source: Source,
  decline: Decline,
  pending?: StripeCharge,
): { intent: StripePaymentIntent; charge: StripeCharge } {
  const charge = refuseCharge(state, owner, source, decline, pending);
  const error = declineRefusal(decline, { charge: charge.id, payment_method: source.method }).body().error;
  // Stripe takes the refused method off the intent: the next attempt has to name one again.
  const intent = state.paymentIntents.put(owner, {
    ...source.intent,
    last_payment_error: error,
    latest_charge: charge.id,
    payment_method: null,
    processing: null,
    status: 'requires_payment_method',
  });
  state.emit(owner, 'payment_intent.payment_failed', intent);
  return { intent, charge };
}
