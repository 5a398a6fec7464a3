/**
 * What machines, volumes and snapshots cost at AWS: a price per region and type, in force from an hour on until the next one, and what
 * running comes to at such prices. Knows no table. Nothing is rounded: seconds times the price of an hour stay as they are, and are
 * divided once, where an amount is written down.
 */
import { divideHalfUp, formatRate, type Rate } from './money.ts';
import { monthOf, type Span } from './period.ts';
import { quantities, USUAL_MINIMUM_SECONDS, type Run } from './runtime.ts';

/** `instance`: an hour of a machine. `volume`, `snapshot`: a month of a GiB. */
export const INFRASTRUCTURE_KINDS = ['instance', 'volume', 'snapshot'] as const;
export type InfrastructureKind = (typeof INFRASTRUCTURE_KINDS)[number];

/** What a price is of. */
export interface Priced {
  region: string;
  kind: InfrastructureKind;
  /** An instance type, a volume type, or a storage tier of snapshots. */
  type: string;
  currency: string;
}

export interface InfrastructurePrice extends Priced {
  /** Major units: for an hour of an instance, for a month of a GiB of a volume or a snapshot. */
  rate: Rate;
  /** A whole hour. */
  effectiveFrom: Date;
  /** Where it was read, for a person. */
  source: string;
}

/** Seconds × the price of an hour: what is due times this. */
const HOUR_SECONDS = 3_600n;

/** An amount in major units, rounded once to twelve decimals. @param exact what is due times 3,600. */
export const amountOf = (exact: Rate): Rate => divideHalfUp(exact, HOUR_SECONDS);

/** The price of the hour that begins at `hour`; undefined when none was in force. */
export function priceAt<T extends Pick<InfrastructurePrice, 'effectiveFrom'>>(prices: readonly T[], hour: Date): T | undefined {
  return prices
    .filter((price) => price.effectiveFrom <= hour)
    .reduce<T | undefined>(
      (newest, price) => (newest && newest.effectiveFrom >= price.effectiveFrom ? newest : price),
      undefined,
    );
}

/** Prices to count in: those in the wanted currency where there are any, else those in one other, dollars first. Nothing is converted. */
export function inOneCurrency<T extends Pick<Priced, 'currency'>>(prices: readonly T[], wanted: string): T[] {
  const there = [...new Set(prices.map((price) => price.currency))].sort();
  const currency = [wanted, 'usd'].find((candidate) => there.includes(candidate)) ?? there[0];
  return prices.filter((price) => price.currency === currency);
}

/** What ran at one price. */
export interface CostLine<T> {
  price: T;
  seconds: bigint;
  /** What is due times 3,600. */
  exact: Rate;
}

export interface RunCost<T> {
  /** In the order of the prices' begin. */
  lines: CostLine<T>[];
  exact: Rate;
  /** Seconds of hours for which no price is known: unknown, not free. */
  unpricedSeconds: bigint;
}

/**
 * What the runs of one machine cost in `span`: each second at the price of its hour, and at least a minute for each start, as EC2
 * charges by the second. Neighbouring spans add up to the whole.
 * @param prices of the machine's region and type, in one currency.
 * @param span from and to the start of an hour.
 */
export function costOfRuns<T extends Pick<InfrastructurePrice, 'rate' | 'effectiveFrom'>>(
  runs: readonly Run[],
  prices: readonly T[],
  span: Span,
): RunCost<T> {
  const byPrice = new Map<T, bigint>();
  let unpricedSeconds = 0n;
  for (const [hour, count] of quantities(runs, { increment: 'second', minimumSeconds: USUAL_MINIMUM_SECONDS }, span.from)) {
    if (hour >= span.to.getTime()) continue;
    const price = priceAt(prices, new Date(hour));
    if (price) byPrice.set(price, (byPrice.get(price) ?? 0n) + BigInt(count));
    else unpricedSeconds += BigInt(count);
  }
  const lines = [...byPrice]
    .map(([price, seconds]) => ({ price, seconds, exact: seconds * price.rate }))
    .sort((a, b) => a.price.effectiveFrom.getTime() - b.price.effectiveFrom.getTime());
  return { lines, exact: lines.reduce((sum, line) => sum + line.exact, 0n), unpricedSeconds };
}

/** A price of a list that somebody wants to import. */
export interface GivenPrice extends InfrastructurePrice {
  /** Where it stands in the list, for a person: `line 7`. */
  place: string;
}

export interface ImportPlan {
  fresh: GivenPrice[];
  /** How many are known already, word for word. */
  unchanged: number;
  problems: Array<{ place: string; message: string }>;
}

/**
 * What importing a list comes to. Prices are added, never changed: the same list again adds nothing, another price for the same hour
 * is a problem, and so is one that begins before the newest known or in a month that may be invoiced already.
 * @param known all prices of what the list has prices of.
 */
export function planImport(known: readonly InfrastructurePrice[], given: readonly GivenPrice[], now: Date): ImportPlan {
  const plan: ImportPlan = { fresh: [], unchanged: 0, problems: [] };
  const histories = Map.groupBy(known, nameOf);
  const taken = new Map<string, GivenPrice>();
  for (const price of given) {
    const history = histories.get(nameOf(price)) ?? [];
    const same = history.find((other) => isAtOnce(other, price)) ?? taken.get(keyOf(price));
    const problem = same ? contradiction(price, same) : lateness(price, history, now);
    if (problem) plan.problems.push({ place: price.place, message: problem });
    else if (same) plan.unchanged += 1;
    else {
      taken.set(keyOf(price), price);
      plan.fresh.push(price);
    }
  }
  return plan;
}

function contradiction(price: GivenPrice, same: InfrastructurePrice | GivenPrice): string | null {
  if (price.rate === same.rate) return null;
  const where = 'place' in same ? ` in ${same.place}` : '';
  return `${describe(price)} is ${formatRate(same.rate)} from ${instantOf(same)} on already${where}; prices are added, not changed: let the new one begin later`;
}

function lateness(price: GivenPrice, history: readonly InfrastructurePrice[], now: Date): string | null {
  const newest = history.reduce<InfrastructurePrice | undefined>(
    (latest, other) => (latest && latest.effectiveFrom > other.effectiveFrom ? latest : other),
    undefined,
  );
  if (!newest) return null;
  if (price.effectiveFrom < newest.effectiveFrom)
    return `${describe(price)} has a price from ${instantOf(newest)} on; a new one begins after that`;
  const month = monthOf(now).from;
  if (price.effectiveFrom < month)
    return `${describe(price)} has a price for the months before ${month.toISOString().slice(0, 7)}, which may be invoiced; a new one begins in this month or later`;
  return null;
}

const isAtOnce = (a: InfrastructurePrice, b: InfrastructurePrice): boolean =>
  a.effectiveFrom.getTime() === b.effectiveFrom.getTime();
const nameOf = ({ region, kind, type, currency }: Priced): string => [region, kind, type, currency].join(' ');
const keyOf = (price: InfrastructurePrice): string => `${nameOf(price)} ${price.effectiveFrom.getTime()}`;
const describe = ({ region, kind, type, currency }: Priced): string => `${kind} ${type} in ${region} (${currency})`;
const instantOf = ({ effectiveFrom }: InfrastructurePrice): string => effectiveFrom.toISOString();
