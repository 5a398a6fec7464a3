/** Periods tile time: no gap, no overlap, whatever the start, the end and the length of the months. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthOf, periodsOf } from './period.ts';

const instant = fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2035-12-31T23:59:59Z'), noInvalidDate: true });

describe('periods', () => {
  it('tile the time from the start of a subscription on', () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [startedAt, until] = a < b ? [a, b] : [b, a];
        const periods = periodsOf({ startedAt, endedAt: null, until });
        const touching = periods.every(
          (period, index) =>
            period.from < period.to && (index === 0 || periods[index - 1]!.to.getTime() === period.from.getTime()),
        );
        return touching && periods[0]!.from.getTime() === startedAt.getTime() && periods.at(-1)!.to > until;
      }),
    );
  });

  it('end with the month in which a subscription ends', () => {
    const periods = periodsOf({
      startedAt: new Date('2026-01-31T12:00:00Z'),
      endedAt: new Date('2026-03-01T00:00:00Z'),
      until: new Date('2026-06-01T00:00:00Z'),
    });
    expect(periods.map(({ from, to }) => [from.toISOString(), to.toISOString()])).toEqual([
      ['2026-01-31T12:00:00.000Z', '2026-02-01T00:00:00.000Z'],
      ['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
      ['2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
    ]);
  });

  it('know leap years and year ends', () => {
    expect(monthOf(new Date('2028-02-29T23:59:59Z')).to.toISOString()).toBe('2028-03-01T00:00:00.000Z');
    expect(monthOf(new Date('2026-12-31T23:59:59Z')).to.toISOString()).toBe('2027-01-01T00:00:00.000Z');
  });
});
