/** A pace that is learned from throttles, against buckets that are nobody's to look into. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { couldCall, isForgotten, mayCall, throttled, wentThrough, type Pace } from './pace.ts';
import { takeToken, type Bucket } from './throttle.ts';

/** Calls a bucket of EC2's as launchers do, each with a pace of its own, until `seconds` are over. */
function callFor(
  seconds: number,
  { size, perSecond, launchers, everyMs }: { size: number; perSecond: number; launchers: number; everyMs: number },
): { went: number; refused: number } {
  const atEc2: Bucket = { tokens: size, filledAt: 0 };
  const paces: Array<Pace | undefined> = Array.from({ length: launchers }, () => undefined);
  let [went, refused] = [0, 0];
  for (let now = 0; now < seconds * 1000; now += everyMs) {
    for (let which = 0; which < launchers; which += 1) {
      // As many as a look at what is due brings along, and more than any of the buckets gets back until the next look.
      for (let call = 0; call < 60; call += 1) {
        const pace = paces[which];
        if (pace && !mayCall(pace, now)) break;
        const took = takeToken(atEc2, { perSecond, burst: size }, now);
        if (took) went += 1;
        else refused += 1;
        paces[which] = took ? pace && wentThrough(pace) : throttled(pace, 'RunInstances', now);
      }
    }
  }
  return { went, refused };
}

describe('the pace of an account', () => {
  it('takes what EC2’s bucket allows, whatever it is, and is seldom refused', () => {
    fc.assert(
      fc.property(
        fc.record({
          size: fc.integer({ min: 40, max: 1_000 }),
          perSecond: fc.integer({ min: 1, max: 10 }),
          launchers: fc.integer({ min: 1, max: 4 }),
          everyMs: fc.integer({ min: 500, max: 3_000 }),
        }),
        (bucket) => {
          const seconds = 1_200;
          const { went, refused } = callFor(seconds, bucket);
          const allowed = bucket.size + seconds * bucket.perSecond;
          expect(went).toBeLessThanOrEqual(allowed);
          expect(went / allowed).toBeGreaterThan(0.95);
          // The most where four copies share one launch a second.
          expect(refused / went).toBeLessThan(0.35);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('falls once for calls that were throttled together, and leaves one to try after the first', () => {
    const first = throttled(undefined, 'RunInstances', 0);
    expect(first).toMatchObject({ perSecond: 2, tokens: 1 });
    const together = throttled(throttled(first, 'RunInstances', 400), 'RunInstances', 800);
    expect(together).toMatchObject({ perSecond: 2, tokens: 0 });
    expect(throttled(together, 'RunInstances', 1_000).perSecond).toBeCloseTo(1.7);
  });

  it('gives the first token back after what the action’s bucket takes', () => {
    const pace = throttled(throttled(undefined, 'RunInstances', 0), 'RunInstances', 0);
    expect([couldCall(pace, 499), couldCall(pace, 500), mayCall(pace, 500), couldCall(pace, 501)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const reading = throttled(throttled(undefined, 'DescribeInstances', 0), 'DescribeInstances', 0);
    expect(couldCall(reading, 50)).toBe(true);
  });

  it('is forgotten five minutes after the last throttle', () => {
    const pace = throttled(undefined, 'RunInstances', 0);
    expect([isForgotten(pace, 299_999), isForgotten(pace, 300_000)]).toEqual([false, true]);
  });
});
