/** What must be true of the book every day (docs/MONEY.md, “The ledger”): it sums to zero, and what only passes through does pass. */
import type { Minor } from '../money.ts';

const DAY_MS = 86_400_000;

/** Accounts that money only passes through, and after how many days it should have: Stripe answers in minutes, banks decide in months. */
const PASSES_WITHIN_DAYS: Record<string, number> = { payout_in_transit: 3, refund_clearing: 3, dispute_hold: 120 };

export const CLEARING_ACCOUNTS = Object.keys(PASSES_WITHIN_DAYS);

/** An account that money passes through and that is not at zero. */
export interface Clearing {
  account: string;
  currency: string;
  /** Decimal string, debits less credits. */
  balanceMinor: string;
  /** Since when it has not been at zero, ISO 8601. */
  since: string;
}

export interface BookSeen {
  /** Per currency; zero for a sound book. */
  totals: ReadonlyArray<{ currency: string; total: Minor }>;
  /** Keys of journals that do not sum to zero. */
  unbalanced: readonly string[];
  clearing: readonly Clearing[];
}

/** @returns what is wrong, in sentences; nothing for a sound book. */
export function proofOf({ totals, unbalanced, clearing }: BookSeen, now: Date): string[] {
  return [
    ...totals
      .filter(({ total }) => total !== 0n)
      .map(({ currency, total }) => `The book is out of balance by ${total} ${currency}.`),
    ...unbalanced.map((idemKey) => `The journal ${idemKey} does not balance.`),
    ...clearing.flatMap(({ account, currency, balanceMinor, since }) => {
      const days = Math.floor((now.getTime() - new Date(since).getTime()) / DAY_MS);
      const allowed = PASSES_WITHIN_DAYS[account] ?? 0;
      return days > allowed ? [`${account} has held ${balanceMinor} ${currency} for ${days} days, more than ${allowed}.`] : [];
    }),
  ];
}
