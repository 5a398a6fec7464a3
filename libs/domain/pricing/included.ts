/** Units of each period that cost nothing. They are used up first, in whatever model the rest is charged. */
import type { Part } from './price.ts';
import { beyond, lengthOf, type Stretch } from './stretch.ts';

/** @returns the part that is free, if any, and the stretch that is left to charge. */
export function withoutIncluded(stretch: Stretch, included: bigint, label = 'included'): { parts: Part[]; rest: Stretch } {
  const rest = beyond(stretch, included);
  const free = lengthOf(stretch) - lengthOf(rest);
  return { parts: freePart(free, label), rest };
}

/** What was used and is not charged, so that a reader finds all of the quantity. */
export const freePart = (quantity: bigint, label: string, unitSize = 1n): Part[] =>
  quantity === 0n ? [] : [{ label, quantity, unitSize, rate: 0n }];
