/** Fleets that are upgraded machine by machine: whatever becomes of machines meanwhile, it comes to an end. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFinal, type InstanceState } from './fleet.ts';
import { decideFleetUpgrade, sparesOf, type FleetUpgradeState, type UpgradeMember } from './fleet-upgrade.ts';

const STEP_AT = new Date('2026-01-05T09:00:00Z');
const PATIENCE = 600;
const at = (seconds: number): Date => new Date(STEP_AT.getTime() + seconds * 1000);
const member = (id: string, given: Partial<UpgradeMember> = {}): UpgradeMember => ({
  id,
  version: 'old',
  state: 'healthy',
  isWanted: true,
  createdAt: at(-60),
  clearSince: given.createdAt ?? at(-60),
  healthyAt: at(-30),
  drainingAt: null,
  replaces: null,
  failure: null,
  ...given,
});
const decide = (members: UpgradeMember[], given: Partial<Parameters<typeof decideFleetUpgrade>[0]> = {}) =>
  decideFleetUpgrade({
    state: 'replacing',
    isEnded: false,
    members,
    hasRoom: true,
    stepAt: STEP_AT,
    patienceSeconds: PATIENCE,
    now: at(1),
    ...given,
  });
const TRIED = { version: 'new', state: 'running', healthyAt: null, createdAt: at(0), replaces: 'a' } as const;

describe('the upgrade of a fleet', () => {
  it('begins with the oldest, whose successor comes first where there is room, and otherwise after it', () => {
    const fleet = [member('b', { createdAt: at(-90) }), member('a', { createdAt: at(-100) })];
    expect(decide(fleet)).toEqual({ do: 'replace', id: 'a', first: 'comes' });
    expect(decide(fleet, { hasRoom: false })).toEqual({ do: 'replace', id: 'a', first: 'goes' });
  });

  it('waits for a successor to be well, retires the old one then, and waits until that has gone', () => {
    const b = member('b');
    expect(decide([member('a'), b, member('a2', TRIED)])).toEqual({ do: 'wait' });
    const well = member('a2', { ...TRIED, state: 'healthy', healthyAt: at(1) });
    expect(decide([member('a'), b, well])).toEqual({ do: 'retire', id: 'a' });
    expect(decide([member('a', { drainingAt: at(1) }), b, well])).toEqual({ do: 'wait' });
    expect(decide([b, well])).toEqual({ do: 'replace', id: 'b', first: 'comes' });
    expect(decide([well])).toEqual({ do: 'finish' });
  });

  it('goes back after the first that is not well in time, and after one that ended by itself', () => {
    const failure = 'The new version was not healthy within 600 seconds.';
    expect(decide([member('a'), member('a2', TRIED)], { now: at(600) })).toEqual({ do: 'roll-back', failure, end: ['a2'] });
    const lost = member('a2', { ...TRIED, state: 'terminated', failure: 'EC2 ended it.' });
    expect(decide([member('a'), lost])).toMatchObject({
      do: 'roll-back',
      failure: expect.stringContaining('EC2 ended it.'),
      end: [],
    });
    const back = { state: 'rolling-back', stepAt: at(600), now: at(601) } as const;
    expect(decide([member('a'), lost], back)).toEqual({ do: 'rolled-back' });
    const upgraded = member('b2', { version: 'new', createdAt: at(0), replaces: 'b' });
    expect(decide([member('a'), upgraded], back)).toEqual({ do: 'replace', id: 'b2', first: 'comes' });
    const again = member('b3', { state: 'failed', healthyAt: null, createdAt: at(601), replaces: 'b2', failure: 'No room.' });
    expect(decide([member('a'), upgraded, again], back)).toMatchObject({ do: 'give-up' });
  });

  it('counts the time of a successor from when its predecessor was gone, where that had to go first', () => {
    const waiting = member('a2', { ...TRIED, state: 'planned', clearSince: null });
    expect(decide([member('a', { drainingAt: at(0) }), waiting], { now: at(900) })).toEqual({ do: 'wait' });
    expect(decide([{ ...waiting, clearSince: at(900) }], { now: at(1_499) })).toEqual({ do: 'wait' });
    expect(decide([{ ...waiting, clearSince: at(900) }], { now: at(1_500) })).toMatchObject({ do: 'roll-back' });
  });

  it('is over with its fleet', () => {
    expect(decide([member('a')], { isEnded: true })).toMatchObject({ do: 'give-up' });
  });

  it('comes to an end with machines of one version, never without more than one machine of its size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.boolean(),
        fc.array(fc.constantFrom('healthy', 'healthy', 'healthy', 'late', 'lost'), { minLength: 20, maxLength: 20 }),
        (size, hasRoom, fates) => {
          const members = Array.from({ length: size }, (_, index) => member(`m${index}`));
          let [state, stepAt, now, made]: [FleetUpgradeState, Date, Date, number] = ['replacing', STEP_AT, at(1), 0];
          for (let step = 0; step < 200 && (state === 'replacing' || state === 'rolling-back'); step += 1) {
            now = new Date(now.getTime() + 1_000);
            const action = decideFleetUpgrade({
              state,
              isEnded: false,
              members,
              hasRoom,
              stepAt,
              patienceSeconds: PATIENCE,
              now,
            });
            const old = 'id' in action ? members.find(({ id }) => id === action.id)! : undefined;
            const leave = (): unknown =>
              Object.assign(old!, { state: 'terminated' satisfies InstanceState, isWanted: false, drainingAt: now });
            if (action.do === 'replace') {
              const version = old!.version === 'old' ? 'new' : 'old';
              members.push(
                member(`n${members.length}`, { version, replaces: old!.id, state: 'planned', healthyAt: null, createdAt: now }),
              );
              if (action.first === 'goes') leave();
            } else if (action.do === 'retire') leave();
            else if (action.do === 'wait') {
              const tried = members.find((one) => one.state === 'planned')!;
              // Only the new version fails here.
              const fate = tried.version === 'old' ? 'healthy' : fates[made++ % fates.length];
              if (fate === 'healthy') Object.assign(tried, { state: 'healthy', healthyAt: now });
              else if (fate === 'lost') Object.assign(tried, { state: 'terminated', failure: 'gone' });
              else now = new Date(now.getTime() + PATIENCE * 1000);
            } else if (action.do === 'roll-back') {
              for (const id of action.end)
                Object.assign(
                  members.find((one) => one.id === id)!,
                  { state: 'terminated', isWanted: false },
                );
              [state, stepAt] = ['rolling-back', now];
            } else state = action.do === 'finish' ? 'done' : 'rolled-back';
            const spares = sparesOf(members);
            const alive = members.filter((one) => !isFinal(one.state) && !spares.has(one.id)).length;
            expect(spares.size).toBeLessThanOrEqual(1);
            expect(alive).toBeLessThanOrEqual(size);
            // What was lost is missing now, which the fleet sees to by itself, with the old version.
            for (let missing = size - alive; missing > 0; missing -= 1)
              members.push(member(`g${members.length}`, { createdAt: now }));
          }
          const versions = members.filter((one) => !isFinal(one.state)).map(({ version }) => version);
          if (state === 'done') expect(new Set(versions)).toEqual(new Set(size ? ['new'] : []));
          else {
            expect(state).toBe('rolled-back');
            expect(new Set(versions)).toEqual(new Set(['old']));
          }
        },
      ),
    );
  });
});
