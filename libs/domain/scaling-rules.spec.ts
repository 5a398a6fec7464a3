/** What holds for every fleet, whatever it wants, has and hears. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Member, Target } from './fleet-load.ts';
import { decideScaling, type FleetSituation } from './scaling.ts';
import { ago, NOON, remembered, wish } from './testing/fleets.ts';

describe('in any situation', () => {
  const seconds = fc.integer({ min: 0, max: 4000 });
  const past = seconds.map(ago);
  const anyMember: fc.Arbitrary<Member> = fc
    .record({
      id: fc.uuid(),
      state: fc.constantFrom<Member['state']>(
        'planned',
        'pending',
        'running',
        'healthy',
        'stopped',
        'terminating',
        'terminated',
        'failed',
      ),
      isWanted: fc.boolean(),
      createdAt: past,
      wasHealthy: fc.boolean(),
      zone: fc.constantFrom(null, 'us-east-1a', 'us-east-1b'),
      drainingAt: fc.option(past),
      hasDrained: fc.boolean(),
      readings: fc.array(fc.record({ at: past, value: fc.double({ min: 0, max: 500, noNaN: true }) }), { maxLength: 12 }),
      idleSince: fc.option(past),
    })
    .map(({ wasHealthy, readings, ...rest }) => ({
      ...rest,
      healthyAt: rest.state === 'healthy' || wasHealthy ? rest.createdAt : null,
      readings: readings.sort((a, b) => a.at.getTime() - b.at.getTime()),
    }));
  const rate = fc.bigInt({ min: 0n, max: 5_000_000_000_000n });
  const anySituation: fc.Arbitrary<FleetSituation> = fc
    .record({
      min: fc.integer({ min: 0, max: 5 }),
      more: fc.integer({ min: 0, max: 6 }),
      fixed: fc.option(fc.integer({ min: 0, max: 12 })),
      target: fc.option(
        fc.record({
          metric: fc.constant('queue_depth'),
          perMachine: fc.double({ min: 0.1, max: 100, noNaN: true }),
          scope: fc.constantFrom('machine', 'fleet'),
          idleAt: fc.constantFrom(0, 5),
        }),
      ),
      hourlyCeiling: fc.option(rate),
      idleMinutes: fc.option(fc.integer({ min: 1, max: 30 })),
      isEnded: fc.boolean(),
      wakeRequestedAt: fc.option(past),
      changedAt: past,
      members: fc.uniqueArray(anyMember, { maxLength: 10, selector: ({ id }) => id }),
      desired: fc.option(fc.integer({ min: 0, max: 12 })),
      scaledOutAt: fc.option(past),
      scaledInAt: fc.option(past),
      asleepSince: fc.option(past),
      pricePerHour: rate,
      obstacle: fc.option(fc.constant('An invoice is past due.')),
      failures: fc.option(fc.record({ count: fc.integer({ min: 1, max: 9 }), lastAt: past })),
    })
    .map((given) => ({
      wish: wish({ ...given, max: given.min + given.more, target: given.target as Target | null }),
      members: given.members,
      memory: remembered(given.desired, given),
      pricePerHour: given.pricePerHour,
      obstacle: given.obstacle,
      failures: given.failures,
      now: NOON,
    }));
  const alive = ({ members }: FleetSituation): Member[] =>
    members.filter(({ state }) => state !== 'terminated' && state !== 'failed');
  const serving = (given: FleetSituation): Member[] => alive(given).filter((one) => one.isWanted && !one.drainingAt);
  const holds = (rule: (given: FleetSituation) => void): void => fc.assert(fc.property(anySituation, rule), { numRuns: 1000 });

  it('never has more machines than its maximum and its ceiling allow, nor fewer than its minimum', () => {
    holds((given) => {
      const { desired, add } = decideScaling(given);
      const { min, max, hourlyCeiling, isEnded } = given.wish;
      expect(desired).toBeLessThanOrEqual(max);
      if (add > 0) expect(serving(given).length + add).toBeLessThanOrEqual(desired + serving(given).length);
      const isLimited = hourlyCeiling !== null && given.pricePerHour > 0n;
      if (isLimited) {
        expect(BigInt(desired) * given.pricePerHour).toBeLessThanOrEqual(hourlyCeiling);
        if (add > 0) expect(BigInt(alive(given).length + add) * given.pricePerHour).toBeLessThanOrEqual(hourlyCeiling);
      } else if (!isEnded) expect(desired).toBeGreaterThanOrEqual(min);
    });
  });

  it('comes to exactly what it wants and no further, and adds and takes away never at once', () => {
    holds((given) => {
      const { desired, add, drain, terminate } = decideScaling(given);
      const gone = serving(given).filter(({ id }) => drain.includes(id) || terminate.includes(id));
      const left = serving(given).length - gone.length;
      expect(left + add).toBeLessThanOrEqual(Math.max(desired, left));
      expect(left).toBeLessThanOrEqual(desired);
      if (drain.length > 0) expect(add).toBe(0);
    });
  });

  it('drains only machines that shall run, ends only living ones, and neither twice', () => {
    holds((given) => {
      const { drain, terminate } = decideScaling(given);
      const ids = new Set(serving(given).map(({ id }) => id));
      expect(drain.every((id) => ids.has(id))).toBe(true);
      expect(alive(given).filter(({ id, isWanted }) => terminate.includes(id) && isWanted)).toHaveLength(terminate.length);
      expect(new Set([...drain, ...terminate]).size).toBe(drain.length + terminate.length);
    });
  });

  it('never shrinks on missing data', () => {
    holds((given) => {
      const { wish, memory } = given;
      if (wish.isEnded || wish.fixed !== null || !wish.target || memory.desired === null || memory.asleepSince) return;
      const healthy = serving(given).filter(({ state }) => state === 'healthy');
      const isMissing = healthy.some(({ readings }) => !readings.some(({ at }) => at >= ago(120)));
      const ceiling =
        wish.hourlyCeiling !== null && given.pricePerHour > 0n ? Number(wish.hourlyCeiling / given.pricePerHour) : 1e9;
      if (isMissing) expect(decideScaling(given).desired).toBeGreaterThanOrEqual(Math.min(memory.desired, wish.max, ceiling));
    });
  });

  it('says the same twice, and why', () => {
    holds((given) => {
      const decision = decideScaling(given);
      expect(decideScaling(given)).toEqual(decision);
      expect(decision.why).toMatch(/^[A-Za-z].*\.$/);
    });
  });
});
