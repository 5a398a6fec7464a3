/** What a vendor is paid and when, and how far a payout has come. */
import type { Minor } from './money.ts';
import { dayOf } from './period.ts';

/**
 * reserved → sent (at the vendor's Stripe account) → paid (at the bank) → returned (the bank gave it back). void: Stripe
 * definitively refused all of it, and the vendor is owed it again.
 */
export type PayoutState = 'reserved' | 'sent' | 'paid' | 'returned' | 'void';

const RANK: Record<PayoutState, number> = { reserved: 0, sent: 1, paid: 2, returned: 3, void: 4 };

/** The state after news of a payout; old news changes nothing. */
export const laterPayout = (current: PayoutState, seen: PayoutState): PayoutState =>
  RANK[seen] > RANK[current] ? seen : current;

/** Payouts are made once a day (UTC) at most; the day names the run. */
export const runIdOf = (now: Date): string => dayOf(now);

/** The vendor's share of a line that was paid for, and the payment that the money came with; null where credit paid. */
export interface Share {
  lineId: string;
  paymentId: string | null;
  amount: Minor;
}

export interface PlannedTransfer {
  paymentId: string | null;
  amount: Minor;
  lineIds: string[];
}

/**
 * The transfers of one payout, one for each payment that its money came with.
 * @param shares released and not sent, oldest first.
 * @param payable what the book owes the vendor: less than the shares once money went back to a buyer. What it does not cover
 *   waits, line by line.
 * @returns nothing when there is less to pay than `minimum`.
 */
export function transfersOf({
  shares,
  payable,
  minimum,
}: {
  shares: Share[];
  payable: Minor;
  minimum: Minor;
}): PlannedTransfer[] {
  const transfers = new Map<string | null, PlannedTransfer>();
  let left = payable;
  for (const { lineId, paymentId, amount } of shares) {
    if (amount <= 0n || amount > left) continue;
    left -= amount;
    const transfer = transfers.get(paymentId) ?? { paymentId, amount: 0n, lineIds: [] };
    transfers.set(paymentId, { ...transfer, amount: transfer.amount + amount, lineIds: [...transfer.lineIds, lineId] });
  }
  const planned = [...transfers.values()];
  return planned.reduce((sum, transfer) => sum + transfer.amount, 0n) < minimum ? [] : planned;
}
