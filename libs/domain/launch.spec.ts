/** What becomes of a launch whose machines come and go. */
import { describe, expect, it } from 'vitest';
import { decideLaunch, MOST_LOSSES, type LaunchAction, type LaunchSituation } from './launch.ts';

const NOON = new Date('2026-01-05T12:00:00Z');
const at = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);
type Current = NonNullable<LaunchSituation['current']>;
const machine = (state: Current['state'], given: Partial<Current> = {}): Current => ({
  state,
  desired: 'running',
  lostAt: null,
  endedAt: null,
  ...given,
});
const lost = machine('terminated', { lostAt: NOON, endedAt: NOON });
const situation = (given: Partial<LaunchSituation>): LaunchSituation => ({
  desired: 'running',
  desiredAt: at(-60),
  subscriptionActive: true,
  current: null,
  losses: [],
  ...given,
});

describe('what to do for a launch', () => {
  const table: Array<[string, LaunchSituation, LaunchAction]> = [
    ['nobody picked it up yet', situation({}), { do: 'plan' }],
    ['it was taken back before anybody did', situation({ desired: 'terminated' }), { do: 'plan' }],
    ['its machine runs', situation({ current: machine('healthy') }), { do: 'nothing' }],
    ['it shall stop', situation({ current: machine('healthy'), desired: 'stopped' }), { do: 'tell' }],
    ['its subscription ended', situation({ current: machine('healthy'), subscriptionActive: false }), { do: 'tell' }],
    ['its machine was lost', situation({ current: lost, losses: [NOON] }), { do: 'replace' }],
    ['its machine was lost and nobody wants one', situation({ current: lost, desired: 'terminated' }), { do: 'nothing' }],
    ['its machine was lost and shall not run', situation({ current: lost, desired: 'stopped' }), { do: 'nothing' }],
    ['its machine was ended on purpose', situation({ current: machine('terminated', { endedAt: NOON }) }), { do: 'nothing' }],
    ['its machine failed', situation({ current: machine('failed', { endedAt: NOON }) }), { do: 'nothing' }],
    [
      'its machine failed and it was asked for again',
      situation({ current: machine('failed', { endedAt: NOON }), desiredAt: at(1) }),
      { do: 'replace' },
    ],
  ];
  for (const [when, given, action] of table) {
    it(`is "${action.do}" when ${when}`, () => expect(decideLaunch(given, at(2))).toEqual(action));
  }

  it('replaces some lost machines at once, and the next an hour after the first, unless its buyer says so again', () => {
    const losses = Array.from({ length: MOST_LOSSES + 1 }, (_, index) => at(-index * 5));
    const unlucky = situation({ current: lost, losses });
    const until = at(-MOST_LOSSES * 5 + 60);
    expect(decideLaunch(situation({ current: lost, losses: losses.slice(0, MOST_LOSSES) }), at(1))).toEqual({ do: 'replace' });
    expect(decideLaunch(unlucky, at(1))).toEqual({ do: 'wait', until });
    expect(decideLaunch(unlucky, until)).toEqual({ do: 'replace' });
    expect(decideLaunch({ ...unlucky, desiredAt: at(1) }, at(1))).toEqual({ do: 'replace' });
  });
});
