/** Launch control as a table, and what must hold whatever EC2 shows and in whatever order it shows it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applianceUrl,
  decide,
  healthUrl,
  intervalChange,
  nextState,
  portOf,
  SETTLE_SECONDS,
  type Action,
  type InstanceState,
  type Interval,
  type Machine,
  type Situation,
} from './fleet.ts';

const NOON = new Date('2026-01-05T12:00:00Z');
const at = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);
const machine = (state: Machine['state'], given: Partial<Machine> = {}): Machine => ({
  state,
  launchTime: NOON,
  endedAt: null,
  address: state === 'running' ? '198.51.100.7' : null,
  reason: null,
  endedBy: null,
  ...given,
});
const situation = (state: InstanceState, given: Partial<Situation> = {}): Situation => ({
  desired: 'running',
  desiredAt: NOON,
  toldToStop: false,
  rebootDue: false,
  hasVolumes: true,
  instance: { state, address: '198.51.100.7' },
  observed: 'missing',
  subscriptionActive: true,
  standing: 'good',
  isSpot: false,
  image: 'ready',
  secondsSinceCall: null,
  ...given,
});

describe('what to do for a machine', () => {
  const gone = { do: 'end', state: 'terminated', failure: null } as const;
  const table: Array<[string, Situation, Action | { do: Action['do'] }]> = [
    ['it is planned and nothing is in the way', situation('planned'), { do: 'launch' }],
    ['the image is not ready', situation('planned', { image: 'preparing' }), { do: 'wait' }],
    ['the image was rejected', situation('planned', { image: 'rejected' }), { do: 'end' }],
    ['the buyer is past due', situation('planned', { standing: 'past_due' }), { do: 'end' }],
    ['the buyer is suspended', situation('planned', { standing: 'suspended' }), { do: 'end' }],
    ['it was taken back in time', situation('planned', { desired: 'terminated' }), gone],
    ['its subscription ended in time', situation('planned', { subscriptionActive: false }), gone],
    ['a call was lost and it is still wanted', situation('planned', { secondsSinceCall: 1 }), { do: 'launch' }],
    [
      'a call was lost and it is no longer wanted',
      situation('planned', { desired: 'terminated', secondsSinceCall: 1 }),
      { do: 'wait' },
    ],
    ['a lost call made nothing', situation('planned', { desired: 'terminated', secondsSinceCall: SETTLE_SECONDS + 1 }), gone],
    ['a lost call made a machine', situation('planned', { observed: machine('pending'), secondsSinceCall: 1 }), { do: 'follow' }],
    ['it starts', situation('pending', { observed: machine('pending') }), { do: 'follow' }],
    ['EC2 does not show it yet', situation('pending', { secondsSinceCall: 2 }), { do: 'wait' }],
    ['it runs and was not asked yet', situation('pending', { observed: machine('running') }), { do: 'ask' }],
    ['it did not answer yet', situation('running', { observed: machine('running') }), { do: 'ask' }],
    ['it is well', situation('healthy', { observed: machine('running') }), { do: 'follow' }],
    [
      'it came back at another address',
      situation('healthy', { observed: machine('running', { address: '198.51.100.8' }) }),
      { do: 'ask' },
    ],
    [
      'it is well and its buyer is past due',
      situation('healthy', { observed: machine('running'), standing: 'past_due' }),
      { do: 'follow' },
    ],
    [
      'it is well and its buyer is suspended',
      situation('healthy', { observed: machine('running'), standing: 'suspended' }),
      { do: 'stop' },
    ],
    [
      'it cannot be stopped and its buyer is suspended',
      situation('healthy', { observed: machine('running'), standing: 'suspended', isSpot: true }),
      { do: 'follow' },
    ],
    [
      'it is stopped and its buyer is suspended',
      situation('stopped', { observed: machine('stopped'), standing: 'ended', toldToStop: true }),
      { do: 'follow' },
    ],
    [
      'it was stopped by us for a buyer who has paid since',
      situation('stopped', { observed: machine('stopped', { endedBy: 'account', endedAt: at(5) }), toldToStop: true }),
      { do: 'start' },
    ],
    [
      'its buyer is done with it',
      situation('healthy', { observed: machine('running'), desired: 'terminated' }),
      { do: 'terminate' },
    ],
    [
      'its subscription ended',
      situation('healthy', { observed: machine('running'), subscriptionActive: false }),
      { do: 'terminate' },
    ],
    [
      'it is stopped and its buyer is done with it',
      situation('stopped', { observed: machine('stopped'), desired: 'terminated' }),
      { do: 'terminate' },
    ],
    [
      'it is on its way out',
      situation('terminating', { observed: machine('shutting-down'), desired: 'terminated' }),
      { do: 'follow' },
    ],
    ['it is out', situation('terminating', { observed: machine('terminated'), desired: 'terminated' }), gone],
    [
      'it died',
      situation('healthy', { observed: machine('terminated', { reason: 'Server.InternalError' }) }),
      { do: 'end', state: 'terminated', failure: 'The machine ended without being told to: Server.InternalError' },
    ],
    [
      'EC2 has forgotten it',
      situation('healthy', { secondsSinceCall: 86_400 }),
      { do: 'end', state: 'terminated', failure: 'The machine ended without being told to: EC2 no longer knows it.' },
    ],
    ['it runs without its data', situation('running', { observed: machine('running'), hasVolumes: false }), { do: 'follow' }],
    ['it shall be stopped', situation('healthy', { observed: machine('running'), desired: 'stopped' }), { do: 'stop' }],
    [
      'it shall be stopped and starts',
      situation('pending', { observed: machine('pending'), desired: 'stopped' }),
      { do: 'follow' },
    ],
    [
      'it is stopped as it shall be',
      situation('stopped', { observed: machine('stopped'), desired: 'stopped' }),
      { do: 'follow' },
    ],
    ['it shall not run before it is made', situation('planned', { desired: 'stopped' }), { do: 'wait' }],
    [
      'it was stopped by us and shall run',
      situation('stopped', { observed: machine('stopped', { endedBy: 'account', endedAt: at(5) }), toldToStop: true }),
      { do: 'start' },
    ],
    [
      'AWS stopped it',
      situation('stopped', { observed: machine('stopped', { endedBy: 'aws', endedAt: at(5) }) }),
      { do: 'start' },
    ],
    [
      'somebody stopped it at EC2',
      situation('stopped', { observed: machine('stopped', { endedBy: 'account', endedAt: at(5) }) }),
      { do: 'follow' },
    ],
    [
      'somebody stopped it at EC2 and then it was asked for',
      situation('stopped', { observed: machine('stopped', { endedBy: 'account', endedAt: at(5) }), desiredAt: at(6) }),
      { do: 'start' },
    ],
    ['it still stops', situation('stopping', { observed: machine('stopping') }), { do: 'follow' }],
    ['a reboot was asked for', situation('healthy', { observed: machine('running'), rebootDue: true }), { do: 'reboot' }],
    [
      'a reboot was asked for too early',
      situation('pending', { observed: machine('pending'), rebootDue: true }),
      { do: 'follow' },
    ],
    ['it is over', situation('terminated', { observed: machine('running') }), { do: 'nothing' }],
    ['it failed', situation('failed'), { do: 'nothing' }],
  ];

  for (const [when, given, action] of table) {
    it(`is "${action.do}" when ${when}`, () => expect(decide(given)).toMatchObject(action));
  }

  const anySituation: fc.Arbitrary<Situation> = fc.record({
    desired: fc.constantFrom('running', 'stopped', 'terminated'),
    desiredAt: fc.constant(NOON),
    toldToStop: fc.boolean(),
    rebootDue: fc.boolean(),
    hasVolumes: fc.boolean(),
    instance: fc.record({
      state: fc.constantFrom<InstanceState>(
        'planned',
        'pending',
        'running',
        'healthy',
        'stopping',
        'stopped',
        'terminating',
        'terminated',
        'failed',
      ),
      address: fc.constantFrom(null, '198.51.100.7'),
    }),
    observed: fc.oneof(
      fc.constant('missing' as const),
      fc
        .constantFrom<Machine['state']>('pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated')
        .map((state) => machine(state)),
    ),
    subscriptionActive: fc.boolean(),
    standing: fc.constantFrom('good', 'past_due', 'suspended', 'ended'),
    isSpot: fc.boolean(),
    image: fc.constantFrom('preparing', 'ready', 'rejected'),
    secondsSinceCall: fc.option(fc.double({ min: 0, max: 1000, noNaN: true })),
  });

  it('never makes a machine that exists, is not wanted or may not be', () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        if (decide(given).do !== 'launch') return;
        expect(given).toMatchObject({
          desired: 'running',
          subscriptionActive: true,
          standing: 'good',
          image: 'ready',
          observed: 'missing',
        });
        expect(given.instance.state).toBe('planned');
      }),
    );
  });

  it('never turns away from a machine that may be running', () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        if (decide(given).do !== 'end') return;
        const mayCome = given.secondsSinceCall !== null && given.secondsSinceCall <= SETTLE_SECONDS;
        expect(given.observed === 'missing' ? !mayCome : given.observed.state === 'terminated').toBe(true);
      }),
    );
  });

  it('starts, reboots and asks only what shall run', () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        if (['start', 'reboot', 'ask', 'launch'].includes(decide(given).do)) expect(given.desired).toBe('running');
      }),
    );
  });

  it('always ends a living machine that is not wanted', () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        const living =
          given.observed !== 'missing' && ['pending', 'running', 'stopping', 'stopped'].includes(given.observed.state);
        const over = given.instance.state === 'terminated' || given.instance.state === 'failed';
        if (over || !living || (given.desired !== 'terminated' && given.subscriptionActive)) return;
        expect(decide(given)).toEqual({ do: 'terminate' });
      }),
    );
  });
});

describe('when a machine ran', () => {
  const fresh = { last: null, launchedAt: null, seenAt: null, createdAt: at(-1), drainingAt: null, restartedAt: null };
  const open: Interval = { startedAt: NOON, endedAt: null };

  it('begins at EC2’s launch time once it is seen running, and not before', () => {
    expect(intervalChange(fresh, machine('pending'), at(1))).toEqual({ close: null, open: null });
    expect(intervalChange({ ...fresh, launchedAt: NOON }, machine('running'), at(2))).toEqual({ close: null, open: NOON });
  });

  it('ends at EC2’s own time, or when it is seen to have ended', () => {
    const history = { last: open, launchedAt: NOON, seenAt: at(30), createdAt: at(-1), drainingAt: null, restartedAt: null };
    expect(intervalChange(history, machine('shutting-down', { endedAt: at(42) }), at(60)).close).toEqual(at(42));
    expect(intervalChange(history, machine('stopped'), at(60)).close).toEqual(at(60));
    expect(intervalChange(history, 'missing', at(60)).close).toEqual(at(30));
  });

  it('is split where the machine was restarted unseen, and nothing between is billed', () => {
    const history = { last: open, launchedAt: NOON, seenAt: at(30), createdAt: at(-1), drainingAt: null, restartedAt: null };
    expect(intervalChange(history, machine('running', { launchTime: at(50) }), at(60))).toEqual({ close: at(30), open: at(50) });
  });

  it('is not reopened by an answer of EC2’s that came late', () => {
    const history = {
      last: { startedAt: NOON, endedAt: at(40) },
      launchedAt: NOON,
      seenAt: at(41),
      createdAt: at(-1),
      drainingAt: null,
      restartedAt: null,
    };
    expect(intervalChange(history, machine('running'), at(42))).toEqual({ close: null, open: null });
  });

  it('begins again when EC2 says that it starts the machine, also where its LaunchTime stays the old one', () => {
    const last = { startedAt: NOON, endedAt: at(40) };
    const history = { last, launchedAt: NOON, seenAt: at(41), createdAt: at(-1), drainingAt: null, restartedAt: at(50) };
    expect(intervalChange(history, machine('running'), at(51))).toEqual({ close: null, open: at(50) });
    // EC2 itself is still pending then, and says itself when it began.
    expect(intervalChange(history, machine('pending', { launchTime: at(50) }), at(51))).toEqual({ close: null, open: null });
    expect(intervalChange(history, machine('stopped'), at(51))).toEqual({ close: null, open: null });
  });

  it('ends where the machine began to drain, or earlier where it ended before, and no other begins', () => {
    const history = { last: open, launchedAt: NOON, seenAt: at(30), createdAt: at(-1), drainingAt: at(31), restartedAt: null };
    expect(intervalChange(history, machine('running'), at(40))).toEqual({ close: at(31), open: null });
    expect(intervalChange(history, machine('terminated', { endedAt: at(45) }), at(60)).close).toEqual(at(31));
    expect(intervalChange(history, machine('terminated', { endedAt: at(20) }), at(60)).close).toEqual(at(20));
    expect(intervalChange(history, 'missing', at(60)).close).toEqual(at(30));
    const ended = { ...history, last: { startedAt: NOON, endedAt: at(31) } };
    expect(intervalChange(ended, machine('running', { launchTime: at(35) }), at(40))).toEqual({ close: null, open: null });
    expect(intervalChange({ ...fresh, drainingAt: at(-1) }, machine('running'), at(1))).toEqual({ close: null, open: null });
  });

  it('never lies in the future and never overlaps, whatever EC2’s clock says', () => {
    const minute = fc.integer({ min: -500, max: 500 });
    const observation = fc.record({
      state: fc.constantFrom<Machine['state']>('pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'),
      launch: minute,
      ended: fc.option(minute),
      missing: fc.boolean(),
      later: fc.integer({ min: 0, max: 60 }),
      restarted: fc.option(minute),
    });
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 20 }), fc.option(minute.map(at)), (observations, drainingAt) => {
        const intervals: Interval[] = [];
        let launchedAt: Date | null = null;
        let now = 0;
        let seenAt: Date | null = null;
        for (const { state, launch, ended, missing, later, restarted } of observations) {
          now += later;
          const seen = missing
            ? 'missing'
            : machine(state, { launchTime: at(launch), endedAt: ended === null ? null : at(ended) });
          const last = intervals.at(-1) ?? null;
          const restartedAt = restarted === null ? null : at(restarted);
          const change = intervalChange({ last, launchedAt, seenAt, createdAt: at(0), drainingAt, restartedAt }, seen, at(now));
          if (change.close && last) last.endedAt = change.close;
          if (change.open) intervals.push({ startedAt: change.open, endedAt: null });
          if (seen !== 'missing' && (change.open || !launchedAt)) launchedAt = seen.launchTime;
          if (seen !== 'missing') seenAt = at(now);
        }
        for (const [index, { startedAt, endedAt }] of intervals.entries()) {
          expect(startedAt >= at(0) && startedAt <= at(now)).toBe(true);
          if (endedAt) expect(endedAt >= startedAt && endedAt <= at(now)).toBe(true);
          const next = intervals[index + 1];
          if (next) expect(endedAt !== null && endedAt <= next.startedAt).toBe(true);
        }
      }),
    );
  });
});

describe('where an appliance answers', () => {
  it('is the template with the address in it, and only at the machine itself', () => {
    expect(applianceUrl('http://{address}:8080/app/', '198.51.100.7')).toBe('http://198.51.100.7:8080/app/');
    expect(applianceUrl('https://{address}', '198.51.100.7')).toBe('https://198.51.100.7');
    for (const template of [
      'http://169.254.169.254/{address}',
      'http://{address}.example.com/',
      'http://{address}@example.com/',
      'file://{address}/',
    ]) {
      expect(applianceUrl(template, '198.51.100.7')).toBeNull();
    }
  });

  it('has its health check under it', () => {
    expect(healthUrl('http://198.51.100.7:8080/app/', '/health')).toBe('http://198.51.100.7:8080/app/health');
    expect(healthUrl('http://198.51.100.7', 'health')).toBe('http://198.51.100.7/health');
  });

  it('is behind the port that has to be open', () => {
    expect(
      ['http://{address}:8080/', 'http://{address}/', 'https://{address}/a:1', 'https://{address}:8443'].map(portOf),
    ).toEqual([8080, 80, 443, 8443]);
  });
});

it('stays healthy while it runs where it was found well', () => {
  expect(nextState({ state: 'healthy', address: '198.51.100.7' }, machine('running'))).toBe('healthy');
  expect(nextState({ state: 'healthy', address: '198.51.100.6' }, machine('running'))).toBe('running');
  expect(nextState({ state: 'healthy', address: '198.51.100.7' }, machine('terminated'))).toBe('terminating');
});
