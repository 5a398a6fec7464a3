/**
 * Whether the total of a month is so far from what is usual that a person looks at it before it is invoiced (docs/MONEY.md,
 * "Months that wait for a person"). A wrong price or a machine that counts twice is found here, before the card is charged.
 */
import { divideHalfUp, exponentOf, type Minor } from './money.ts';

export type Cause = 'above_usual' | 'below_usual' | 'above_limit';

export interface Bounds {
  /** 200: above three times the usual, or below a third of it. */
  percent: number;
  /** A difference of less than this many major units is nobody's worry. */
  least: bigint;
  /** In major units; a total above it waits whatever is usual. Null for no such limit. */
  above: bigint | null;
}

/** So many months there have to be before anything is usual, and so many are looked back at. */
export const FEWEST_MONTHS = 3;
export const MOST_MONTHS = 6;

/**
 * @param earlier totals of the buyer's months before, in the same currency, latest first; the first six count.
 * @returns the cause and the median of the months before, or null when the total is in line.
 */
export function outOfLine(
  total: Minor,
  earlier: readonly Minor[],
  currency: string,
  { percent, least, above }: Bounds,
): { cause: Cause; usual: Minor | null } | null {
  const unit = 10n ** BigInt(exponentOf(currency));
  const compared = earlier.slice(0, MOST_MONTHS);
  const usual = compared.length < FEWEST_MONTHS ? null : median(compared);
  if (above !== null && total > above * unit) return { cause: 'above_limit', usual };
  if (usual === null) return null;
  const difference = total > usual ? total - usual : usual - total;
  if (difference < least * unit) return null;
  const most = BigInt(100 + percent);
  if (total * 100n > usual * most) return { cause: 'above_usual', usual };
  if (total * most < usual * 100n) return { cause: 'below_usual', usual };
  return null;
}

/** Of an even count, the mean of the middle two, rounded half away from zero. */
export function median(amounts: readonly Minor[]): Minor {
  const sorted = [...amounts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('There is no median of nothing.');
  return sorted.length % 2 === 1 ? upper : divideHalfUp(sorted[middle - 1]! + upper, 2n);
}
