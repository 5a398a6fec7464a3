import { describe, expect, it } from 'vitest';
import { SETTLE_SECONDS } from './fleet.ts';
import { decideSnapshot, type SnapshotAction, type SnapshotSituation } from './snapshot.ts';

const situation = (given: Partial<SnapshotSituation>): SnapshotSituation => ({
  state: 'planned',
  isLast: false,
  volume: 'attached',
  observed: 'missing',
  secondsSinceCall: null,
  ...given,
});

describe('what to do for a snapshot', () => {
  const table: Array<[string, SnapshotSituation, SnapshotAction['do']]> = [
    ['its volume is in use', situation({}), 'take'],
    ['its volume is being made', situation({ volume: 'creating' }), 'wait'],
    ['it is the last and a machine still writes', situation({ isLast: true }), 'wait'],
    ['it is the last and nothing writes', situation({ isLast: true, volume: 'available' }), 'take'],
    ['its volume is gone', situation({ volume: 'lost' }), 'fail'],
    ['a call was not answered a moment ago', situation({ secondsSinceCall: 5 }), 'wait'],
    ['a call that was not answered made nothing', situation({ secondsSinceCall: SETTLE_SECONDS + 1 }), 'take'],
    ['a call that was not answered made it', situation({ observed: { state: 'pending' }, secondsSinceCall: 5 }), 'follow'],
    ['it is under way', situation({ state: 'pending', observed: { state: 'pending' } }), 'follow'],
    ['EC2 has forgotten it', situation({ state: 'pending' }), 'fail'],
  ];
  for (const [when, given, action] of table) {
    it(`is "${action}" when ${when}`, () => expect(decideSnapshot(given).do).toBe(action));
  }
});
