/** The upgrade of a launch as a table, and what must hold whatever happens. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceState } from './fleet.ts';
import { decideUpgrade, volumesProblem, type UpgradeAction, type UpgradeSituation, type UpgradeState } from './upgrade.ts';

type Given = Partial<Omit<UpgradeSituation, 'machine'>> & { machine?: Partial<UpgradeSituation['machine']> };
const situation = ({ machine, ...given }: Given): UpgradeSituation => ({
  state: 'replacing',
  wish: 'running',
  snapshots: 'completed',
  machine: { version: 'new', state: 'running', hasRun: true, ...machine },
  secondsInState: 60,
  patienceSeconds: 900,
  ...given,
});

describe('an upgrade', () => {
  const table: Array<[string, UpgradeSituation, Partial<UpgradeAction>]> = [
    ['the data is being snapshotted', situation({ state: 'preparing', snapshots: 'unfinished' }), { do: 'wait' }],
    ['that takes long', situation({ state: 'preparing', snapshots: 'unfinished', secondsInState: 9000 }), { do: 'wait' }],
    ['the data is safe', situation({ state: 'preparing' }), { do: 'launch' }],
    [
      'the data could not be snapshotted',
      situation({ state: 'preparing', snapshots: 'failed' }),
      { do: 'roll-back', restoreData: false },
    ],
    ['the new version comes up', situation({}), { do: 'wait' }],
    ['the new version is well', situation({ machine: { state: 'healthy' } }), { do: 'finish' }],
    ['the new version is well, late', situation({ machine: { state: 'healthy' }, secondsInState: 5000 }), { do: 'finish' }],
    ['the new version is not well in time', situation({ secondsInState: 900 }), { do: 'roll-back', restoreData: true }],
    [
      'the new version is never launched',
      situation({ secondsInState: 900, machine: { state: 'planned', hasRun: false } }),
      { do: 'roll-back', restoreData: false },
    ],
    [
      'EC2 refuses the machine',
      situation({ machine: { state: 'failed', hasRun: false } }),
      { do: 'roll-back', restoreData: false },
    ],
    ['its buyer has stopped the machine', situation({ secondsInState: 5000, wish: 'stopped' }), { do: 'wait' }],
    ['its launch has ended', situation({ wish: 'terminated' }), { do: 'give-up' }],
    ['the old version comes up again', situation({ state: 'rolling-back', machine: { version: 'old' } }), { do: 'wait' }],
    [
      'the old version is well again',
      situation({ state: 'rolling-back', machine: { version: 'old', state: 'healthy' } }),
      { do: 'rolled-back' },
    ],
    [
      'the old version is not well either',
      situation({ state: 'rolling-back', machine: { version: 'old' }, secondsInState: 900 }),
      { do: 'give-up' },
    ],
    ['it is over', situation({ state: 'done', secondsInState: 9000 }), { do: 'wait' }],
  ];
  for (const [when, given, action] of table) {
    it(`is "${action.do}" when ${when}`, () => expect(decideUpgrade(given)).toMatchObject(action));
  }

  const any: fc.Arbitrary<UpgradeSituation> = fc.record({
    state: fc.constantFrom<UpgradeState>('preparing', 'replacing', 'rolling-back', 'done', 'rolled-back', 'failed'),
    wish: fc.constantFrom('running', 'stopped', 'terminated'),
    snapshots: fc.constantFrom('unfinished', 'completed', 'failed'),
    machine: fc.record({
      version: fc.constantFrom('old', 'new'),
      state: fc.constantFrom<InstanceState>('planned', 'pending', 'running', 'healthy', 'stopped', 'terminated', 'failed'),
      hasRun: fc.boolean(),
    }),
    secondsInState: fc.nat(3000),
    patienceSeconds: fc.integer({ min: 60, max: 2000 }),
  });

  it('launches nothing before the data is safe, restores none that nothing has written to, and ends well only when it is', () => {
    fc.assert(
      fc.property(any, (given) => {
        const action = decideUpgrade(given);
        if (action.do === 'launch') expect(given).toMatchObject({ state: 'preparing', snapshots: 'completed' });
        if (action.do === 'finish')
          expect(given).toMatchObject({ state: 'replacing', machine: { version: 'new', state: 'healthy' } });
        if (action.do === 'rolled-back') expect(given.machine).toMatchObject({ version: 'old', state: 'healthy' });
        if (action.do === 'roll-back' && action.restoreData)
          expect(given).toMatchObject({ state: 'replacing', machine: { hasRun: true } });
        if (action.do === 'roll-back') expect(given.state).not.toBe('rolling-back');
      }),
    );
  });

  it('leads from every state to an end, whatever the machines do, once patience is over', () => {
    fc.assert(
      fc.property(any, (given) => {
        const late = { ...given, wish: 'running' as const, secondsInState: given.patienceSeconds };
        if (late.state === 'replacing' || late.state === 'rolling-back') expect(decideUpgrade(late).do).not.toBe('wait');
      }),
    );
  });
});

describe('the volumes of a version', () => {
  const data = { name: 'data', device: '/dev/sdf' };
  it('may become more, and stay where they are', () => {
    expect(volumesProblem([data], [data, { name: 'log', device: '/dev/sdg' }])).toBeNull();
    expect(volumesProblem([], [data])).toBeNull();
    expect(volumesProblem([data], [])).toContain('no data volume "data"');
    expect(volumesProblem([data], [{ name: 'data', device: '/dev/sdg' }])).toContain('at /dev/sdg');
  });
});
