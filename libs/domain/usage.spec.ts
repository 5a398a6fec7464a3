import { describe, expect, it } from 'vitest';
import { agreementFor, canonicalUsage, hourOf, isInBounds, reportWindow, takesUsage, wrongAllocations } from './usage.ts';

const at = (instant: string): Date => new Date(instant);
const part = (quantity: number, ...keys: string[]) => ({ quantity, tags: keys.map((key) => ({ key, value: 'v' })) });
/** AWS's rules, and ours where AWS does not say. */
const METER = { hours: 6, futureSkewSeconds: 300, graceHours: 6 };
const BATCH = { ...METER, hours: 24 };

describe('hours of use', () => {
  it('puts 59:59 in the hour before 00:00', () => {
    expect(hourOf(at('2026-01-05T09:59:59.999Z'))).toEqual(at('2026-01-05T09:00:00Z'));
    expect(hourOf(at('2026-01-05T10:00:00Z'))).toEqual(at('2026-01-05T10:00:00Z'));
  });

  it('lets a machine report six whole hours back and five minutes ahead', () => {
    const window = reportWindow(at('2026-01-05T15:59:59Z'), METER);
    expect(isInBounds(at('2026-01-05T09:00:00Z'), window)).toBe(true);
    expect(isInBounds(at('2026-01-05T08:59:59.999Z'), window)).toBe(false);
    expect(isInBounds(at('2026-01-05T16:04:59Z'), window)).toBe(true);
    expect(isInBounds(at('2026-01-05T16:05:00Z'), window)).toBe(false);
  });

  it('lets a vendor report 24 whole hours back', () => {
    const window = reportWindow(at('2026-01-06T09:30:00Z'), BATCH);
    expect(isInBounds(at('2026-01-05T09:00:00Z'), window)).toBe(true);
    expect(isInBounds(at('2026-01-05T08:59:59Z'), window)).toBe(false);
  });

  it('takes usage of last month until 06:00 on the 1st, and none from then on', () => {
    const late = at('2026-01-31T23:59:59Z');
    expect(isInBounds(late, reportWindow(at('2026-02-01T05:59:59Z'), BATCH))).toBe(true);
    expect(isInBounds(late, reportWindow(at('2026-02-01T06:00:00Z'), BATCH))).toBe(false);
    expect(isInBounds(late, reportWindow(at('2026-02-01T06:00:00Z'), METER))).toBe(false);
    expect(isInBounds(at('2026-02-01T00:00:00Z'), reportWindow(at('2026-02-01T06:00:00Z'), BATCH))).toBe(true);
  });

  it('takes nothing before the hour in which a machine began', () => {
    const window = reportWindow(at('2026-01-05T11:00:00Z'), METER);
    expect(isInBounds(at('2026-01-05T10:01:00Z'), window, at('2026-01-05T10:40:00Z'))).toBe(true);
    expect(isInBounds(at('2026-01-05T09:59:59Z'), window, at('2026-01-05T10:40:00Z'))).toBe(false);
  });

  it('does not take a time that is no time', () => {
    expect(isInBounds(new Date(Number.NaN), reportWindow(at('2026-01-05T11:00:00Z'), METER))).toBe(false);
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
