/** What a vendor is paid and when, and how far a payout has come. */
import type { Minor } from './money.ts';

/**
 * reserved → sent (at the vendor's Stripe account) → paid (at the bank) → returned (the bank gave it back). void: Stripe
 * definitively refused all of it, and the vendor is owed it again.
 */
export type PayoutState = 'reserved' | 'sent' | 'paid' | 'returned' | 'void';

const RANK: Record<PayoutState, number> = { reserved: 0, sent: 1, paid: 2, returned: 3, void: 4 };

/** The state after news of a payout; old news changes nothing. */
export const laterPayout = (current: PayoutState, seen: PayoutState): PayoutState =>
  RANK[seen] > RANK[current] ? seen : current;

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
 * The transfers of one payout, one for each payment that its money came with. Together they are what the book owes.
 * @param shares released and not sent, oldest first.
 * @param payable what the book owes the vendor. Less than the shares when it has to give something back: that is kept back from the
 *   oldest. More when it was given something again, such as a dispute that was won: that comes from the platform's own balance.
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
  if (payable <= 0n || payable < minimum) return [];
  const owed = shares.filter((share) => share.amount > 0n);
  const groups = [...Map.groupBy(owed, (share) => share.paymentId)].map(([paymentId, own]) => ({
    paymentId,
    amount: own.reduce((sum, share) => sum + share.amount, 0n),
    lineIds: own.map((share) => share.lineId),
  }));
  const debt = groups.reduce((sum, group) => sum + group.amount, 0n) - payable;
  return debt < 0n ? withExtra(groups, -debt) : keepBack(groups, debt);
}

function withExtra(groups: PlannedTransfer[], extra: Minor): PlannedTransfer[] {
  if (!groups.some((group) => group.paymentId === null)) groups.push({ paymentId: null, amount: 0n, lineIds: [] });
  return groups.map((group) => (group.paymentId === null ? { ...group, amount: group.amount + extra } : group));
}

/** Lines of which nothing is left are settled with the payout all the same: they go with its first transfer. */
function keepBack(groups: PlannedTransfer[], debt: Minor): PlannedTransfer[] {
  let left = debt;
  const lowered = groups.map((group) => {
    const kept = left < group.amount ? left : group.amount;
    left -= kept;
    return { ...group, amount: group.amount - kept };
  });
  const settled = lowered.filter((group) => group.amount === 0n).flatMap((group) => group.lineIds);
  const [first, ...rest] = lowered.filter((group) => group.amount > 0n);
  return first ? [{ ...first, lineIds: [...settled, ...first.lineIds] }, ...rest] : [];
}
