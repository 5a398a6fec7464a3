/** How many machines a fleet of Globex's shall have, as situations. */
import { describe, expect, it } from 'vitest';
import type { Member } from './fleet-load.ts';
import { parseRate } from './money.ts';
import { decideScaling } from './scaling.ts';
import { ago, member, NOON, QUEUE, remembered, reporting, situation, starting, times, wish } from './testing/fleets.ts';

describe('a fleet that is new', () => {
  it('begins with its minimum, and with one when that is none and somebody has to be asked', () => {
    expect(decideScaling(situation({ wish: wish({ min: 3 }) }))).toMatchObject({ desired: 3, add: 3 });
    expect(decideScaling(situation({ wish: wish({ min: 0, idleMinutes: 10 }) }))).toMatchObject({ desired: 1, add: 1 });
    expect(decideScaling(situation({ wish: wish({ min: 0, target: null }) }))).toMatchObject({ desired: 0, add: 0 });
  });

  it('asks for no more while those asked for are on their way', () => {
    const given = situation({
      wish: wish({ min: 3 }),
      memory: remembered(3),
      members: times(3, () => starting({ state: 'planned' })),
    });
    expect(decideScaling(given)).toMatchObject({ desired: 3, add: 0, drain: [], terminate: [] });
  });
});

describe('a fleet with a number of its buyer’s', () => {
  it('has that many, at once and without cool-down, whatever its machines report', () => {
    const given = { memory: remembered(2, { scaledOutAt: ago(1), scaledInAt: ago(1) }), members: times(2, () => reporting(100)) };
    expect(decideScaling(situation({ ...given, wish: wish({ fixed: 4 }) }))).toMatchObject({ desired: 4, add: 2 });
    expect(decideScaling(situation({ ...given, wish: wish({ fixed: 1 }) })).drain).toHaveLength(1);
  });

  it('stays within its bounds and says which of them counts', () => {
    expect(decideScaling(situation({ wish: wish({ fixed: 40 }) }))).toMatchObject({
      desired: 10,
      why: 'Its buyer wants 40 machines. It may not have more than 10.',
    });
    expect(decideScaling(situation({ wish: wish({ fixed: 0 }) }))).toMatchObject({
      desired: 1,
      why: 'Its buyer wants 0 machines. It may not have fewer than 1.',
    });
  });
});

describe('a fleet with a schedule', () => {
  const office = { days: ['mon'], from: '08:00', to: '18:00', timeZone: 'UTC', min: 4, max: 6 } as const;
  it('has its window’s bounds inside of it, and its own outside', () => {
    const given = wish({ min: 0, target: null, windows: [office] });
    expect(decideScaling(situation({ wish: given })).desired).toBe(4);
    expect(decideScaling(situation({ wish: given, now: new Date('2026-01-05T18:00:00Z') })).desired).toBe(0);
  });

  it('wakes for a window that wants machines', () => {
    const asleep = {
      memory: remembered(0, { asleepSince: ago(3600) }),
      wish: wish({ min: 0, idleMinutes: 10, windows: [office] }),
    };
    expect(decideScaling(situation(asleep))).toMatchObject({ desired: 4, add: 4, memory: { asleepSince: null } });
  });

  it('is closed at night though its queue is long', () => {
    const closed = { ...office, min: 0, max: 0 };
    const given = { memory: remembered(2), members: times(2, () => reporting(100)), wish: wish({ windows: [closed] }) };
    expect(decideScaling(situation(given)).drain).toHaveLength(2);
  });

  it('never goes past its own maximum, whatever a window says', () => {
    const greedy = { ...office, min: 50, max: 90 };
    expect(decideScaling(situation({ wish: wish({ windows: [greedy] }) })).desired).toBe(10);
  });
});

