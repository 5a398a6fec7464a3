/** Contracts: a price for 1, 12, 24 or 36 months, by the unit, paid at once or in instalments. */
import type { Rate } from '../money.ts';
import { MOST_INSTALMENTS } from './commitment.ts';
import type { Instalment } from './price.ts';

/** How long a contract may run, in months. */
export const CONTRACT_MONTHS = [1, 12, 24, 36] as const;

/** So many equal parts, one a month from the start of the term on. */
export const equalInstalments = (count: number): Instalment[] =>
  Array.from({ length: count }, (_, afterMonths) => ({ afterMonths, share: 1n }));

/**
 * What is wrong with a schedule, for a person; undefined for one that can be kept.
 * @param rate of one unit for the term, where the shares are amounts of it.
 */
export function wrongSchedule(
  schedule: readonly Instalment[],
  { months, rate }: { months: number; rate: Rate | null },
): string | undefined {
  if (schedule.length === 0 || schedule.length > MOST_INSTALMENTS) return `there are 1 to ${MOST_INSTALMENTS} instalments`;
  if (schedule.some((part, index) => index > 0 && part.afterMonths < schedule[index - 1]!.afterMonths))
    return 'instalments stand in the order in which they are due';
  if (schedule.some((part) => part.afterMonths < 0 || part.afterMonths >= months))
    return `instalments are due within the ${months} months of the contract`;
  const sum = schedule.reduce((total, part) => total + part.share, 0n);
  if (sum <= 0n) return 'instalments are of something';
  return rate === null || sum === rate ? undefined : 'the instalments sum to the price';
}
