/**
 * What a launch would cost, before it is made: software at its offer's prices and infrastructure at AWS's, apart. Exact, nothing is
 * rounded but what has no twelfth decimal. Knows no table. Software is rated as a month of use would be (./pricing.ts), so that an
 * estimate and an invoice cannot differ in their rules.
 */
import { DomainError } from './errors.ts';
import type { InfrastructureKind, InfrastructurePrice } from './infrastructure.ts';
import { divideHalfUp, type Rate } from './money.ts';
import { dayOf } from './period.ts';
import { rate, type PriceSchedule, type RatedCharge, type UnitPrice } from './pricing.ts';
import { isRuntimeDimension } from './runtime.ts';

/** A twelfth of the 8,760 hours of a year, as AWS's own calculator takes it. */
export const HOURS_OF_A_MONTH = 730;

export interface SoftwareLine {
  price: UnitPrice;
  /** In a month, in the price's units: hours, users. */
  quantity: bigint;
  /** False where no quantity was given: it was counted as none. */
  isGiven: boolean;
  /** What an hour of running comes to; null for what does not follow from running. */
  perHour: Rate | null;
  perMonth: Rate;
}

export interface SoftwareEstimate {
  lines: SoftwareLine[];
  perHour: Rate;
  perMonth: Rate;
}

/**
 * What the software of `machines` machines would cost in a month.
 * @param schedule the prices in force.
 * @param quantities of dimensions that the software reports, for the whole month.
 * @throws DomainError `no_such_dimension` for a quantity of what has no price.
 */
export function estimateSoftware({
  schedule,
  machines,
  hours,
  quantities,
}: {
  schedule: PriceSchedule;
  machines: bigint;
  hours: bigint;
  quantities: ReadonlyMap<string, bigint>;
}): SoftwareEstimate {
  assertPriced(schedule, quantities);
  const running = (price: UnitPrice, hoursEach: bigint): bigint => hoursEach * machines * price.unitSize;
  const inMonth = rated(schedule, (price) =>
    isRuntimeDimension(price.dimension) ? running(price, hours) : (quantities.get(price.dimension) ?? 0n),
  );
  const inHour = rated(schedule, (price) => (isRuntimeDimension(price.dimension) ? running(price, 1n) : 0n));
  const lines = inMonth.map(({ price, quantity, amount }, place): SoftwareLine => {
    const runs = isRuntimeDimension(price.dimension);
    return {
      price,
      quantity: quantity / price.unitSize,
      isGiven: runs || quantities.has(price.dimension),
      perHour: runs ? due(inHour[place]!) : null,
      perMonth: due({ price, amount }),
    };
  });
  return { lines, ...totalOf(lines) };
}

/** One charge for each price, in their order. */
const rated = (schedule: PriceSchedule, quantityOf: (price: UnitPrice) => bigint): RatedCharge<unknown>[] =>
  rate({
    usage: schedule.prices.map((price) => ({
      day: dayOf(schedule.effectiveFrom),
      dimension: price.dimension,
      quantity: quantityOf(price),
    })),
    versions: [schedule],
    startedAt: schedule.effectiveFrom,
  });

const due = ({ price, amount }: { price: UnitPrice; amount: Rate }): Rate => divideHalfUp(amount, price.unitSize);

function assertPriced({ prices }: PriceSchedule, quantities: ReadonlyMap<string, bigint>): void {
  const reported = prices.map((price) => price.dimension).filter((dimension) => !isRuntimeDimension(dimension));
  const unknown = [...quantities.keys()].find((dimension) => !reported.includes(dimension));
  if (unknown === undefined) return;
  const there = reported.length > 0 ? `it has prices for ${reported.join(', ')}` : 'it has none for what its software reports';
  throw new DomainError('conflict', 'no_such_dimension', `The offer has no price for "${unknown}": ${there}.`);
}

/** A part of what a launch needs of AWS. */
export interface Need {
  kind: InfrastructureKind;
  type: string;
  /** GiB of a volume or of snapshots, 1 for a machine; for each machine. */
  amount: bigint;
}

export interface InfrastructureLine {
  need: Need;
  /** Null when it is not known. */
  price: InfrastructurePrice | null;
  /** Null for what is charged by the month, whether the machine runs or not. */
  perHour: Rate | null;
  perMonth: Rate | null;
}

export interface InfrastructureEstimate {
  lines: InfrastructureLine[];
  /** Null when a price by the hour is missing: what is not known is not nothing. */
  perHour: Rate | null;
  /** Null when any price is missing. */
  perMonth: Rate | null;
}

/** @param priceOf the price in force, in one currency for all. */
export function estimateInfrastructure({
  needs,
  machines,
  hours,
  priceOf,
}: {
  needs: readonly Need[];
  machines: bigint;
  hours: bigint;
  priceOf: (need: Need) => InfrastructurePrice | undefined;
}): InfrastructureEstimate {
  const lines = needs.map((need): InfrastructureLine => {
    const price = priceOf(need);
    if (!price) return { need, price: null, perHour: null, perMonth: null };
    const each = price.rate * need.amount * machines;
    return need.kind === 'instance'
      ? { need, price, perHour: each, perMonth: each * hours }
      : { need, price, perHour: null, perMonth: each };
  });
  const total = totalOf(lines);
  const isKnown = (some: readonly InfrastructureLine[]): boolean => some.every((line) => line.price !== null);
  return {
    lines,
    perHour: isKnown(lines.filter((line) => line.need.kind === 'instance')) ? total.perHour : null,
    perMonth: isKnown(lines) ? total.perMonth : null,
  };
}

function totalOf(lines: ReadonlyArray<{ perHour: Rate | null; perMonth: Rate | null }>): { perHour: Rate; perMonth: Rate } {
  const sum = (each: (line: (typeof lines)[number]) => Rate | null): Rate =>
    lines.reduce((total, line) => total + (each(line) ?? 0n), 0n);
  return { perHour: sum((line) => line.perHour), perMonth: sum((line) => line.perMonth) };
}
