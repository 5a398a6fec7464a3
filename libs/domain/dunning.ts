/**
 * What becomes of a buyer whose invoices cannot be collected: they are tried again on a schedule, then its machines stop, then its
 * subscriptions end; whoever pays is back where it was. Days are of 24 hours and count from the first collection that failed.
 */

/** good → past_due → suspended → ended; back to good from each, once nothing is unpaid. */
export type StandingState = 'good' | 'past_due' | 'suspended' | 'ended';

export interface DunningPolicy {
  /** Days after which the collection is tried again. */
  retryDays: readonly number[];
  /** Days after which machines are stopped. */
  suspendDays: number;
  /** Days after which subscriptions end. */
  endDays: number;
}

export interface Debt {
  /** When the collection of the oldest unpaid invoice first failed; null when none did. */
  since: Date | null;
  /** When a collection was last begun. */
  triedAt: Date | null;
  /** Money may be on its way: nothing is asked for twice. */
  isBeingCollected: boolean;
  /** Whether any of it may still be collected; what was written off is not asked for again. */
  isCollectable: boolean;
}

export interface DunningDates {
  retriesAt: Date[];
  suspendsAt: Date;
  endsAt: Date;
}

const DAY_MS = 86_400_000;

export function datesOf(since: Date, { retryDays, suspendDays, endDays }: DunningPolicy): DunningDates {
  const after = (days: number): Date => new Date(since.getTime() + days * DAY_MS);
  return { retriesAt: retryDays.map(after), suspendsAt: after(suspendDays), endsAt: after(endDays) };
}

/** A later day outranks an earlier one, so that it does not matter how often or how late this is asked. */
export function standingOf({ since }: Pick<Debt, 'since'>, policy: DunningPolicy, now: Date): StandingState {
  if (!since) return 'good';
  const { suspendsAt, endsAt } = datesOf(since, policy);
  if (now >= endsAt) return 'ended';
  return now >= suspendsAt ? 'suspended' : 'past_due';
}

/** Whether to collect again now: a day of the schedule has come since the last try. Several that were missed are one. */
export function isRetryDue(debt: Debt, policy: DunningPolicy, now: Date): boolean {
  const { since, triedAt } = debt;
  if (!since || debt.isBeingCollected || !debt.isCollectable) return false;
  return datesOf(since, policy).retriesAt.some((at) => at <= now && (triedAt === null || triedAt < at));
}

/** @returns when it is tried again next; null when it is not. */
export const nextRetryOf = ({ since, isCollectable }: Debt, policy: DunningPolicy, now: Date): Date | null =>
  (since && isCollectable && datesOf(since, policy).retriesAt.find((at) => at > now)) || null;
