/** Credit that a buyer has: it makes less to pay, not less to tax, and what expires first is used first (docs/MONEY.md R7). */
import type { Minor } from '../money.ts';

export interface Credit {
  id: string;
  left: Minor;
  /** Exclusive; null for never. */
  expiresAt: Date | null;
  createdAt: Date;
}

/** @returns how much of which credit pays for `due`, in the order of their use; credit that is used up or expired is left out. */
export function useCredits(due: Minor, credits: readonly Credit[], now: Date): Array<{ id: string; amount: Minor }> {
  let open = due;
  const used: Array<{ id: string; amount: Minor }> = [];
  for (const { id, left } of credits.filter(({ expiresAt }) => expiresAt === null || expiresAt > now).sort(byExpiry)) {
    const amount = left < open ? left : open;
    if (amount <= 0n) continue;
    open -= amount;
    used.push({ id, amount });
  }
  return used;
}

const byExpiry = (a: Credit, b: Credit): number =>
  (a.expiresAt?.getTime() ?? Infinity) - (b.expiresAt?.getTime() ?? Infinity) ||
  a.createdAt.getTime() - b.createdAt.getTime() ||
  (a.id < b.id ? -1 : 1);
