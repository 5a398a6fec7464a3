/** Rating: an exact amount for a quantity. Nothing is rounded here (MONEY.md c.4); the invoice line does that once. */
import { DomainError } from './errors.ts';
import type { Rate } from './money.ts';

/** A price of one dimension, as it was accepted. */
export interface UnitPrice {
  dimension: string;
  /** Major units for one unit. */
  rate: Rate;
}

/**
 * `quantity × rate`, in major units with twelve decimals.
 * @param quantity whole units of the period; corrections may bring it down, never below zero.
 * @throws DomainError `negative_quantity`: more was taken back than was ever used.
 */
export function amountPerUnit({ rate }: UnitPrice, quantity: bigint): Rate {
  if (quantity < 0n) throw new DomainError('conflict', 'negative_quantity', `A quantity of ${quantity} cannot be charged: correct the usage first.`);
  return quantity * rate;
}

export interface PriceSchedule {
  id: string;
  effectiveFrom: Date;
}

/** The price version of an hour of use: the newest in force when it began (P15). @throws RangeError before the first */
export function versionAt<T extends PriceSchedule>(versions: readonly T[], hour: Date): T {
  const inForce = versions.filter((version) => version.effectiveFrom <= hour).sort((a, b) => b.effectiveFrom.getTime() - a.effectiveFrom.getTime());
  if (!inForce[0]) throw new RangeError(`No price was in force at ${hour.toISOString()}.`);
  return inForce[0];
}
