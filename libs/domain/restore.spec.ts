import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRestore, type RestoreAction, type RestoreSituation } from './restore.ts';
import { isVolumeOver, type VolumeState } from './volume.ts';

const situation = (given: Partial<RestoreSituation>): RestoreSituation => ({
  wish: 'running',
  made: 'attached',
  old: 'available',
  isHealthy: false,
  secondsSinceAsked: 60,
  patienceSeconds: 900,
  ...given,
});

describe('a volume that is put back from a snapshot', () => {
  const table: Array<[string, RestoreSituation, RestoreAction['do']]> = [
    ['its volume is being made', situation({ made: 'creating' }), 'wait'],
    ['its machine comes up', situation({}), 'wait'],
    ['its machine is well', situation({ isHealthy: true }), 'finish'],
    ['its machine is well, late', situation({ isHealthy: true, secondsSinceAsked: 5000 }), 'finish'],
    ['its machine is not well in time', situation({ secondsSinceAsked: 900 }), 'undo'],
    ['its buyer has stopped the machine', situation({ secondsSinceAsked: 5000, wish: 'stopped' }), 'wait'],
    ['its new volume is lost', situation({ made: 'lost' }), 'undo'],
    ['both volumes are lost', situation({ made: 'lost', old: 'lost' }), 'give-up'],
    ['its launch has ended', situation({ wish: 'terminated' }), 'give-up'],
  ];
  for (const [when, given, action] of table) {
    it(`is "${action}" when ${when}`, () => expect(decideRestore(given).do).toBe(action));
  }

  it('never goes back to a volume that is over, and is never done before its machine is well with the new one', () => {
    const states = fc.constantFrom<VolumeState>(
      'planned',
      'creating',
      'available',
      'attaching',
      'attached',
      'lost',
      'released',
      'deleted',
    );
    const any: fc.Arbitrary<RestoreSituation> = fc.record({
      wish: fc.constantFrom('running', 'stopped', 'terminated'),
      made: states,
      old: states,
      isHealthy: fc.boolean(),
      secondsSinceAsked: fc.nat(3000),
      patienceSeconds: fc.integer({ min: 60, max: 2000 }),
    });
    fc.assert(
      fc.property(any, (given) => {
        const action = decideRestore(given).do;
        if (action === 'undo') expect(isVolumeOver(given.old)).toBe(false);
        if (action === 'finish') expect(given).toMatchObject({ made: 'attached', isHealthy: true });
      }),
    );
  });
});
