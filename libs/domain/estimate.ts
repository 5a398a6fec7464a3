/**
 * What a launch would cost, before it is made: software at its offer's prices and infrastructure at AWS's, apart. Exact, nothing is
 * rounded but what has no twelfth decimal. Knows no table. Software is rated as a month of use would be (./pricing/), so that an
 * estimate and an invoice cannot differ in their rules.
 */
import { DomainError } from './errors.ts';
import type { InfrastructureKind, InfrastructurePrice } from './infrastructure.ts';
import { divideHalfUp, type Rate } from './money.ts';
import { dayOf } from './period.ts';
import { priceOfType } from './pricing/hourly.ts';
import {
  isUsagePrice,
  priceUnitSize,
  type HourlyTerms,
  type Named,
  type PriceVersion,
  type RatedCharge,
} from './pricing/price.ts';
import { ratePeriod } from './pricing/rate-period.ts';

/** A twelfth of the 8,760 hours of a year, as AWS's own calculator takes it. */
export const HOURS_OF_A_MONTH = 730;

export interface SoftwareLine {
  charge: RatedCharge;
  /** In a month, in the price's units: hours, users. */
  quantity: bigint;
  /** False where no quantity was given: it was counted as none. */
  isGiven: boolean;
  /** What an hour of running comes to, free hours left aside; null for what does not follow from running. */
  perHour: Rate | null;
  perMonth: Rate;
}

export interface SoftwareEstimate {
  lines: SoftwareLine[];
  perHour: Rate;
  perMonth: Rate;
}

/** A month of thirty days, like any other: what is charged by the month is charged in full. */
const MONTH = { from: new Date('2026-06-01T00:00:00Z'), to: new Date('2026-07-01T00:00:00Z') };

/**
 * What the software of `machines` machines would cost in a month that is neither the first nor a trial. One-time fees, and what is
 * committed to by the year or by contract, are not part of it.
 * @param version the prices in force.
 * @param quantities of dimensions that the software reports, for the whole month.
 * @param infrastructurePerMonth what the machines cost at AWS, for prices that are a share of it; null when it is not known.
 * @throws DomainError `no_such_dimension` for a quantity of what has no price; `no_infrastructure_cost`.
 */
export function estimateSoftware({
  version,
  currency,
  instanceType,
  machines,
  hours,
  quantities,
  infrastructurePerMonth,
}: {
  version: PriceVersion;
  currency: string;
  instanceType: string;
  machines: bigint;
  hours: bigint;
  quantities: ReadonlyMap<string, bigint>;
  infrastructurePerMonth: Rate | null;
}): SoftwareEstimate {
  const reported = version.prices.filter(isUsagePrice).filter((price) => price.model !== 'hourly');
  assertPriced(reported, quantities);
  const day = dayOf(MONTH.from);
  const running = runningPrice(version, instanceType);
  const usage = [
    ...(running ? [{ day, dimension: running.dimension, quantity: hours * machines * priceUnitSize(running) }] : []),
    ...reported.map(({ dimension }) => ({ day, dimension, quantity: quantities.get(dimension) ?? 0n })),
  ];
  const charges = ratePeriod({
    period: MONTH,
    agreement: { startedAt: BEFORE, endedAt: null, currency, trial: null, commitments: [] },
    versions: [{ ...version, effectiveFrom: BEFORE }],
    usage,
    usedBefore: () => 0n,
    infrastructure: infrastructurePerMonth === null ? null : [{ day, amount: infrastructurePerMonth }],
  });
  const lines = charges.map((charge): SoftwareLine => {
    const runs = charge.model === 'hourly';
    return {
      charge,
      quantity: charge.quantity / charge.unitSize,
      isGiven: !reported.some(({ dimension }) => dimension === charge.dimension) || quantities.has(charge.dimension),
      perHour: runs ? running!.rate * machines : null,
      perMonth: divideHalfUp(charge.amount, charge.unitSize),
    };
  });
  return { lines, ...totalOf(lines) };
}

const BEFORE = new Date('2026-01-01T00:00:00Z');

const runningPrice = ({ prices }: PriceVersion, instanceType: string): (Named & HourlyTerms) | undefined =>
  priceOfType(
    prices.filter((price) => price.model === 'hourly'),
    instanceType,
  );

function assertPriced(prices: readonly Named[], quantities: ReadonlyMap<string, bigint>): void {
  const reported = prices.map((price) => price.dimension);
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
