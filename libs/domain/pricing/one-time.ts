/** A fee that is due once, when an agreement begins to cost something. */
import type { Rate } from '../money.ts';
import type { Span } from '../period.ts';
import type { Part } from './price.ts';

/**
 * @param billableFrom when the agreement begins to cost something; null while a trial goes on.
 * @returns nothing in every period but the one that `billableFrom` is in.
 */
export const oneTime = (rate: Rate, period: Span, billableFrom: Date | null): Part[] =>
  billableFrom !== null && billableFrom >= period.from && billableFrom < period.to
    ? [{ label: '', quantity: 1n, unitSize: 1n, rate }]
    : [];
