/** Automatic payouts: at midnight UTC, accounts whose schedule says so are paid out whatever is available to them. */
import { PLATFORM } from '../kept/shelf.ts';
import type { StripeState } from '../state.ts';
import { bankFor } from './banks.ts';
import { makePayout } from './payout-course.ts';
import { platformAccount } from './standing.ts';
import type { PayoutSchedule, StripeAccount } from './types.ts';

export function payOutDaily(state: StripeState): void {
  state.due.daily(() => {
    const connected = [...state.accounts.of(PLATFORM)];
    for (const account of [platformAccount(state), ...connected]) payOut(state, account);
  });
}

function payOut(state: StripeState, account: StripeAccount): void {
  const { schedule } = account.settings.payouts;
  if (!account.payouts_enabled || !isPayday(schedule, new Date(state.now() * 1000))) return;
  for (const currency of state.balances.currencies(account.id)) {
    const { available } = state.balances.of(account.id, currency, state.now());
    const bank = bankFor(account, currency);
    if (available <= 0 || !bank || bank.status === 'errored') continue;
    makePayout(state, account.id, {
      amountMinor: available,
      currency,
      bankId: bank.id,
      statement_descriptor: account.settings.payouts.statement_descriptor ?? undefined,
      parts: unpaid(state, account.id, currency),
    });
  }
}

/** @param day midnight, UTC */
export function isPayday(schedule: PayoutSchedule, day: Date): boolean {
  const { interval, monthly_payout_days: days = [1], weekly_payout_days: weekdays = ['monday'] } = schedule;
  if (interval === 'daily') return true;
  if (interval === 'weekly') return weekdays.includes(WEEKDAYS[day.getUTCDay()]!);
  if (interval === 'manual') return false;
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  // In a month without a 31st, the last day stands for it.
  return days.some((wanted) => Math.min(wanted, last) === day.getUTCDate());
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** What became available since the payout before, which ends the walk back. */
function unpaid(state: StripeState, owner: string, currency: string): string[] {
  const known = state.paidUntil.get(`${owner} ${currency}`) ?? 0;
  const now = state.now();
  const parts: string[] = [];
  for (const transaction of state.transactions.of(owner, { currency })) {
    if (transaction.type === 'payout') continue;
    if (transaction.available_on > known && transaction.available_on <= now) parts.push(transaction.id);
  }
  state.paidUntil.set(`${owner} ${currency}`, now);
  return parts;
}
