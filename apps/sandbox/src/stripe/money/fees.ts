/** What Stripe keeps, at its standard prices in the United States (stripe.com/pricing), in minor units. */
import type { MethodType } from '../payments/types.ts';

/** A card: 2.9 % rounded half up, and 30. An ACH debit: 0.8 %, at most 500. A SEPA debit: 0.8 %, at most 600, and 30. */
export function processingFee(type: MethodType, amount: number): number {
  if (type === 'card') return Math.floor((amount * 29 + 500) / 1000) + 30;
  const share = Math.floor((amount * 8 + 500) / 1000);
  return type === 'us_bank_account' ? Math.min(share, 500) : Math.min(share, 600) + 30;
}

/** For a dispute, whoever wins it. */
export const DISPUTE_FEE = 1500;
