/** A fixed amount for a calendar month, prorated by the second for a part of it. */
import type { Rate } from '../money.ts';
import { monthOf, type Span } from '../period.ts';
import type { Part } from './price.ts';
import { secondsOf } from './proration.ts';

/** @param span within one calendar month (UTC), half-open. Neighbouring spans of a month add up to all of it. */
export function monthly(rate: Rate, span: Span): Part[] {
  const month = monthOf(span.from);
  if (span.to > month.to) throw new RangeError('A monthly price is rated month by month.');
  const quantity = secondsOf(span);
  return quantity === 0n ? [] : [{ label: '', quantity, unitSize: secondsOf(month), rate }];
}
