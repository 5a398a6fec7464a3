/** All units at the price of the tier that the period's total is in: who uses more pays less for all of it. */
import type { Part, Tier } from './price.ts';
import { nameOf, rangesOf } from './tiers.ts';

/**
 * @param quantity of these units, some or all of the total.
 * @param total of the period, by which the tier is chosen.
 * @param withFlat whether the tier's flat amount is due here: once per period, however many price versions it had.
 */
export function volume(
  tiers: readonly Tier[],
  { quantity, total, withFlat }: { quantity: bigint; total: bigint; withFlat: boolean },
): Part[] {
  const range = rangesOf(tiers).find(({ upTo }) => upTo === null || total <= upTo);
  if (!range) throw new RangeError('The last tier has an end.');
  if (total === 0n) return [];
  const { tier, after, upTo } = range;
  const label = nameOf(after, upTo);
  return [
    ...(quantity === 0n ? [] : [{ label, quantity, unitSize: 1n, rate: tier.rate }]),
    ...(withFlat && tier.flat !== 0n ? [{ label: `${label}, once`, quantity: 1n, unitSize: 1n, rate: tier.flat }] : []),
  ];
}
