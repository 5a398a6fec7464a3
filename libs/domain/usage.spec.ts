import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agreementFor,
  batchWindow,
  canonicalUsage,
  hourOf,
  hoursRun,
  isInBounds,
  meterWindow,
  takesUsage,
  wrongAllocations,
} from './usage.ts';

const at = (instant: string): Date => new Date(instant);
const part = (quantity: number, ...keys: string[]) => ({ quantity, tags: keys.map((key) => ({ key, value: 'v' })) });
const skew = { futureSkewSeconds: 300 };

describe('hours of use', () => {
  it('puts 59:59 in the hour before 00:00', () => {
    expect(hourOf(at('2026-01-05T09:59:59.999Z'))).toEqual(at('2026-01-05T09:00:00Z'));
    expect(hourOf(at('2026-01-05T10:00:00Z'))).toEqual(at('2026-01-05T10:00:00Z'));
  });

  it('lets a machine report six whole hours back and five minutes ahead', () => {
    const window = meterWindow({ now: at('2026-01-05T15:59:59Z'), ...skew });
    expect(isInBounds(at('2026-01-05T09:00:00Z'), window)).toBe(true);
    expect(isInBounds(at('2026-01-05T08:59:59.999Z'), window)).toBe(false);
    expect(isInBounds(at('2026-01-05T16:04:59Z'), window)).toBe(true);
    expect(isInBounds(at('2026-01-05T16:05:00Z'), window)).toBe(false);
  });

  it('lets a vendor report 24 whole hours back', () => {
    const window = batchWindow({ now: at('2026-01-06T09:30:00Z'), ...skew });
    expect(isInBounds(at('2026-01-05T09:00:00Z'), window)).toBe(true);
    expect(isInBounds(at('2026-01-05T08:59:59Z'), window)).toBe(false);
  });

  it('takes usage of last month until 06:00 on the 1st, and none from then on', () => {
    const late = at('2026-01-31T23:59:59Z');
    expect(isInBounds(late, batchWindow({ now: at('2026-02-01T05:59:59Z'), ...skew }))).toBe(true);
    expect(isInBounds(late, batchWindow({ now: at('2026-02-01T06:00:00Z'), ...skew }))).toBe(false);
    expect(isInBounds(late, meterWindow({ now: at('2026-02-01T06:00:00Z'), ...skew }))).toBe(false);
    expect(isInBounds(at('2026-02-01T00:00:00Z'), batchWindow({ now: at('2026-02-01T06:00:00Z'), ...skew }))).toBe(true);
  });

  it('takes nothing before the hour in which a machine began', () => {
    const window = meterWindow({ now: at('2026-01-05T11:00:00Z'), ...skew });
    expect(isInBounds(at('2026-01-05T10:01:00Z'), window, at('2026-01-05T10:40:00Z'))).toBe(true);
    expect(isInBounds(at('2026-01-05T09:59:59Z'), window, at('2026-01-05T10:40:00Z'))).toBe(false);
  });

  it('does not take a time that is no time', () => {
    expect(isInBounds(new Date(Number.NaN), meterWindow({ now: at('2026-01-05T11:00:00Z'), ...skew }))).toBe(false);
  });
});

const hours = (from: string, to: string): string[] =>
  hoursRun({ from: at(`2026-01-05T${from}Z`), to: at(`2026-01-05T${to}Z`) }).map((hour) => hour.toISOString().slice(11, 19));

describe('the hours a machine ran in', () => {
  it('are those it ran in for any time at all', () => {
    expect(hours('09:59:59', '11:00:01')).toEqual(['09:00:00', '10:00:00', '11:00:00']);
    expect(hours('10:15:00', '10:45:00')).toEqual(['10:00:00']);
    expect(hours('10:00:00', '11:00:00')).toEqual(['10:00:00']);
  });

  it('are none when it ran for no time', () => {
    expect(hours('10:15:00', '10:15:00')).toEqual([]);
    expect(hours('10:15:00', '09:15:00')).toEqual([]);
  });

  it('cover the time it ran and no hour more', () => {
    const minutes = fc.integer({ min: 0, max: 50_000 }).map((count) => new Date(Date.UTC(2026, 0, 1) + count * 60_000));
    fc.assert(
      fc.property(minutes, minutes, (from, to) => {
        const found = hoursRun({ from, to });
        expect(found).toHaveLength(from < to ? Math.ceil(to.getTime() / 3_600_000) - Math.floor(from.getTime() / 3_600_000) : 0);
        expect(found.every((hour) => hour < to && hour.getTime() + 3_600_000 > from.getTime())).toBe(true);
      }),
    );
  });
});

describe('the end of a subscription', () => {
  const endedAt = at('2026-01-05T10:30:00Z');

  it('leaves an hour to report what was used', () => {
    expect(takesUsage({ endedAt, at: at('2026-01-05T10:10:00Z'), now: at('2026-01-05T11:29:00Z') })).toBe(true);
    expect(takesUsage({ endedAt, at: at('2026-01-05T10:10:00Z'), now: at('2026-01-05T11:31:00Z') })).toBe(false);
  });

  it('takes nothing for hours after it', () => {
    expect(takesUsage({ endedAt, at: at('2026-01-05T10:59:00Z'), now: at('2026-01-05T11:10:00Z') })).toBe(true);
    expect(takesUsage({ endedAt, at: at('2026-01-05T11:00:00Z'), now: at('2026-01-05T11:10:00Z') })).toBe(false);
  });

  it('gives an hour to the newest subscription that had begun', () => {
    const first = { name: 'first', startedAt: at('2026-01-01T09:00:00Z') };
    const second = { name: 'second', startedAt: at('2026-01-05T10:40:00Z') };
    expect(agreementFor([first, second], at('2026-01-05T09:59:00Z'))).toBe(first);
    expect(agreementFor([first, second], at('2026-01-05T10:00:00Z'))).toBe(second);
    expect(agreementFor([first, second], at('2025-12-31T00:00:00Z'))).toBe(second);
    expect(agreementFor([], at('2026-01-05T10:00:00Z'))).toBeUndefined();
  });
});

describe('allocations', () => {
  it('must add up to the quantity, with different tags', () => {
    expect(wrongAllocations(5, [])).toBeUndefined();
    expect(wrongAllocations(5, [part(2, 'a'), part(3, 'b')])).toBeUndefined();
    expect(wrongAllocations(5, [part(2, 'a'), part(2, 'b')])).toBe('allocations');
    expect(wrongAllocations(5, [part(2, 'a', 'b'), part(3, 'b', 'a')])).toBe('allocations');
  });

  it('have at most five tags each, and are at most 2,500', () => {
    expect(wrongAllocations(1, [part(1, 'a', 'b', 'c', 'd', 'e', 'f')])).toBe('tags');
    expect(wrongAllocations(1, [part(1, 'a', 'a')])).toBe('tags');
    expect(
      wrongAllocations(
        2501,
        Array.from({ length: 2501 }, (_, index) => part(1, `k${index}`)),
      ),
    ).toBe('allocations');
  });

  it('make the same request in any order', () => {
    expect(canonicalUsage(5, [part(2, 'a', 'b'), part(3, 'c')])).toBe(canonicalUsage(5, [part(3, 'c'), part(2, 'b', 'a')]));
    expect(canonicalUsage(5, [part(2, 'a'), part(3, 'b')])).not.toBe(canonicalUsage(5, [part(3, 'a'), part(2, 'b')]));
    expect(canonicalUsage(5, [])).not.toBe(canonicalUsage(6, []));
  });
});
