/**
 * A year of machines paid ahead: running that it covers is not charged by the hour, what runs beyond it is. It covers, on each UTC day
 * of its term, as many hours (or seconds) of its type as so many machines can run on that day; usage is summed by day.
 */
import type { Span } from '../period.ts';
import type { Increment } from '../runtime.ts';
import type { Commitment, Term } from './commitment.ts';
import { secondsOf } from './proration.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface Cover {
  quantity: Commitment['quantity'];
  terms: readonly Term[];
}

/** `annual.m5.large`: a year of one machine of the type. */
export const annualDimension = (instanceType: string): string => `annual.${instanceType}`;

/** How much running is covered on a day, in what the price counts. @param day `2026-01-31` */
export function coveredOn(covers: readonly Cover[], day: string, increment: Increment): bigint {
  const from = new Date(`${day}T00:00:00Z`);
  const to = new Date(from.getTime() + DAY_MS);
  return covers.reduce((sum, { quantity, terms }) => {
    const capacity = terms.reduce((all, term) => all + countOf(overlap(term, { from, to }), increment), 0n);
    const most = increment === 'second' ? BigInt(DAY_MS / 1000) : BigInt(DAY_MS / HOUR_MS);
    return sum + quantity * (capacity < most ? capacity : most);
  }, 0n);
}

/** Hours are counted as they are when a machine runs: each that is begun. */
const countOf = (span: Span, increment: Increment): bigint => {
  if (span.to <= span.from) return 0n;
  if (increment === 'second') return secondsOf(span);
  return BigInt(Math.ceil(span.to.getTime() / HOUR_MS) - Math.floor(span.from.getTime() / HOUR_MS));
};

const overlap = (a: Span, b: Span): Span => ({ from: a.from > b.from ? a.from : b.from, to: a.to < b.to ? a.to : b.to });
