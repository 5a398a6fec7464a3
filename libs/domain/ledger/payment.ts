/** What a payment posts. */
import type { Minor } from '../money.ts';
import { account, move, type Entry } from './entry.ts';

/** The card paid: Stripe has the money, the buyer owes nothing. */
export const paymentSucceeded = (payment: { paymentIntentId: string; buyerId: string; currency: string; amount: Minor }): Entry =>
  move(`stripe:${payment.paymentIntentId}:succeeded`, 'payment_succeeded', payment, {
    debit: account.stripeClearing,
    credit: account.buyerReceivable(payment.buyerId),
  });

/** What Stripe kept for itself; the platform bears it (docs/MONEY.md R9). */
export const stripeFee = (fee: { balanceTransactionId: string; currency: string; fee: Minor }): Entry =>
  move(
    `stripe:${fee.balanceTransactionId}`,
    'stripe_fee',
    { currency: fee.currency, amount: fee.fee },
    { debit: account.stripeFees, credit: account.stripeClearing },
  );
