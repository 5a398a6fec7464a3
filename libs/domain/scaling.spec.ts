/** Which machines of a fleet come and go, as situations. */
import { describe, expect, it } from 'vitest';
import type { Member } from './fleet-load.ts';
import { decideScaling, NEVER_WELL_SECONDS, type FleetSituation } from './scaling.ts';
import { ago, member, remembered, reporting, situation, starting, times, wish } from './testing/fleets.ts';

describe('who goes', () => {
  const shrinkTo = (fixed: number, members: Member[]): string[] => {
    const { drain, terminate } = decideScaling(
      situation({ wish: wish({ fixed, min: 0 }), memory: remembered(members.length), members }),
    );
    return [...terminate, ...drain];
  };

  it('is first who has no machine yet, then who is not well, then who does not report, then the healthy', () => {
    const all = [
      reporting(0, { id: 'healthy' }),
      member({ id: 'silent' }),
      starting({ id: 'pending', createdAt: ago(60) }),
      starting({ id: 'younger', createdAt: ago(50) }),
      starting({ id: 'planned', state: 'planned', createdAt: ago(90) }),
    ];
    const order = ['planned', 'younger', 'pending', 'silent', 'healthy'];
    for (const left of [4, 3, 2, 1, 0]) expect(shrinkTo(left, all)).toHaveLength(5 - left);
    expect(shrinkTo(4, all)).toEqual(order.slice(0, 1));
    expect(new Set(shrinkTo(3, all))).toEqual(new Set(order.slice(0, 2)));
    expect(new Set(shrinkTo(2, all))).toEqual(new Set(order.slice(0, 3)));
    expect(new Set(shrinkTo(1, all))).toEqual(new Set(order.slice(0, 4)));
  });

  it('is of the zone that has the most, and there who has the least work', () => {
    const all = [
      reporting(1, { id: 'a-little', zone: 'us-east-1a' }),
      reporting(2, { id: 'b-idle', zone: 'us-east-1b' }),
      reporting(9, { id: 'b-busy', zone: 'us-east-1b' }),
    ];
    expect(shrinkTo(2, all)).toEqual(['b-idle']);
    expect(shrinkTo(1, all)).toEqual(['b-idle', 'a-little']);
  });

  it('drains when it was ever well, and ends at once when it never was', () => {
    const all = [starting({ id: 'new' }), member({ id: 'restarting', state: 'running' }), reporting(1, { id: 'well' })];
    expect(decideScaling(situation({ wish: wish({ fixed: 0, min: 0 }), memory: remembered(3), members: all }))).toMatchObject({
      terminate: ['new'],
      drain: ['restarting', 'well'],
    });
  });
});

it('ends at once where nobody waits for the end of its work', () => {
  const given = {
    wish: wish({ fixed: 0, min: 0, drainSeconds: 0 }),
    memory: remembered(1),
    members: [reporting(1, { id: 'well' })],
  };
  expect(decideScaling(situation(given))).toMatchObject({ drain: [], terminate: ['well'] });
});

describe('a machine that drains', () => {
  const draining = (given: Partial<Member>): FleetSituation =>
    situation({ memory: remembered(1), members: [reporting(5), member({ id: 'leaver', ...given })] });

  it('ends when it says that it has nothing left, or when its time is over, and not before', () => {
    expect(decideScaling(draining({ drainingAt: ago(30) })).terminate).toEqual([]);
    expect(decideScaling(draining({ drainingAt: ago(30), hasDrained: true })).terminate).toEqual(['leaver']);
    expect(decideScaling(draining({ drainingAt: ago(120) })).terminate).toEqual(['leaver']);
    expect(decideScaling(draining({ drainingAt: ago(120), isWanted: false })).terminate).toEqual([]);
  });

  it('no longer counts: when load returns, another is asked for', () => {
    const given = draining({ drainingAt: ago(10), readings: reporting(50).readings });
    const busy = { ...given, members: [reporting(20), given.members[1]!] };
    expect(decideScaling(busy)).toMatchObject({ desired: 2, add: 1, load: 20 });
  });
});

describe('a fleet that loses machines', () => {
  it('gets as many again, whatever its cool-downs say', () => {
    const given = { memory: remembered(4, { scaledOutAt: ago(5), scaledInAt: ago(5) }), members: [reporting(9), reporting(9)] };
    expect(decideScaling(situation(given))).toMatchObject({ desired: 4, add: 2 });
    const ended = [member({ state: 'terminated' }), member({ state: 'failed' })];
    expect(decideScaling(situation({ ...given, members: [...given.members, ...ended] }))).toMatchObject({ add: 2 });
  });

  it('comes back when all of them are gone at once', () => {
    expect(decideScaling(situation({ memory: remembered(6), members: [] }))).toMatchObject({ desired: 6, add: 6 });
  });

  it('does not take the load that the lost ones carried for gone with them', () => {
    const lost = times(3, () => reporting(9, { state: 'terminated' }));
    const given = situation({ memory: remembered(6), members: [...times(3, () => reporting(9)), ...lost] });
    expect(decideScaling(given)).toMatchObject({ desired: 6, add: 3, drain: [] });
  });

  it('replaces a machine that never becomes well', () => {
    const stillborn = starting({ id: 'stillborn', state: 'running', createdAt: ago(NEVER_WELL_SECONDS + 1) });
    const given = situation({ wish: wish({ min: 2 }), memory: remembered(2), members: [reporting(9), stillborn] });
    expect(decideScaling(given)).toMatchObject({ add: 1, terminate: ['stillborn'], drain: [] });
  });

  it('replaces a machine that somebody stopped', () => {
    const given = situation({
      wish: wish({ min: 2 }),
      memory: remembered(2),
      members: [reporting(9), member({ id: 'off', state: 'stopped' })],
    });
    expect(decideScaling(given)).toMatchObject({ add: 1, terminate: ['off'], drain: [] });
  });

  it('tries machines that do not come up one at a time, and less and less often', () => {
    const failing = (failures: number, seconds: number, members: Member[] = []): FleetSituation =>
      situation({ memory: remembered(4), members, failures: { count: failures, lastAt: ago(seconds) } });
    expect(decideScaling(failing(1, 29))).toMatchObject({ add: 0, why: expect.stringContaining('ended before being well') });
    expect(decideScaling(failing(1, 30))).toMatchObject({ add: 1 });
    expect(decideScaling(failing(1, 40, [starting()]))).toMatchObject({ add: 0 });
    expect(decideScaling(failing(3, 119))).toMatchObject({ add: 0 });
    expect(decideScaling(failing(3, 120))).toMatchObject({ add: 1 });
    expect(decideScaling(failing(50, 3_600))).toMatchObject({ add: 1 });
  });

  it('gets none while its buyer may not have any, and keeps those that run', () => {
    const obstacle = 'An invoice is past due.';
    const given = situation({ memory: remembered(4), members: [reporting(39)], obstacle });
    expect(decideScaling(given)).toMatchObject({ desired: 4, add: 0, drain: [], why: expect.stringContaining(obstacle) });
  });
});

it('ends a fleet that is over: drains what is well and ends the rest', () => {
  const members = [reporting(5, { id: 'well' }), starting({ id: 'starting' })];
  expect(decideScaling(situation({ wish: wish({ isEnded: true, min: 2 }), memory: remembered(2), members }))).toMatchObject({
    desired: 0,
    add: 0,
    drain: ['well'],
    terminate: ['starting'],
  });
});
