/** Each unit at the price of the tier it is in: the first 100 at one price, the next 900 at another. */
import type { Part, Tier } from './price.ts';
import type { Stretch } from './stretch.ts';
import { nameOf, rangesOf } from './tiers.ts';

/**
 * @param stretch of the period's units; what came before it fills the lower tiers.
 * @returns a part for each tier that units fall into, and one for the flat amount of each tier that is entered.
 */
export function graduated(tiers: readonly Tier[], { from, to }: Stretch): Part[] {
  return rangesOf(tiers).flatMap(({ tier, after, upTo }) => {
    const first = from > after ? from : after;
    const last = upTo === null || to < upTo ? to : upTo;
    if (last <= first) return [];
    const label = nameOf(after, upTo);
    const isEntered = from <= after;
    return [
      { label, quantity: last - first, unitSize: 1n, rate: tier.rate },
      ...(isEntered && tier.flat !== 0n ? [{ label: `${label}, once`, quantity: 1n, unitSize: 1n, rate: tier.flat }] : []),
    ];
  });
}
