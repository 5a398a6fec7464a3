/** Every unit at the same price. */
import type { Rate } from '../money.ts';
import type { Part } from './price.ts';

/** @param unitSize how much of the quantity makes one unit, 3600 for seconds that are priced by the hour. */
export const perUnit = (quantity: bigint, { rate, unitSize = 1n }: { rate: Rate; unitSize?: bigint }): Part[] =>
  quantity === 0n ? [] : [{ label: '', quantity, unitSize, rate }];
