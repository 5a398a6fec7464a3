/** How often a vendor is paid out, how much at least, and how much of each share is kept back for a while. Time comes as an argument. */
import { DomainError } from './errors.ts';
import { divideHalfUp, type Minor } from './money.ts';
import { dayOf, monthOf } from './period.ts';

export const PAYOUT_INTERVALS = ['daily', 'weekly', 'monthly'] as const;
export type PayoutInterval = (typeof PAYOUT_INTERVALS)[number];

export interface PayoutPolicy {
  interval: PayoutInterval;
  /** The least that is paid out at once. */
  minimumMinor: Minor;
  /** Of each share, what is kept back when it is released, and for how long. */
  reserveBasisPoints: number;
  reserveDays: number;
}

/** A payout takes along what was released before `until`; there is one for each run, vendor and currency. */
export interface PayoutRun {
  id: string;
  until: Date;
}

const DAY_MS = 86_400_000;

/** The run that a moment belongs to: of a week from its Monday on, of a month from its first day on (UTC); of a day at any time. */
export function runOf(interval: PayoutInterval, now: Date): PayoutRun {
  if (interval === 'daily') return { id: dayOf(now), until: now };
  const until = interval === 'weekly' ? mondayOf(now) : monthOf(now).from;
  return { id: dayOf(until), until };
}

/** When what is released at a moment is paid out: at once, next Monday, or on the first of the next month. */
export function paidOutAt(interval: PayoutInterval, releasedAt: Date): Date {
  if (interval === 'daily') return releasedAt;
  return interval === 'weekly' ? new Date(mondayOf(releasedAt).getTime() + 7 * DAY_MS) : monthOf(releasedAt).to;
}

function mondayOf(instant: Date): Date {
  const day = Math.floor(instant.getTime() / DAY_MS);
  // Day 0 of the epoch was a Thursday.
  return new Date((day - ((day + 3) % 7)) * DAY_MS);
}

/** Of a share, what is kept back; nothing of one below zero. */
export const reserveOf = (share: Minor, { reserveBasisPoints }: Pick<PayoutPolicy, 'reserveBasisPoints'>): Minor =>
  share > 0n ? divideHalfUp(share * BigInt(reserveBasisPoints), 10_000n) : 0n;

/** none: small enough to go by itself. waiting → asked (by one person) → approved or refused (by another). */
export type ApprovalState = 'none' | 'waiting' | 'asked' | 'approved' | 'refused';

/**
 * Refuses who may not decide about a payout that somebody asked for. An API key stands for nobody in particular.
 * @throws DomainError `needs_a_person`, `needs_another_person`
 */
export function assertMayApprove(askedBy: string | null, by: string | null): asserts by is string {
  if (by === null)
    throw new DomainError(
      'conflict',
      'needs_a_person',
      'A payout of this size needs two people: sign in instead of using a key.',
    );
  if (askedBy === by)
    throw new DomainError(
      'conflict',
      'needs_another_person',
      'You asked for this payout yourself; another person has to decide.',
    );
}
