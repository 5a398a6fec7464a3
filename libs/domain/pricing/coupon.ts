/**
 * Discounts: a percentage or a fixed amount off what a coupon is for. It is rounded once, as one amount, and divided over its lines by
 * largest remainder, so that each line knows its own part (docs/MONEY.md R5).
 */
import { divideHalfUp, type Minor } from '../money.ts';
import { allocate } from '../split.ts';

const BASIS = 10_000n;

export interface Coupon {
  id: string;
  code: string;
  /** What is taken off: 1 to 10,000 basis points, or an amount in minor units at most. */
  off: { basisPoints: bigint } | { amount: Minor };
  /** Of one dimension's lines, before coupons for all lines; null for all. */
  dimension: string | null;
}

/**
 * What a coupon takes off each line.
 * @param lines what is left of each after earlier discounts; below zero for what is given back. Null where the coupon is not for it.
 * @returns a part for each line, 0 or more and no more than the line.
 */
export function discountOf({ off }: Pick<Coupon, 'off'>, lines: ReadonlyArray<Minor | null>): Minor[] {
  const weights = lines.map((line) => (line !== null && line > 0n ? line : 0n));
  const base = weights.reduce((sum, weight) => sum + weight, 0n);
  const wanted = 'amount' in off ? off.amount : divideHalfUp(base * off.basisPoints, BASIS);
  return allocate(wanted < base ? wanted : base, weights);
}

/** Those for one dimension come before those for a whole invoice; of one kind in the order in which they were redeemed. */
export const inOrder = <C extends Pick<Coupon, 'dimension'>>(coupons: readonly C[]): C[] => [
  ...coupons.filter((coupon) => coupon.dimension !== null),
  ...coupons.filter((coupon) => coupon.dimension === null),
];
