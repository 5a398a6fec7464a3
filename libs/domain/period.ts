/** Billing periods: calendar months, UTC, half-open `[from, to)`, so that they tile time without gap or overlap. */

export interface Span {
  from: Date;
  to: Date;
}

/** The calendar month (UTC) that an instant is in. */
export function monthOf(instant: Date): Span {
  const [year, month] = [instant.getUTCFullYear(), instant.getUTCMonth()];
  return { from: new Date(Date.UTC(year, month, 1)), to: new Date(Date.UTC(year, month + 1, 1)) };
}

/**
 * The periods of a subscription up to and including the month of `until`: months, cut where the subscription begins and ends.
 * @param endedAt exclusive end of the subscription; null while it runs. Usage in its last hour still belongs to its last period.
 */
export function periodsOf({ startedAt, endedAt, until }: { startedAt: Date; endedAt: Date | null; until: Date }): Span[] {
  const last = endedAt && endedAt < until ? endedAt : until;
  const periods: Span[] = [];
  for (let { from, to } = monthOf(startedAt); from <= last; { from, to } = monthOf(to)) {
    periods.push({ from: from < startedAt ? startedAt : from, to });
  }
  return periods;
}

/** The UTC days a period touches, as `2026-01-31`; a day belongs to the period in which its first instant after the start lies. */
export function daysOf({ from, to }: Span): { first: string; end: string } {
  return { first: dayOf(from), end: dayOf(to) };
}

export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

/**
 * The same day and time so many months on (UTC), or the last day of a month that has no such day: a month after 31 January is the
 * end of February. Count from a fixed start, not from one result to the next, or the 31st is lost.
 */
export function addMonths(instant: Date, months: number): Date {
  const target = new Date(instant);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + months);
  const { to } = monthOf(target);
  target.setUTCDate(Math.min(instant.getUTCDate(), new Date(to.getTime() - 1).getUTCDate()));
  return target;
}
