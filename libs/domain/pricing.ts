/** Rating: an exact amount for a quantity. Nothing is rounded here (docs/MONEY.md); the invoice line does that once. */
import { DomainError } from './errors.ts';
import type { Rate } from './money.ts';

/** A price of one dimension, as it was accepted. */
export interface UnitPrice {
  dimension: string;
  description: string;
  unit: string;
  /** Major units for one unit. */
  rate: Rate;
  /** How much of what is counted makes one unit: 3600 where seconds are counted and hours priced, 1 otherwise. */
  unitSize: bigint;
}

export interface PriceSchedule {
  id: string;
  effectiveFrom: Date;
  prices: UnitPrice[];
}

/** What was used of a dimension on a UTC day, or taken back of it. */
export interface DailyUsage {
  /** `2026-01-31`. */
  day: string;
  dimension: string;
  /** Negative in a correction. */
  quantity: bigint;
}

export interface RatedCharge<U> {
  priceVersionId: string;
  price: UnitPrice;
  quantity: bigint;
  /** `quantity × rate`, exact: what is due times `price.unitSize`, by which it is divided where it is rounded. */
  amount: Rate;
  /** What it was rated from, in the order given. */
  usage: U[];
}

/**
 * Rates the usage of one period: one charge for each dimension and price version, in the order in which they first occur.
 * @param startedAt when the subscription began; on its first day the price of that instant applies.
 * @throws DomainError `no_price`, `negative_quantity`
 */
export function rate<U extends DailyUsage>({
  usage,
  versions,
  startedAt,
}: {
  usage: readonly U[];
  versions: readonly PriceSchedule[];
  startedAt: Date;
}): RatedCharge<U>[] {
  const groups = new Map<string, { version: PriceSchedule; price: UnitPrice; usage: U[] }>();
  for (const used of usage) {
    const dayStart = new Date(`${used.day}T00:00:00Z`);
    const version = versionAt(versions, dayStart > startedAt ? dayStart : startedAt);
    const key = `${used.dimension} ${version.id}`;
    const group = groups.get(key) ?? { version, price: priceOf(version, used), usage: [] };
    group.usage.push(used);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ version, price, usage: own }) => {
    const quantity = own.reduce((sum, used) => sum + used.quantity, 0n);
    return { priceVersionId: version.id, price, quantity, amount: amountPerUnit(price, quantity), usage: own };
  });
}

/**
 * `quantity × rate`, in major units with twelve decimals: due for units of one. A quantity in seconds and a rate by the hour give
 * 3600 times what is due, which often has no last decimal, so it is divided only once, in `toMinor`.
 * @param quantity of the period, as counted; corrections may bring it down, never below zero.
 * @throws DomainError `negative_quantity`: more was taken back than was ever used.
 */
export function amountPerUnit(price: Pick<UnitPrice, 'rate'>, quantity: bigint): Rate {
  if (quantity < 0n)
    throw new DomainError(
      'conflict',
      'negative_quantity',
      `A quantity of ${quantity} cannot be charged: correct the usage first.`,
    );
  return quantity * price.rate;
}

/**
 * The price version of an instant of use: the newest in force. Usage is summed by UTC day, so a price that changes within
 * a day applies from the next day on.
 * @throws DomainError `no_price` before the first
 */
export function versionAt<T extends Pick<PriceSchedule, 'effectiveFrom'>>(versions: readonly T[], instant: Date): T {
  const inForce = versions
    .filter((version) => version.effectiveFrom <= instant)
    .sort((a, b) => b.effectiveFrom.getTime() - a.effectiveFrom.getTime());
  if (!inForce[0]) throw new DomainError('conflict', 'no_price', `No price was in force at ${instant.toISOString()}.`);
  return inForce[0];
}

function priceOf(version: PriceSchedule, { dimension, day }: DailyUsage): UnitPrice {
  const price = version.prices.find((candidate) => candidate.dimension === dimension);
  if (price) return price;
  throw new DomainError(
    'conflict',
    'no_price',
    `There is usage of "${dimension}" on ${day}, and no price for it in version ${version.id}.`,
  );
}
