/** How far the collection of money has come, told from news that may arrive twice, late, or in the wrong order. */
import type { Minor } from './money.ts';

/** planned → processing (a bank debit takes days) → failed or succeeded. */
export type PaymentState = 'planned' | 'processing' | 'failed' | 'succeeded';

/** Money that came in is never un-said: a success outranks a failure that is told later, or was told before. */
const RANK: Record<PaymentState, number> = { planned: 0, processing: 1, failed: 2, succeeded: 3 };

/** The state after news of a payment; old news changes nothing. */
export const laterPayment = (current: PaymentState, seen: PaymentState): PaymentState =>
  RANK[seen] > RANK[current] ? seen : current;

/**
 * Whether an amount is collected now. What is below the least that the card networks take waits, as a receivable, for the next
 * invoice (docs/MONEY.md R12).
 */
export const isCollectable = (total: Minor, least: Minor): boolean => total > 0n && total >= least;
