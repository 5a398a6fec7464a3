import { describe, expect, it } from 'vitest';
import { isWorthWriting, silentFrom, silentSince } from './heartbeat.ts';

const at = (time: string): Date => new Date(`2026-01-05T${time}Z`);

describe('a silent machine', () => {
  it('has said nothing in the whole hours before this one', () => {
    expect(silentFrom(at('12:00:00'), 2)).toEqual(at('10:00:00'));
    expect(silentFrom(at('12:59:59'), 2)).toEqual(at('10:00:00'));
    const startedAt = at('08:00:00');
    expect(silentSince({ startedAt, spokeAt: at('09:59:59') }, at('10:00:00'))).toEqual(at('09:59:59'));
    expect(silentSince({ startedAt, spokeAt: at('10:00:00') }, at('10:00:00'))).toBeNull();
  });

  it('is silent since it started when it never spoke, and not before it ran for that long', () => {
    expect(silentSince({ startedAt: at('09:10:00'), spokeAt: null }, at('10:00:00'))).toEqual(at('09:10:00'));
    expect(silentSince({ startedAt: at('10:00:00'), spokeAt: null }, at('10:00:00'))).toBeNull();
  });

  it('is given time after it was started again, whatever it said before', () => {
    expect(silentSince({ startedAt: at('10:30:00'), spokeAt: at('03:00:00') }, at('10:00:00'))).toBeNull();
    expect(silentSince({ startedAt: at('09:30:00'), spokeAt: at('03:00:00') }, at('10:00:00'))).toEqual(at('09:30:00'));
  });
});

describe('a heartbeat', () => {
  it('is written down once a minute, also when the clock was put back', () => {
    expect(isWorthWriting(undefined, at('10:00:00'))).toBe(true);
    expect(isWorthWriting(at('10:00:00'), at('10:00:59'))).toBe(false);
    expect(isWorthWriting(at('10:00:00'), at('10:01:00'))).toBe(true);
    expect(isWorthWriting(at('10:00:00'), at('09:00:00'))).toBe(true);
  });
});