describe('a fleet with a target', () => {
  it('grows at once to what the load needs', () => {
    const given = situation({ memory: remembered(2), members: [reporting(31), reporting(17)] });
    expect(decideScaling(given)).toMatchObject({
      desired: 5,
      add: 3,
      load: 48,
      why: 'queue_depth is 48 at 10 per machine: 5 machines.',
      memory: { scaledOutAt: NOON },
    });
  });

  it('counts a queue that all share once', () => {
    const target = { ...QUEUE, scope: 'fleet' } as const;
    const given = situation({ wish: wish({ target }), memory: remembered(3), members: times(3, () => reporting(42)) });
    expect(decideScaling(given)).toMatchObject({ desired: 5, load: 42 });
  });

  it('does not grow again within its cool-down, and counts machines on their way as there', () => {
    const given = { memory: remembered(5, { scaledOutAt: ago(30) }), members: [reporting(90), ...times(4, () => starting())] };
    expect(decideScaling(situation(given))).toMatchObject({ desired: 5, add: 0 });
    const after = { ...given, memory: remembered(5, { scaledOutAt: ago(60) }) };
    expect(decideScaling(situation(after))).toMatchObject({ desired: 9, add: 4 });
  });

  it('shrinks once fewer have been enough for the whole cool-down, with a margin', () => {
    const members = times(5, () => reporting(5));
    expect(decideScaling(situation({ memory: remembered(5), members }))).toMatchObject({
      desired: 3,
      drain: [expect.any(String), expect.any(String)],
      terminate: [],
      why: 'queue_depth is 25 at 10 per machine; for 300 s 3 machines would have been enough.',
    });
    // 5 × 7.4 = 37: four would do, but at more than 90 % each, and the next ripple would need a fifth.
    const rippling = times(5, () => reporting(7.4));
    expect(decideScaling(situation({ memory: remembered(5), members: rippling }))).toMatchObject({ desired: 5, drain: [] });
  });

  it('does not shrink for a lull between two waves', () => {
    const wave = (value: number): Member => {
      const { readings } = reporting(0);
      return member({ readings: readings.map(({ at }, index) => ({ at, value: index === readings.length - 6 ? value : 1 })) });
    };
    const given = situation({ memory: remembered(5), members: times(5, () => wave(9)) });
    expect(decideScaling(given)).toMatchObject({
      desired: 5,
      why: expect.stringContaining('5 machines were needed in the last 300 s'),
    });
  });

  it('does not shrink within the cool-down of any step', () => {
    const members = times(5, () => reporting(1));
    for (const step of [{ scaledOutAt: ago(299) }, { scaledInAt: ago(299) }]) {
      expect(decideScaling(situation({ memory: remembered(5, step), members }))).toMatchObject({ desired: 5, drain: [] });
    }
  });

  it('does not take silence for zero: nothing goes while a machine that is well does not report', () => {
    const gap = reporting(1);
    const broken = { ...gap, readings: gap.readings.filter(({ at }) => at < ago(240) || at > ago(90)) };
    for (const silent of [member(), member({ healthyAt: ago(20) }), broken]) {
      const given = situation({ memory: remembered(5), members: [...times(4, () => reporting(1)), silent] });
      expect(decideScaling(given)).toMatchObject({ desired: 5, drain: [], why: expect.stringContaining('missing is not zero') });
    }
    const mute = situation({ memory: remembered(3), members: times(3, () => member()) });
    expect(decideScaling(mute)).toMatchObject({ desired: 3, load: null, why: expect.stringContaining('which is not zero') });
  });

  it('takes a silent machine for a full one when it grows, and one that has only just come up for an empty one', () => {
    const heard = times(2, () => reporting(20));
    expect(decideScaling(situation({ memory: remembered(3), members: [...heard, member()] })).desired).toBe(5);
    expect(decideScaling(situation({ memory: remembered(3), members: [...heard, member({ healthyAt: ago(20) })] })).desired).toBe(
      4,
    );
  });
});

describe('a cost ceiling', () => {
  const dear = { pricePerHour: parseRate('0.3'), wish: wish({ hourlyCeiling: parseRate('1') }) };

  it('limits how many machines the load may call for, and says so', () => {
    expect(decideScaling(situation({ ...dear, memory: remembered(1), members: [reporting(80)] }))).toMatchObject({
      desired: 3,
      add: 2,
      why: 'queue_depth is 80 at 10 per machine: 8 machines. Its ceiling of 1 an hour pays for 3.',
    });
  });

  it('goes before the minimum, since it is a promise about money', () => {
    const given = { ...dear, wish: wish({ min: 5, hourlyCeiling: parseRate('1') }) };
    expect(decideScaling(situation(given))).toMatchObject({ desired: 3, add: 3 });
  });

  it('has no room for a successor while its predecessor drains', () => {
    const members = [...times(2, () => reporting(50)), member({ drainingAt: ago(5) })];
    expect(decideScaling(situation({ ...dear, memory: remembered(2), members }))).toMatchObject({ desired: 3, add: 0 });
  });

  it('changes nothing where nothing is known to cost anything', () => {
    const given = { wish: wish({ min: 5, hourlyCeiling: 0n }), pricePerHour: 0n };
    expect(decideScaling(situation(given))).toMatchObject({ desired: 5 });
  });
});
