/** When a fleet has no machine at all, and when it has one again. */
import { describe, expect, it } from 'vitest';
import { idleSince } from './fleet-load.ts';
import type { FleetWish } from './fleet-size.ts';
import { decideScaling } from './scaling.ts';
import { ago, member, NOON, remembered, reporting, situation, starting, times, wish } from './testing/fleets.ts';

describe('a fleet that may sleep', () => {
  const sleepy = (given: Partial<FleetWish> = {}): FleetWish => wish({ min: 0, idleMinutes: 10, ...given });

  it('goes to sleep when all its machines have been idle for the whole time', () => {
    const given = situation({ wish: sleepy(), memory: remembered(2), members: times(2, () => reporting(0)) });
    expect(decideScaling(given)).toMatchObject({
      desired: 0,
      memory: { asleepSince: NOON },
      why: expect.stringContaining('idle for 10 min'),
    });
    expect(decideScaling(given).drain).toHaveLength(2);
  });

  it('stays awake while one of them works, is silent, is only just idle, or is still coming', () => {
    const working = reporting(0.01);
    for (const other of [working, member(), member({ idleSince: ago(900) }), reporting(0, { idleSince: ago(599) }), starting()]) {
      const given = situation({ wish: sleepy(), memory: remembered(2, { scaledInAt: ago(10) }), members: [reporting(0), other] });
      expect(decideScaling(given)).toMatchObject({ desired: 2, memory: { asleepSince: null } });
    }
  });

  it('is idle at what its buyer calls idle', () => {
    const target = { metric: 'cpu', perMachine: 50, scope: 'machine', idleAt: 3 } as const;
    const given = { wish: sleepy({ target }), memory: remembered(1), members: [reporting(2.5, { idleSince: ago(600) })] };
    expect(decideScaling(situation(given))).toMatchObject({ desired: 0 });
  });

  it('does not sleep when it was woken or changed a moment ago', () => {
    for (const touched of [{ wakeRequestedAt: ago(599) }, { changedAt: ago(599) }]) {
      const given = situation({ wish: sleepy(touched), memory: remembered(1), members: [reporting(0)] });
      expect(decideScaling(given)).toMatchObject({ desired: 1 });
    }
  });

  it('sleeps until it is woken, and hears each wake once, also one that came in the moment it fell asleep', () => {
    const asleep = remembered(0, { asleepSince: NOON, wakeSeenAt: ago(900) });
    expect(decideScaling(situation({ wish: sleepy({ wakeRequestedAt: ago(900) }), memory: asleep }))).toMatchObject({
      desired: 0,
      add: 0,
      memory: { asleepSince: NOON },
    });
    const woken = decideScaling(situation({ wish: sleepy({ wakeRequestedAt: ago(1) }), memory: asleep }));
    expect(woken).toMatchObject({ desired: 1, add: 1, memory: { asleepSince: null, wakeSeenAt: ago(1) } });
    expect(decideScaling(situation({ wish: sleepy({ wakeRequestedAt: ago(1) }), memory: woken.memory })).desired).toBe(1);
  });

  it('with a minimum never sleeps', () => {
    const given = situation({ wish: sleepy({ min: 1 }), memory: remembered(1), members: [reporting(0)] });
    expect(decideScaling(given)).toMatchObject({ desired: 1, drain: [] });
  });

  it('is idle from its first idle reading on, as long as it goes on reporting', () => {
    const reading = { at: NOON, value: 0 };
    expect(idleSince(null, reading, 0)).toEqual(NOON);
    expect(idleSince({ at: ago(30), idleSince: ago(300) }, reading, 0)).toEqual(ago(300));
    expect(idleSince({ at: ago(121), idleSince: ago(300) }, reading, 0)).toEqual(NOON);
    expect(idleSince({ at: ago(30), idleSince: ago(300) }, { at: NOON, value: 1 }, 0)).toBeNull();
  });
});
