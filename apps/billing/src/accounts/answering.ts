/** For calls to Stripe that somebody waits for: its failures become answers. */
import { StripeFailure, toDomainError } from '../stripe/stripe.errors.ts';

/** @throws DomainError in place of a StripeFailure */
export async function answering<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof StripeFailure ? toDomainError(error) : error;
  }
}
