/** When a vendor's money goes: each day, on Mondays, on the first; a share never waits longer than to the next run, and goes once. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertMayApprove, PAYOUT_INTERVALS, paidOutAt, reserveOf, runOf } from './payout-policy.ts';

const at = (text: string): Date => new Date(text);

describe('a payout policy', () => {
  it('runs each day, from Monday on, or from the first on', () => {
    const wednesday = at('2026-02-04T06:11:00Z');
    expect(runOf('daily', wednesday)).toEqual({ id: '2026-02-04', until: wednesday });
    expect(runOf('daily', at('2026-02-04T23:59:59Z')).id).toBe('2026-02-04');
    expect(runOf('weekly', wednesday)).toEqual({ id: '2026-02-02', until: at('2026-02-02T00:00:00Z') });
    expect(runOf('weekly', at('2026-02-01T23:59:59Z')).id).toBe('2026-01-26');
    expect(runOf('monthly', wednesday)).toEqual({ id: '2026-02-01', until: at('2026-02-01T00:00:00Z') });
  });

  it('says when what is released now will be paid', () => {
    const sunday = at('2026-02-01T06:10:00Z');
    expect(PAYOUT_INTERVALS.map((interval) => paidOutAt(interval, sunday).toISOString())).toEqual([
      '2026-02-01T06:10:00.000Z',
      '2026-02-02T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ]);
  });

  it('takes a share along in the very run that was foretold, and not before', () => {
    const instants = fc.date({ min: at('2020-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, fc.constantFrom('weekly' as const, 'monthly' as const), (released, interval) => {
        const day = paidOutAt(interval, released);
        const before = new Date(day.getTime() - 1);
        return runOf(interval, day).until > released && runOf(interval, before).until <= released && day > released;
      }),
    );
  });

  it('keeps a part of a share back, and nothing of what is given back', () => {
    expect(reserveOf(2478n, { reserveBasisPoints: 1000 })).toBe(248n);
    expect(reserveOf(-2478n, { reserveBasisPoints: 1000 })).toBe(0n);
    expect(reserveOf(2478n, { reserveBasisPoints: 0 })).toBe(0n);
  });

  it('lets another person than who asked decide, and no key', () => {
    expect(() => assertMayApprove('ann', 'ben')).not.toThrow();
    expect(() => assertMayApprove('ann', 'ann')).toThrow('another person');
    expect(() => assertMayApprove('ann', null)).toThrow('two people');
  });
});
