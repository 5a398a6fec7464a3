/** What Stripe shows, in our words: no more of each object than we act upon. */
import type { Stripe } from 'stripe';
import type { Minor } from '#domain/money.ts';
import type { PaymentState } from '#domain/payment.ts';
import type { PayoutState } from '#domain/payout.ts';
import { fromStripe } from './amounts.ts';

export interface Intent {
  id: string;
  opId: string | null;
  state: Exclude<PaymentState, 'planned'>;
  failure: string | null;
  chargeId: string | null;
  /** What Stripe kept, once it says so. */
  fee: { balanceTransactionId: string; amount: Minor; currency: string } | null;
  /** From when on the money may go to a bank. */
  availableAt: Date | null;
}

export interface ConnectedAccount {
  id: string;
  opId: string | null;
  /** It can receive transfers and be paid out to its bank. */
  payoutsEnabled: boolean;
}

export interface BankPayout {
  id: string;
  opId: string | null;
  state: Extract<PayoutState, 'sent' | 'paid' | 'returned'>;
  failure: string | null;
}

export function intentOf(intent: Stripe.PaymentIntent): Intent {
  const charge = typeof intent.latest_charge === 'string' ? null : intent.latest_charge;
  const money = typeof charge?.balance_transaction === 'string' ? null : (charge?.balance_transaction ?? null);
  const hasPaid = intent.status === 'succeeded';
  return {
    id: intent.id,
    opId: intent.metadata.op_id ?? null,
    state: hasPaid ? 'succeeded' : intent.status === 'processing' ? 'processing' : 'failed',
    failure: hasPaid
      ? null
      : (intent.last_payment_error?.message ?? (intent.status === 'processing' ? null : `The payment is ${intent.status}.`)),
    chargeId: charge?.id ?? null,
    fee: money && { balanceTransactionId: money.id, amount: fromStripe(money.fee, money.currency), currency: money.currency },
    availableAt: money && new Date(money.available_on * 1000),
  };
}

export const accountOf = (account: Stripe.Account): ConnectedAccount => ({
  id: account.id,
  opId: account.metadata?.op_id ?? null,
  payoutsEnabled: account.payouts_enabled && account.capabilities?.transfers === 'active',
});

export const bankPayoutOf = (payout: Stripe.Payout): BankPayout => ({
  id: payout.id,
  opId: payout.metadata?.op_id ?? null,
  state: payout.status === 'paid' ? 'paid' : payout.status === 'failed' || payout.status === 'canceled' ? 'returned' : 'sent',
  failure: payout.failure_message ?? null,
});

export function labelOf({ card, us_bank_account: bank, type }: Stripe.PaymentMethod): string {
  if (card) return `${card.brand} •••• ${card.last4}`;
  if (bank) return `${bank.bank_name ?? 'bank account'} •••• ${bank.last4}`;
  return type;
}
