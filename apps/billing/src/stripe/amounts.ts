/** How Stripe counts money where it differs from ISO 4217, and the least it collects (docs.stripe.com/currencies). */
import type { Minor } from '#domain/money.ts';
import { StripeFailure } from './stripe.errors.ts';

/** No minor unit in ISO 4217, but two decimals at Stripe. */
const COUNTED_IN_HUNDREDTHS = new Set(['isk', 'ugx']);
/** Three decimals, of which the last must be zero. */
const LAST_DIGIT_ZERO = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

const LEAST = new Map<string, Minor>(
  'aed 200,bgn 100,czk 1500,dkk 250,gbp 30,hkd 400,huf 17500,mxn 1000,myr 200,nok 300,pln 200,ron 200,sek 300,thb 1000'
    .split(',')
    .map((entry) => [entry.slice(0, 3), BigInt(entry.slice(4))] as const),
);

/** The least that is collected in one payment, in minor units. */
export const leastCollectable = (currency: string): Minor => LEAST.get(currency.toLowerCase()) ?? 50n;

/** @throws StripeFailure `refused` when the amount cannot be said in Stripe's units. */
export function toStripe(amount: Minor, currency: string): number {
  if (LAST_DIGIT_ZERO.has(currency) && amount % 10n !== 0n) {
    throw new StripeFailure(
      'refused',
      'amount_not_representable',
      `Stripe takes ${currency.toUpperCase()} in steps of ten only, not ${amount}.`,
    );
  }
  return Number(COUNTED_IN_HUNDREDTHS.has(currency) ? amount * 100n : amount);
}

export const fromStripe = (amount: number, currency: string): Minor =>
  COUNTED_IN_HUNDREDTHS.has(currency) ? BigInt(amount) / 100n : BigInt(amount);
