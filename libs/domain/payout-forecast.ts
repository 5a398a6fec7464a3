/**
 * When a vendor will have the money of a line: from what has become of it so far, the hold, the vendor's payout policy, and the days for
 * which Stripe keeps a payment. A forecast, not a promise; where it depends on what people will do, there is no date.
 */
import type { PayoutState } from './payout.ts';
import { paidOutAt, type ApprovalState, type PayoutInterval } from './payout-policy.ts';

/** For how long Stripe keeps a payment, where it has not said so yet. */
export const USUAL_AVAILABLE_DAYS = 2;

export interface ShareSoFar {
  invoiceDueAt: Date;
  paidAt: Date | null;
  /** Its collection has failed, and nothing else is collecting it. */
  isOverdue: boolean;
  isDisputed: boolean;
  /** When the share became payable. */
  releasedAt: Date | null;
  /** When Stripe lets the payment go. */
  availableAt: Date | null;
  payout: { state: PayoutState; approval: ApprovalState; dueAt: Date; paidAt: Date | null } | null;
}

export interface ForecastTerms {
  interval: PayoutInterval;
  holdDays: number;
  /** Whether there is an account to be paid on. */
  hasAccount: boolean;
}

/** What a share waits for; `paid`: nothing. */
export const FORECAST_STAGES = [
  'payment',
  'overdue_payment',
  'dispute',
  'hold',
  'payout_account',
  'payout',
  'approval',
  'bank',
  'returned',
  'paid',
] as const;
export type ForecastStage = (typeof FORECAST_STAGES)[number];

export interface Forecast {
  waitsFor: ForecastStage;
  /** When it is expected to be on its way to the bank; when it was paid; null where nobody can say. */
  expectedAt: Date | null;
}

const DAY_MS = 86_400_000;
const after = (instant: Date, days: number): Date => new Date(instant.getTime() + days * DAY_MS);
const latest = (first: Date, ...others: Date[]): Date => others.reduce((a, b) => (a > b ? a : b), first);

export function forecastOf(share: ShareSoFar, terms: ForecastTerms, now: Date): Forecast {
  const { payout, paidAt, releasedAt } = share;
  if (payout && payout.state !== 'void') return ofPayout(payout, share, now);
  if (share.isDisputed) return { waitsFor: 'dispute', expectedAt: null };
  if (!paidAt && share.isOverdue) return { waitsFor: 'overdue_payment', expectedAt: null };
  const paid = paidAt ?? latest(share.invoiceDueAt, now);
  const released = releasedAt ?? latest(after(paid, terms.holdDays), now);
  if (releasedAt && !terms.hasAccount) return { waitsFor: 'payout_account', expectedAt: null };
  const run = nextRun(released, terms, now);
  const expectedAt = terms.hasAccount ? latest(run, share.availableAt ?? after(paid, USUAL_AVAILABLE_DAYS)) : null;
  return { waitsFor: !paidAt ? 'payment' : !releasedAt ? 'hold' : 'payout', expectedAt };
}

/** The run that takes along what is released then; one that has passed without it is followed by the next. */
export function nextRun(releasedAt: Date, { interval }: Pick<ForecastTerms, 'interval'>, now: Date): Date {
  const run = paidOutAt(interval, releasedAt);
  return run >= now || interval === 'daily' ? latest(run, now) : paidOutAt(interval, now);
}

function ofPayout(payout: NonNullable<ShareSoFar['payout']>, { availableAt }: ShareSoFar, now: Date): Forecast {
  if (payout.state === 'paid') return { waitsFor: 'paid', expectedAt: payout.paidAt };
  if (payout.state === 'returned') return { waitsFor: 'returned', expectedAt: null };
  if (payout.approval === 'waiting' || payout.approval === 'asked') return { waitsFor: 'approval', expectedAt: null };
  return { waitsFor: 'bank', expectedAt: latest(payout.dueAt, availableAt ?? payout.dueAt, now) };
}
