/** A data volume's life as a table, and what must hold whatever EC2 shows. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SETTLE_SECONDS } from './fleet.ts';
import {
  decideVolume,
  FORCE_SECONDS,
  isVolumeOver,
  type SeenVolume,
  type VolumeAction,
  type VolumeSituation,
  type VolumeState,
} from './volume.ts';

const seen = (state: SeenVolume['state'], given: Partial<SeenVolume> = {}): SeenVolume => ({
  state,
  zone: 'us-east-1a',
  heldBy: null,
  attachment: null,
  ...given,
});
const on = (heldBy: string, attachment: SeenVolume['attachment'] = 'attached'): SeenVolume =>
  seen('in-use', { heldBy, attachment });
const machine = { ec2InstanceId: 'i-new', zone: 'us-east-1a', takesVolumes: true };
const situation = (state: VolumeState, given: Partial<VolumeSituation> = {}): VolumeSituation => ({
  state,
  wanted: 'attached',
  observed: 'missing',
  secondsSinceCall: null,
  zoneIsUp: true,
  machine,
  holder: 'none',
  lastSnapshot: 'none',
  ...given,
});
const follow = (state: VolumeState): VolumeAction => ({ do: 'follow', state });

describe('what to do for a data volume', () => {
  const table: Array<[string, VolumeSituation, VolumeAction | { do: VolumeAction['do'] }]> = [
    ['its machine has a zone', situation('planned'), { do: 'create' }],
    ['its machine has none yet', situation('planned', { machine: null }), { do: 'wait' }],
    ['the answer to its making was lost', situation('planned', { secondsSinceCall: 5 }), { do: 'create' }],
    ['it was made and nobody knew', situation('planned', { observed: seen('available') }), { do: 'attach' }],
    ['it is being made', situation('planned', { observed: seen('creating') }), follow('creating')],
    ['it is free and its machine runs', situation('available', { observed: seen('available') }), { do: 'attach' }],
    [
      'its machine starts',
      situation('available', { observed: seen('available'), machine: { ...machine, takesVolumes: false } }),
      follow('available'),
    ],
    [
      'its machine is in another zone',
      situation('available', { observed: seen('available'), machine: { ...machine, zone: 'us-east-1b' } }),
      follow('available'),
    ],
    [
      'it is being attached',
      situation('attaching', { observed: on('i-new', 'attaching'), holder: 'alive' }),
      follow('attaching'),
    ],
    ['it is where it is wanted', situation('attached', { observed: on('i-new'), holder: 'alive' }), follow('attached')],
    ['its machine is stopped', situation('attached', { observed: on('i-new'), holder: 'stopped' }), follow('attached')],
    ['a dead machine holds it', situation('attached', { observed: on('i-old'), holder: 'over' }), { do: 'detach', force: false }],
    [
      'an older machine of its launch still runs',
      situation('attached', { observed: on('i-old'), holder: 'alive' }),
      follow('attached'),
    ],
    ['an older machine is stopped', situation('attached', { observed: on('i-old'), holder: 'stopped' }), { do: 'detach' }],
    [
      'somebody attached it elsewhere',
      situation('attached', { observed: on('i-theirs'), holder: 'foreign' }),
      follow('attached'),
    ],
    ['it is being detached', situation('attached', { observed: on('i-old', 'detaching'), holder: 'over' }), follow('detaching')],
    [
      'a dead machine does not let go of it',
      situation('detaching', { observed: on('i-old', 'busy'), holder: 'over', secondsSinceCall: FORCE_SECONDS + 1 }),
      { do: 'detach', force: true },
    ],
    ['EC2 does not show it yet', situation('creating', { secondsSinceCall: 5 }), { do: 'wait' }],
    ['EC2 no longer knows it', situation('attached', { secondsSinceCall: SETTLE_SECONDS + 1 }), { do: 'end', state: 'lost' }],
    ['it broke', situation('attached', { observed: seen('error') }), { do: 'end', state: 'lost' }],
    ['its zone is down', situation('attached', { observed: seen('error'), zoneIsUp: false }), { do: 'wait' }],
    ['somebody deletes it', situation('available', { observed: seen('deleting') }), { do: 'end', state: 'lost' }],
    ['it shall go', situation('available', { wanted: 'deleted', observed: seen('available') }), { do: 'delete' }],
    [
      'it shall go with its machine',
      situation('attached', { wanted: 'deleted', observed: on('i-new'), holder: 'alive' }),
      follow('attached'),
    ],
    [
      'it shall go after its machine',
      situation('attached', { wanted: 'deleted', observed: on('i-new'), holder: 'over' }),
      { do: 'detach' },
    ],
    [
      'it shall go after a snapshot',
      situation('available', { wanted: 'deleted', observed: seen('available'), lastSnapshot: 'unfinished' }),
      follow('available'),
    ],
    [
      'the snapshot before could not be taken',
      situation('available', { wanted: 'deleted', observed: seen('available'), lastSnapshot: 'failed' }),
      { do: 'keep' },
    ],
    [
      'what its buyer shall have could not be taken',
      situation('available', { wanted: 'released', observed: seen('available'), lastSnapshot: 'failed' }),
      { do: 'keep' },
    ],
    [
      'it was handed over as a snapshot, and is gone',
      situation('available', { wanted: 'released', lastSnapshot: 'completed' }),
      { do: 'end', state: 'released', failure: null },
    ],
    ['it is gone as it shall be', situation('available', { wanted: 'deleted' }), { do: 'end', state: 'deleted', failure: null }],
    ['it is kept', situation('available', { wanted: 'kept', observed: seen('available') }), follow('available')],
    ['it is its buyer’s now', situation('available', { wanted: 'released', observed: seen('available') }), { do: 'release' }],
    ['it was never made and shall not be', situation('planned', { wanted: 'deleted' }), { do: 'end', state: 'deleted' }],
    ['it may have been made and shall not be', situation('planned', { wanted: 'kept', secondsSinceCall: 5 }), { do: 'wait' }],
    ['it is over', situation('lost', { observed: seen('available') }), { do: 'nothing' }],
  ];
  for (const [when, given, action] of table) {
    it(`is "${action.do}" when ${when}`, () => expect(decideVolume(given)).toMatchObject(action));
  }

  const anySituation: fc.Arbitrary<VolumeSituation> = fc.record({
    state: fc.constantFrom<VolumeState>(
      'planned',
      'creating',
      'available',
      'attaching',
      'attached',
      'detaching',
      'lost',
      'released',
      'deleted',
    ),
    wanted: fc.constantFrom('attached', 'kept', 'released', 'deleted'),
    observed: fc.oneof(
      fc.constant('missing' as const),
      fc.constantFrom<SeenVolume['state']>('creating', 'available', 'deleting', 'deleted', 'error').map((state) => seen(state)),
      fc
        .tuple(
          fc.constantFrom('i-new', 'i-old'),
          fc.constantFrom<SeenVolume['attachment']>('attaching', 'attached', 'detaching', 'busy'),
        )
        .map(([by, attachment]) => on(by, attachment)),
    ),
    secondsSinceCall: fc.option(fc.double({ min: 0, max: 1000, noNaN: true })),
    zoneIsUp: fc.boolean(),
    machine: fc.option(
      fc.record({
        ec2InstanceId: fc.constant('i-new'),
        zone: fc.constantFrom(null, 'us-east-1a', 'us-east-1b'),
        takesVolumes: fc.boolean(),
      }),
    ),
    holder: fc.constantFrom('alive', 'stopped', 'over', 'foreign'),
    lastSnapshot: fc.constantFrom('none', 'unfinished', 'completed', 'failed'),
  });

  it('never deletes what is wanted, held, or still to be snapshotted', () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        if (decideVolume(given).do !== 'delete') return;
        expect(given).toMatchObject({ wanted: 'deleted', observed: { state: 'available', heldBy: null } });
        expect(['none', 'completed']).toContain(given.lastSnapshot);
      }),
    );
  });

  it('never attaches what another machine holds, nor takes it from one that may be writing', () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        const action = decideVolume(given);
        if (action.do === 'attach')
          expect(given).toMatchObject({ wanted: 'attached', observed: { state: 'available', heldBy: null } });
        if (action.do === 'detach') expect(['over', 'stopped']).toContain(given.holder);
        if (action.do === 'create') expect(given).toMatchObject({ state: 'planned', observed: 'missing', wanted: 'attached' });
        if (!given.zoneIsUp) expect(['wait', 'nothing']).toContain(action.do);
        if (isVolumeOver(given.state)) expect(action).toEqual({ do: 'nothing' });
      }),
    );
  });
});
