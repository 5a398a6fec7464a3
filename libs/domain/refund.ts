/**
 * What of an invoice goes back to the buyer, and whose it was (docs/MONEY.md R10): cumulative, so that a full refund takes back exactly
 * what was given, whatever parts came before it.
 */
import { divideHalfUp, type Minor } from './money.ts';
import { allocate } from './split.ts';

export interface RefundableLine {
  lineId: string;
  /** What was invoiced, net of discounts: fee and vendor together. Below zero where the line gives something back. */
  amount: Minor;
  fee: Minor;
  /** What went back before. */
  returned: { amount: Minor; fee: Minor };
}

export interface ReturnedPart {
  lineId: string;
  amount: Minor;
  fee: Minor;
  vendor: Minor;
}

const leftOf = ({ amount, returned }: RefundableLine): Minor => amount - returned.amount;

/** What can still go back of these lines. */
export const refundable = (lines: readonly RefundableLine[]): Minor => lines.reduce((sum, line) => sum + leftOf(line), 0n);

/**
 * The part of each line. All that is left takes all of every line, also of those below zero; less is divided over what the lines
 * above zero have left, by largest remainder.
 * @param amount above zero
 * @throws RangeError when it is more than `refundable`
 */
export function returnOf(lines: readonly RefundableLine[], amount: Minor): ReturnedPart[] {
  const left = refundable(lines);
  if (amount <= 0n || amount > left) throw new RangeError(`A refund of ${amount} is not between 1 and ${left}.`);
  const amounts =
    amount === left
      ? lines.map(leftOf)
      : allocate(
          amount,
          lines.map((line) => (leftOf(line) > 0n ? leftOf(line) : 0n)),
        );
  return lines.map((line, index) => partOf(line, amounts[index]!)).filter((part) => part.amount !== 0n);
}

/** The platform's fee goes back in proportion to all that went back so far; the vendor's part is the rest. */
function partOf(line: RefundableLine, amount: Minor): ReturnedPart {
  const [fee, whole] = line.amount < 0n ? [-line.fee, -line.amount] : [line.fee, line.amount];
  const feeBack = whole === 0n ? 0n : divideHalfUp(fee * (line.returned.amount + amount), whole) - line.returned.fee;
  return { lineId: line.lineId, amount, fee: feeBack, vendor: amount - feeBack };
}

/**
 * planned → pending (Stripe has taken it from our balance) → succeeded → failed. A bank can give a refund back days after it was said to
 * have arrived, so failed outranks all.
 */
export type RefundState = 'planned' | 'pending' | 'succeeded' | 'failed';

const RANK: Record<RefundState, number> = { planned: 0, pending: 1, succeeded: 2, failed: 3 };

/** The state after news of a refund; old news changes nothing. */
export const laterRefund = (current: RefundState, seen: RefundState): RefundState =>
  RANK[seen] > RANK[current] ? seen : current;
