/** Stripe's errors become kinds here and nowhere else; the rest of billing decides by the kind. */
import { Stripe } from 'stripe';
import { DomainError } from '#domain/errors.ts';

export type FailureKind =
  | 'declined' // the bank said no; final for this call
  | 'refused' // Stripe said no, and always will to this request
  | 'throttled' // not begun: the same again later
  | 'unavailable' // not begun, or our key is wrong: the same again later
  | 'unknown_outcome'; // perhaps done: only the same key again can tell

export class StripeFailure extends Error {
  override readonly name = 'StripeFailure';

  /**
   * @param code Stripe's own, for the log and for people.
   * @param isFinalAnswer Stripe will say nothing else under this key, though it may have done the work: look for the object.
   * @param objectId of what was made all the same: a declined PaymentIntent is kept.
   */
  constructor(
    readonly kind: FailureKind,
    readonly code: string,
    message: string,
    readonly isFinalAnswer = false,
    readonly objectId: string | null = null,
  ) {
    super(message);
  }
}

export const isFinal = (failure: StripeFailure): boolean => failure.kind === 'declined' || failure.kind === 'refused';

/** @returns what a rejection of the SDK means; anything that is not Stripe's is thrown on. */
export function failureOf(error: unknown): StripeFailure {
  if (error instanceof StripeFailure) return error;
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { statusCode = 0, message } = error;
  const code = error.decline_code ?? error.code ?? error.type;
  const fail = (kind: FailureKind, isFinalAnswer = false): StripeFailure =>
    new StripeFailure(kind, code, message, isFinalAnswer, error.payment_intent?.id ?? null);
  if (error instanceof Stripe.errors.StripeConnectionError) return fail(wasSent(error) ? 'unknown_outcome' : 'unavailable');
  if (error instanceof Stripe.errors.StripeCardError) return fail('declined');
  if (statusCode === 429 || code === 'lock_timeout') return fail('throttled');
  // A key of ours that is wrong, or may not do this, says nothing about the money: it must not void a payout or fail a payment.
  if (statusCode === 401 || (statusCode === 403 && code !== 'account_invalid')) return fail('unavailable');
  if (statusCode === 409) return fail('unknown_outcome');
  // The key was used with other parameters, so something was done under it.
  if (error.type === 'StripeIdempotencyError') return fail('unknown_outcome', true);
  // Stripe stores a 500 under its key and replays it: the second time there is nothing more to learn from asking again.
  if (statusCode >= 500) return fail('unknown_outcome', error.headers?.['idempotent-replayed'] === 'true');
  return fail('refused');
}

/** What a caller of ours is told when Stripe fails while they wait. */
export function toDomainError(failure: StripeFailure): DomainError {
  if (failure.kind === 'declined') return new DomainError('conflict', 'card_declined', failure.message);
  if (failure.kind === 'refused') return new DomainError('conflict', 'stripe_refused', `Stripe refused this: ${failure.message}`);
  return new DomainError('unavailable', 'stripe_unavailable', 'Stripe does not answer at the moment. Try again shortly.');
}

/** Refused before a connection stood: nothing can have been done. */
function wasSent(error: { detail?: unknown }): boolean {
  const code = (error.detail as { code?: string } | undefined)?.code ?? '';
  return !['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code);
}
