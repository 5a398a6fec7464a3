import { array, assert, boolean, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { drift, nextShare, type ShareState } from './image-share.ts';

const STATES: Array<ShareState | null> = [null, 'sharing', 'shared', 'unsharing', 'unshared', 'refused'];

it('shares with who should have it, and takes back from who no longer should', () => {
  expect(STATES.map((state) => nextShare(state, true))).toEqual(['sharing', null, null, 'sharing', 'sharing', null]);
  expect(STATES.map((state) => nextShare(state, false))).toEqual([null, 'unsharing', 'unsharing', null, null, 'unshared']);
});

it('ends where it is wanted, however often the wish changes on the way', () => {
  const done: Partial<Record<ShareState, ShareState>> = { sharing: 'shared', unsharing: 'unshared' };
  assert(
    property(array(record({ isWanted: boolean(), answered: boolean() })), boolean(), (wishes, last) => {
      let state: ShareState | null = null;
      for (const { isWanted, answered } of [...wishes, { isWanted: last, answered: true }]) {
        state = nextShare(state, isWanted) ?? state;
        if (answered && state) state = done[state] ?? state;
      }
      expect(state === 'shared').toBe(last);
    }),
  );
});

it('finds what others took away and what others gave', () => {
  expect(drift(['1', '3', 'all'], ['1', '2'], ['3'])).toEqual({ lost: ['2'], strange: ['all'] });
});
