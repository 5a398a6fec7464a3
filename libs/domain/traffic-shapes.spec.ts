/** Three shapes of traffic on a fleet that takes a minute to start a machine: a news spike, a sustained step, an exponential ramp. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wish } from './testing/fleets.ts';
import { simulate, stepsOf, type Moment } from './testing/traffic.ts';

const WEB = wish({
  min: 2,
  max: 60,
  target: { metric: 'requests_per_second', perMachine: 100, scope: 'machine', idleAt: 0 },
  outSeconds: 30,
  inSeconds: 300,
});
const MINUTE = 60;
const between = (moments: Moment[], from: number, to: number): Moment[] =>
  moments.filter(({ second }) => second >= from && second <= to);
const fullest = (moments: Moment[]): number => Math.max(...moments.map(({ fullness }) => fullness));
const most = (moments: Moment[]): number => Math.max(...moments.map(({ alive }) => alive));

describe('a news spike', () => {
  // Twenty times the usual within a minute, half of it gone every ten minutes.
  const load = (second: number): number => {
    if (second < 10 * MINUTE) return 150;
    const since = second - 10 * MINUTE;
    return 150 + 2850 * Math.min(1, since / MINUTE) * 0.5 ** (since / (10 * MINUTE));
  };
  const moments = simulate({ wish: WEB, load, seconds: 120 * MINUTE });

  it('is held: two and a half minutes after its peak every machine has no more than its target', () => {
    expect(fullest(between(moments, 13.5 * MINUTE, 120 * MINUTE))).toBeLessThanOrEqual(1);
  });

  it('is paid for while it lasts: machines go as it goes, and at the end there are two again', () => {
    expect(most(moments)).toBeLessThanOrEqual(32);
    for (const { second, alive, load: now } of between(moments, 30 * MINUTE, 120 * MINUTE)) {
      // What the load needed ten minutes ago, with the margin, is the most there is.
      expect(alive, `at ${second} s`).toBeLessThanOrEqual(Math.ceil(Math.max(load(second - 10 * MINUTE), now) / 90) + 2);
    }
    expect(moments.at(-1)).toMatchObject({ alive: 2, desired: 2 });
  });

  it('is followed up and down, and never up again on the way down', () => {
    const steps = stepsOf(moments);
    const firstDown = steps.findIndex((step) => step < 0);
    expect(steps.slice(firstDown).every((step) => step < 0)).toBe(true);
  });
});

describe('a sustained step', () => {
  const load = (second: number): number => (second < 10 * MINUTE ? 300 : 2000);
  const moments = simulate({ wish: WEB, load, seconds: 60 * MINUTE });

  it('is met by one step of the fleet, as soon as machines can start', () => {
    expect(fullest(between(moments, 12 * MINUTE, 60 * MINUTE))).toBe(1);
    expect(stepsOf(between(moments, 9 * MINUTE, 60 * MINUTE))).toEqual([17]);
  });

  it('is held without a machine too many', () => expect(most(moments)).toBe(20));

  it('that ends is followed by a step down, once it is sure', () => {
    const plateau = (second: number): number => (second < 30 * MINUTE ? 2000 : 300);
    const down = simulate({ wish: WEB, load: plateau, seconds: 60 * MINUTE });
    expect(down.at(-1)).toMatchObject({ alive: 4, desired: 4 });
    expect(most(between(down, 36 * MINUTE, 60 * MINUTE))).toBe(4);
    expect(fullest(between(down, 30 * MINUTE, 60 * MINUTE))).toBeLessThanOrEqual(0.9);
  });
});

describe('an exponential ramp', () => {
  // Twice as much every ten minutes for an hour, then as fast down again.
  const load = (second: number): number => {
    const doublings = second <= 60 * MINUTE ? second / (10 * MINUTE) : 12 - second / (10 * MINUTE);
    return 80 * 2 ** Math.max(0, doublings);
  };
  const moments = simulate({ wish: WEB, load, seconds: 150 * MINUTE });

  it('is held within the growth of the two minutes that a machine takes', () => {
    expect(fullest(between(moments, 5 * MINUTE, 150 * MINUTE))).toBeLessThanOrEqual(1.2);
  });

  it('comes down as it went up', () => {
    expect(most(moments)).toBeLessThanOrEqual(53);
    expect(most(between(moments, 135 * MINUTE, 150 * MINUTE))).toBe(2);
  });
});

describe('a load that only ripples', () => {
  it('of less than the margin never makes the fleet shrink, nor grow more than once', () => {
    const ripple = fc.record({ base: fc.integer({ min: 250, max: 4000 }), seed: fc.integer({ min: 1, max: 1_000_000 }) });
    fc.assert(
      fc.property(ripple, ({ base, seed }) => {
        // Up to 4 % to either side, by a series that looks like chance.
        const load = (second: number): number => base * (0.96 + 0.08 * Math.abs(Math.sin(seed * (second + 1)) % 1));
        const moments = simulate({ wish: WEB, load, seconds: 120 * MINUTE });
        expect([[], [1]]).toContainEqual(stepsOf(between(moments, 30 * MINUTE, 120 * MINUTE)));
        expect(fullest(between(moments, 5 * MINUTE, 120 * MINUTE))).toBeLessThanOrEqual(1.08);
      }),
      { numRuns: 40 },
    );
  });

  it('between two numbers of machines keeps the larger, whichever way it swings', () => {
    const load = (second: number): number => (second % 240 < 120 ? 1000 : 600);
    const moments = simulate({ wish: WEB, load, seconds: 120 * MINUTE });
    expect(stepsOf(between(moments, 10 * MINUTE, 120 * MINUTE))).toEqual([]);
    expect(moments.at(-1)).toMatchObject({ desired: 10 });
  });
});

describe('a load that jumps about', () => {
  const jumps = fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 20 }), load: fc.integer({ min: 0, max: 5000 }) }), {
    minLength: 1,
    maxLength: 8,
  });
  const seriesOf = (parts: Array<{ minutes: number; load: number }>) => {
    const ends = parts.map((_, index) => parts.slice(0, index + 1).reduce((sum, { minutes }) => sum + minutes * MINUTE, 0));
    return (second: number): number => parts[ends.findIndex((end) => second < end)]?.load ?? parts.at(-1)!.load;
  };

  it('never makes the fleet flap: it shrinks only a cool-down after its last step, and grows only one after the last out', () => {
    fc.assert(
      fc.property(jumps, (parts) => {
        const moments = simulate({ wish: WEB, load: seriesOf(parts), seconds: 90 * MINUTE });
        let [lastOut, lastStep] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
        for (const [index, { second, desired, alive }] of moments.entries()) {
          expect(alive).toBeLessThanOrEqual(2 * WEB.max);
          const step = index === 0 ? 0 : desired - moments[index - 1]!.desired;
          if (step < 0) expect(second - lastStep).toBeGreaterThanOrEqual(WEB.inSeconds);
          if (step > 0) expect(second - lastOut).toBeGreaterThanOrEqual(WEB.outSeconds);
          if (step > 0) lastOut = second;
          if (step !== 0) lastStep = second;
        }
      }),
      { numRuns: 25 },
    );
  });

  it('and then stands still is held, with no more than the margin to spare', () => {
    fc.assert(
      fc.property(jumps, fc.integer({ min: 200, max: 5000 }), (parts, last) => {
        const moments = simulate({ wish: WEB, load: seriesOf([...parts, { minutes: 40, load: last }]), seconds: 220 * MINUTE });
        const { alive, fullness } = moments.at(-1)!;
        expect(fullness).toBeLessThanOrEqual(1);
        expect(alive).toBeLessThanOrEqual(Math.ceil(last / 90));
      }),
      { numRuns: 25 },
    );
  });
});

describe('work that comes once a day', () => {
  const batch = wish({
    min: 0,
    max: 20,
    target: { metric: 'queue_depth', perMachine: 50, scope: 'fleet', idleAt: 0 },
    outSeconds: 30,
    inSeconds: 300,
    idleMinutes: 15,
    changedAt: new Date('2026-01-04T00:00:00Z'),
  });
  const load = (second: number): number => (second < 20 * MINUTE || second > 200 * MINUTE ? 400 : 0);

  it('leaves no machine between, and is begun again by a wake', () => {
    const moments = simulate({ wish: batch, load, seconds: 300 * MINUTE, wakeAt: 201 * MINUTE });
    expect(most(between(moments, 2 * MINUTE, 20 * MINUTE))).toBeGreaterThan(1);
    expect(most(between(moments, 45 * MINUTE, 200 * MINUTE))).toBe(0);
    expect(moments.at(-1)).toMatchObject({ alive: 8, desired: 8 });
  });
});
