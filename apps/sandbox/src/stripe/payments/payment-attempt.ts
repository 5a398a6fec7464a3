/** One attempt to pay a PaymentIntent: the bank pays, refuses, asks for the customer, or says so only days later. */
import { openDispute } from '../money/open-dispute.ts';
import type { StripeState } from '../state.ts';
import { invalid } from '../wire/errors.ts';
import { awaitCharge, type ChargeSource, collect, refuseCharge } from './charges.ts';
import { AUTHENTICATION_NOT_HANDLED, AUTHENTICATION_REQUIRED, type Decline, declineFor, declineRefusal } from './declines.ts';
import { type Instrument, isDebit } from './instruments.ts';
import { authenticationAction } from './links.ts';
import { makeMandate, type MandateData, standingMandate } from './mandates.ts';
import { attach, instrumentOf } from './payment-methods.ts';
import type { StripeCharge, StripePaymentIntent, StripePaymentMethod } from './types.ts';

export interface Attempt {
  owner: string;
  intent: StripePaymentIntent;
  method: StripePaymentMethod;
  /** The customer is not there to authenticate. */
  isOffSession: boolean;
  /** Rather a refusal than an authentication. */
  refusesAction?: boolean;
  /** The customer has just authenticated. */
  isAuthenticated?: boolean;
  returnUrl?: string | null;
  origin: string;
  /** The code with which a fault makes the bank refuse. */
  forcedDecline?: string;
  mandateData?: MandateData;
}

/**
 * Tries to take the money and keeps what came of it.
 * @throws StripeRefusal 402 when the bank refuses, 400 when the account holder has not agreed to a debit; the intent, and the
 *   failed charge if there is one, are kept all the same.
 */
export function attemptPayment(state: StripeState, attempt: Attempt): StripePaymentIntent {
  const { owner, method, forcedDecline } = attempt;
  const intent = { ...attempt.intent, payment_method: method.id, last_payment_error: null, next_action: null };
  const instrument = instrumentOf(method);
  demandDescriptor(intent, instrument);
  const source: ChargeSource = { intent, method, instrument, isAuthenticated: attempt.isAuthenticated };
  if (isDebit(instrument)) return debit(state, attempt, source);
  if (forcedDecline) return fail(state, owner, source, declineFor(forcedDecline));
  if (wantsCustomer(state, attempt, instrument)) {
    if (attempt.refusesAction) return fail(state, owner, source, AUTHENTICATION_NOT_HANDLED);
    if (attempt.isOffSession) return fail(state, owner, source, AUTHENTICATION_REQUIRED);
    return requireAction(state, attempt, intent);
  }
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
  state.due.on('bank_debit', (intentId) => settleDebit(state, intentId));
}

/** Ends a debit that is under way: as its account does, or, when a code is given, by coming back with it. */
export function settleDebit(state: StripeState, intentId: string, code?: string): StripePaymentIntent | undefined {
  const kept = state.paymentIntents.find(intentId);
  if (kept?.object.status !== 'processing') return undefined;
  const { owner, object: intent } = kept;
  const method = state.paymentMethods.find(intent.payment_method!)!.object;
  const source = { intent, method, instrument: instrumentOf(method) };
  const pending = state.charges.get(owner, intent.latest_charge!);
  const decline = code ? declineFor(code) : source.instrument.decline;
  if (decline) return recordFailure(state, owner, source, { ...decline, code: code ?? decline.code }, pending).intent;
  return succeed(state, owner, source, collect(state, owner, source, pending));
}

/** What stands on a card's statement has one part that is fixed and a suffix; only other methods take the whole. */
function demandDescriptor({ statement_descriptor }: StripePaymentIntent, { type }: Instrument): void {
  if (type !== 'card' || !statement_descriptor) return;
  const message = 'statement_descriptor cannot be used for a card; give the statement_descriptor_suffix instead.';
  throw invalid(message, { param: 'statement_descriptor' });
}

function debit(state: StripeState, attempt: Attempt, source: ChargeSource): StripePaymentIntent {
  const { owner, mandateData, method } = attempt;
  const { amount, currency, setup_future_usage } = source.intent;
  const single = setup_future_usage === 'off_session' ? undefined : { amount, currency };
  const mandate = mandateData ? makeMandate(state, owner, method, mandateData, single) : standingMandate(state, owner, method);
  if (mandate) return process(state, owner, { ...source, mandate: mandate.id });
  const waiting = state.paymentIntents.put(owner, { ...source.intent, status: 'requires_confirmation' });
  const message =
    'This PaymentIntent requires a mandate, but none was found. Collect the acceptance of one from the customer and give it as ' +
    'mandate_data.';
  throw invalid(message, { payment_intent: waiting }).afterWork();
}

function wantsCustomer(state: StripeState, attempt: Attempt, { authentication }: Instrument): boolean {
  if (attempt.isAuthenticated) return false;
  if (authentication === 'when_present') return !attempt.isOffSession;
  if (authentication === 'until_set_up') return !state.readyMethods.get(attempt.method.id);
  return authentication === 'always';
}

function succeed(state: StripeState, owner: string, source: ChargeSource, charge: StripeCharge): StripePaymentIntent {
  const intent = state.paymentIntents.put(owner, {
    ...source.intent,
    amount_received: source.intent.amount,
    latest_charge: charge.id,
    status: 'succeeded',
  });
  if (intent.setup_future_usage && intent.customer) attach(state, owner, source.method, intent.customer);
  state.emit(owner, 'payment_intent.succeeded', intent);
  state.intentSettled(owner, intent);
  const { dispute } = source.instrument;
  if (dispute) openDispute(state, owner, charge, dispute);
  return intent;
}

function process(state: StripeState, owner: string, source: ChargeSource): StripePaymentIntent {
  const charge = awaitCharge(state, owner, source);
  const intent = state.paymentIntents.put(owner, { ...source.intent, latest_charge: charge.id, status: 'processing' });
  const { clearing } = source.instrument;
  if (clearing !== null) state.due.after(clearing * state.debitClearsAfterSeconds, 'bank_debit', intent.id);
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

function fail(state: StripeState, owner: string, source: ChargeSource, decline: Decline): never {
  const { intent, charge } = recordFailure(state, owner, source, decline);
  throw declineRefusal(decline, { charge: charge.id, payment_intent: intent, payment_method: source.method }).afterWork();
}

function recordFailure(
  state: StripeState,
  owner: string,
  source: ChargeSource,
  decline: Decline,
  pending?: StripeCharge,
): { intent: StripePaymentIntent; charge: StripeCharge } {
  const charge = refuseCharge(state, owner, source, decline, pending);
  const shown = { ...decline, code: decline.intentCode ?? decline.code };
  const error = declineRefusal(shown, { charge: charge.id, payment_method: source.method }).body().error;
  // Stripe takes the refused method off the intent: the next attempt has to name one again.
  const intent = state.paymentIntents.put(owner, {
    ...source.intent,
    last_payment_error: error,
    latest_charge: charge.id,
    payment_method: null,
    status: 'requires_payment_method',
  });
  state.emit(owner, 'payment_intent.payment_failed', intent);
  state.intentSettled(owner, intent);
  return { intent, charge };
}
