/** Stripe's errors become a few kinds here; nothing else of us knows their names. */
import { Stripe } from 'stripe';

/**
 * `declined`: the card or bank said no. `refused`: the request will never succeed as it is. `short`: there was not enough money
 * for it yet; Stripe keeps that answer under the key, so another try is another call. `later`: too much at once, the same call
 * again. `unknown`: it may have been done or not, the same call again.
 */
export type StripeFailureKind = 'declined' | 'refused' | 'short' | 'later' | 'unknown';

export class StripeFailure extends Error {
  override readonly name = 'StripeFailure';

  constructor(
    readonly kind: StripeFailureKind,
    message: string,
    /** What Stripe made before it said no: a declined PaymentIntent is there, and has an id. */
    readonly objectId: string | null = null,
    /** The answer came from Stripe's memory of an earlier attempt with this key. */
    readonly isReplayed = false,
  ) {
    super(message);
  }
}

const SHORT_CODES = new Set(['balance_insufficient', 'insufficient_funds']);
const LATER_CODES = new Set(['lock_timeout', 'rate_limit', 'idempotency_key_in_use']);

/** @returns the error as one of ours; errors that are not Stripe's are given back as they are. */
export function toStripeFailure(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { code, message } = error;
  const replayed = error.headers?.['idempotent-replayed'] === 'true';
  if (error instanceof Stripe.errors.StripeCardError) return new StripeFailure('declined', message, error.payment_intent?.id ?? null);
  if (error instanceof Stripe.errors.StripeConnectionError) return new StripeFailure('unknown', message);
  if (error instanceof Stripe.errors.StripeAPIError || (error.statusCode ?? 0) >= 500) return new StripeFailure('unknown', message, null, replayed);
  if (error instanceof Stripe.errors.StripeRateLimitError || (code && LATER_CODES.has(code))) return new StripeFailure('later', message);
  if (code && SHORT_CODES.has(code)) return new StripeFailure('short', message);
  return new StripeFailure('refused', message);
}
