/** A share of Acme's on its way: when it will be there, as far as anybody can say. */
import { describe, expect, it } from 'vitest';
import { forecastOf, nextRun, type ForecastTerms, type ShareSoFar } from './payout-forecast.ts';

const at = (text: string): Date => new Date(text);
const SUNDAY = at('2026-02-01T06:10:00Z');
const weekly: ForecastTerms = { interval: 'weekly', holdDays: 0, hasAccount: true };
const open: ShareSoFar = {
  invoiceDueAt: at('2026-03-03T06:10:00Z'),
  paidAt: null,
  isOverdue: false,
  isDisputed: false,
  releasedAt: null,
  availableAt: null,
  payout: null,
};
const paid: ShareSoFar = { ...open, paidAt: SUNDAY, releasedAt: SUNDAY, availableAt: at('2026-02-03T06:10:00Z') };
const payout = { state: 'sent' as const, approval: 'none' as const, dueAt: at('2026-02-04T00:00:00Z'), paidAt: null };

describe('a payout forecast', () => {
  it('expects an invoice to be paid when it is due, then the hold, the next run, and Stripe', () => {
    // Due on Tuesday 3 March, seven days of hold, the Monday after.
    expect(forecastOf(open, { ...weekly, holdDays: 7 }, SUNDAY)).toEqual({
      waitsFor: 'payment',
      expectedAt: at('2026-03-16T00:00:00Z'),
    });
    expect(forecastOf(open, { ...weekly, interval: 'daily' }, SUNDAY).expectedAt).toEqual(at('2026-03-05T06:10:00Z'));
    expect(forecastOf({ ...paid, releasedAt: null }, { ...weekly, holdDays: 1 }, SUNDAY)).toEqual({
      waitsFor: 'hold',
      expectedAt: at('2026-02-09T00:00:00Z'),
    });
  });

  it('waits for the next run and for Stripe, whichever is later', () => {
    expect(forecastOf(paid, weekly, SUNDAY)).toEqual({ waitsFor: 'payout', expectedAt: paid.availableAt });
    expect(forecastOf(paid, { ...weekly, interval: 'monthly' }, SUNDAY).expectedAt).toEqual(at('2026-03-01T00:00:00Z'));
    // What Monday's run did not take along, for it was too little, goes with the next one.
    expect(nextRun(SUNDAY, weekly, at('2026-02-04T12:00:00Z'))).toEqual(at('2026-02-09T00:00:00Z'));
  });

  it('gives no date to what depends on people', () => {
    expect(forecastOf({ ...open, isOverdue: true }, weekly, SUNDAY)).toEqual({ waitsFor: 'overdue_payment', expectedAt: null });
    expect(forecastOf({ ...paid, isDisputed: true }, weekly, SUNDAY)).toEqual({ waitsFor: 'dispute', expectedAt: null });
    expect(forecastOf(paid, { ...weekly, hasAccount: false }, SUNDAY)).toEqual({ waitsFor: 'payout_account', expectedAt: null });
    const waiting = { ...paid, payout: { ...payout, state: 'reserved' as const, approval: 'asked' as const } };
    expect(forecastOf(waiting, weekly, SUNDAY)).toEqual({ waitsFor: 'approval', expectedAt: null });
    const back = { ...paid, payout: { ...payout, state: 'returned' as const } };
    expect(forecastOf(back, weekly, SUNDAY)).toEqual({ waitsFor: 'returned', expectedAt: null });
  });

  it('follows a payout to the bank, and starts again when it is void', () => {
    expect(forecastOf({ ...paid, payout }, weekly, SUNDAY)).toEqual({ waitsFor: 'bank', expectedAt: payout.dueAt });
    const arrived = at('2026-02-05T00:00:00Z');
    const there = { ...paid, payout: { ...payout, state: 'paid' as const, paidAt: arrived } };
    expect(forecastOf(there, weekly, SUNDAY)).toEqual({ waitsFor: 'paid', expectedAt: arrived });
    expect(forecastOf({ ...paid, payout: { ...payout, state: 'void' } }, weekly, SUNDAY).waitsFor).toBe('payout');
  });
});
