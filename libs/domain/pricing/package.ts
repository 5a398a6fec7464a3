/** Sold in packages: one that is begun is paid in full. */
import type { Rate } from '../money.ts';
import type { Part } from './price.ts';
import type { Stretch } from './stretch.ts';

/** @param stretch of the period's units; a package that was begun before it is used up first. */
export function packages({ size, rate }: { size: bigint; rate: Rate }, { from, to }: Stretch): Part[] {
  const begun = packagesOf(to, size) - packagesOf(from, size);
  return begun === 0n ? [] : [{ label: `packages of ${size}`, quantity: begun, unitSize: 1n, rate }];
}

/** How many packages so many units need: `quantity ÷ size`, rounded up. */
export const packagesOf = (quantity: bigint, size: bigint): bigint => (quantity + size - 1n) / size;
