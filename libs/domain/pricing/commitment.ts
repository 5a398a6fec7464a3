/**
 * What a buyer commits to ahead: so many units of a contract, or so many machines for a year, for a term that may renew itself. A
 * term's price is known when it begins, and is due at once or in instalments.
 */
import { toMinor, type Minor } from '../money.ts';
import { addMonths, type Span } from '../period.ts';
import { allocate } from '../split.ts';
import type { AnnualTerms, ContractOption, ContractTerms, Instalment, Named } from './price.ts';
import { secondsOf } from './proration.ts';

/** Twelve months, whatever the days. */
export const ANNUAL_MONTHS = 12;
/** The most parts that a term's price is paid in. */
export const MOST_INSTALMENTS = 60;

export interface Commitment {
  id: string;
  /** Of the price it is at. */
  dimension: string;
  quantity: bigint;
  /** The price version as it was accepted; a renewed term is at the one in force when it begins. */
  priceVersionId: string;
  /** Of a full term. */
  months: number;
  startsAt: Date;
  /** The end of its first term: less than `months` after the start where it was added to another and ends with it. */
  endsAt: Date;
  /** Whether a term is followed by another. */
  renews: boolean;
  /** Terms that would begin after this do not. */
  renewalStoppedAt: Date | null;
}

const AT_ONCE: readonly Instalment[] = [{ afterMonths: 0, share: 1n }];

/** The price of a commitment: a contract's, or a year's of a machine. */
export type CommittedPrice = Named & (AnnualTerms | ContractTerms);

export interface Term extends Span {
  /** 0 for the first. */
  index: number;
  /** False for a first term that was added to another commitment and ends with it. */
  isFull: boolean;
}

/**
 * The terms of a commitment that begin before `until`. Their ends are counted from the start of the first, not from each other: a
 * contract of the 31st stays one.
 * @param endedAt of the agreement; no term begins after it.
 */
export function termsOf(
  { startsAt, endsAt, months, renews, renewalStoppedAt }: Commitment,
  { until, endedAt }: { until: Date; endedAt: Date | null },
): Term[] {
  const isFull = addMonths(startsAt, months).getTime() === endsAt.getTime();
  const edge = (index: number): Date => (isFull ? addMonths(startsAt, index * months) : addMonths(endsAt, (index - 1) * months));
  const begins = (at: Date): boolean =>
    at < until && (endedAt === null || at < endedAt) && (renewalStoppedAt === null || at <= renewalStoppedAt);
  const terms: Term[] = startsAt < until ? [{ index: 0, from: startsAt, to: endsAt, isFull }] : [];
  if (!renews) return terms;
  for (let index = 1; begins(edge(index)); index += 1)
    terms.push({ index, from: edge(index), to: edge(index + 1), isFull: true });
  return terms;
}

/** What is paid for so many months of one unit, and when; undefined where that is not offered. A year of machines is paid ahead. */
export const optionOf = (price: CommittedPrice, months: number): ContractOption | undefined =>
  price.model === 'annual'
    ? [{ months: ANNUAL_MONTHS, rate: price.rate, instalments: null }].find((option) => option.months === months)
    : price.options.find((option) => option.months === months);

export interface DueInstalment {
  /** 1, 2, 3 … of `count`. */
  number: number;
  count: number;
  dueAt: Date;
  amount: Minor;
}

/**
 * The price of a term in the parts that it is paid in. It is rounded once, as a whole, and divided by largest remainder: the parts
 * are the whole (docs/MONEY.md R5).
 * @param rate of one unit for the full term; a shorter first one costs its part of it, by the second.
 * @param instalments by months after the full term's start. What would be due before a shorter term began is due when it begins.
 */
export function instalmentsOf(
  { quantity, months }: Pick<Commitment, 'quantity' | 'months'>,
  term: Term,
  { rate, instalments, currency }: Pick<ContractOption, 'rate' | 'instalments'> & { currency: string },
): DueInstalment[] {
  const fullStart = term.isFull ? term.from : addMonths(term.to, -months);
  const price = quantity * rate;
  const total = term.isFull
    ? toMinor(price, currency)
    : toMinor(price * secondsOf(term), currency, secondsOf({ from: fullStart, to: term.to }));
  const parts = instalments ?? AT_ONCE;
  const amounts = allocate(
    total,
    parts.map((part) => part.share),
  );
  return parts.map(({ afterMonths }, index) => {
    const due = addMonths(fullStart, afterMonths);
    return { number: index + 1, count: parts.length, dueAt: due < term.from ? term.from : due, amount: amounts[index]! };
  });
}
