/** A bad card in February: three tries, a suspension, an end, and the way back from each. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRetryDue, nextRetryOf, standingOf, type Debt, type DunningPolicy } from './dunning.ts';

const POLICY: DunningPolicy = { retryDays: [3, 7, 21], suspendDays: 14, endDays: 60 };
const FAILED = new Date('2026-02-01T06:10:00Z');
const day = (days: number): Date => new Date(FAILED.getTime() + days * 86_400_000);
const debt = (given: Partial<Debt> = {}): Debt => ({
  since: FAILED,
  triedAt: FAILED,
  isBeingCollected: false,
  isCollectable: true,
  ...given,
});

describe('dunning', () => {
  const course: Array<[days: number, standing: string]> = [
    [0, 'past_due'],
    [13.99, 'past_due'],
    [14, 'suspended'],
    [59.99, 'suspended'],
    [60, 'ended'],
    [4000, 'ended'],
  ];
  for (const [days, standing] of course)
    it(`calls Globex ${standing} after ${days} days`, () => expect(standingOf(debt(), POLICY, day(days))).toBe(standing));

  it('calls whoever owes nothing good, wherever it was', () =>
    expect(standingOf({ since: null }, POLICY, day(100))).toBe('good'));

  it('tries again on each day of the schedule, once', () => {
    expect(isRetryDue(debt(), POLICY, day(2.99))).toBe(false);
    expect(isRetryDue(debt(), POLICY, day(3))).toBe(true);
    expect(isRetryDue(debt({ triedAt: day(3) }), POLICY, day(3))).toBe(false);
    expect(isRetryDue(debt({ triedAt: day(3) }), POLICY, day(7.5))).toBe(true);
    expect(isRetryDue(debt({ triedAt: day(21) }), POLICY, day(400))).toBe(false);
  });

  it('makes one try of several that were missed', () => {
    expect(isRetryDue(debt(), POLICY, day(30))).toBe(true);
    expect(isRetryDue(debt({ triedAt: day(30) }), POLICY, day(30))).toBe(false);
  });

  it('does not ask for what is on its way, nor for what was written off', () => {
    expect(isRetryDue(debt({ isBeingCollected: true }), POLICY, day(10))).toBe(false);
    expect(isRetryDue(debt({ isCollectable: false }), POLICY, day(10))).toBe(false);
    expect(nextRetryOf(debt({ isCollectable: false }), POLICY, day(1))).toBeNull();
  });

  it('says when it is tried next', () => {
    expect(nextRetryOf(debt(), POLICY, day(3))).toEqual(day(7));
    expect(nextRetryOf(debt(), POLICY, day(21))).toBeNull();
  });

  it('never tries more often than there are days in the schedule, however often it is asked', () => {
    const asked = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(asked, (instants) => {
        let current = debt();
        let tries = 0;
        for (const days of instants.toSorted((a, b) => a - b)) {
          if (!isRetryDue(current, POLICY, day(days))) continue;
          tries += 1;
          current = debt({ triedAt: day(days) });
        }
        return tries <= POLICY.retryDays.length;
      }),
    );
  });
});
