import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullBucket, takeToken } from './throttle.ts';

const rate = { perSecond: 10, burst: 20 };

describe('a token bucket', () => {
  it('lets a burst through, then refuses, then lets one through for each token that came back', () => {
    const bucket = fullBucket(rate, 0);
    const taken = Array.from({ length: 21 }, () => takeToken(bucket, rate, 0));
    expect(taken.filter(Boolean)).toHaveLength(20);
    expect(takeToken(bucket, rate, 99)).toBe(false);
    expect(takeToken(bucket, rate, 100)).toBe(true);
    expect(takeToken(bucket, rate, 100)).toBe(false);
  });

  it('never gives more than the burst and what came back, however the calls are spread', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 }), (pauses) => {
        const bucket = fullBucket(rate, 0);
        let now = 0;
        let taken = 0;
        for (const pause of pauses) {
          now += pause;
          if (takeToken(bucket, rate, now)) taken += 1;
        }
        expect(taken).toBeLessThanOrEqual(rate.burst + (now * rate.perSecond) / 1000 + 1e-6);
      }),
    );
  });

  it('gains nothing from a clock that goes back', () => {
    const bucket = fullBucket(rate, 1000);
    for (let call = 0; call < 20; call += 1) takeToken(bucket, rate, 1000);
    expect(takeToken(bucket, rate, 0)).toBe(false);
    expect(takeToken(bucket, rate, 50)).toBe(false);
  });
});
