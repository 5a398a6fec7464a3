/**
 * What to do about the upgrade of a fleet: its machines are replaced one at a time, each by one that has to be well before the next; after
 * the first that is not, all go back the same way. Knows neither SQL nor EC2.
 */
import { isFinal, type InstanceState } from './fleet.ts';

/** The last three are final. */
export type FleetUpgradeState = 'replacing' | 'rolling-back' | 'done' | 'rolled-back' | 'failed';

export interface UpgradeMember {
  id: string;
  version: 'old' | 'new';
  state: InstanceState;
  isWanted: boolean;
  createdAt: Date;
  /** Since when EC2 may be asked for it: it waits for a predecessor that has to go first. Null: not yet. */
  clearSince: Date | null;
  healthyAt: Date | null;
  drainingAt: Date | null;
  /** Whom it was launched in the place of. */
  replaces: string | null;
  failure: string | null;
}

export interface FleetUpgradeSituation {
  state: FleetUpgradeState;
  /** The fleet or its subscription has ended. */
  isEnded: boolean;
  /** All that are not over, and all that began since the upgrade did. */
  members: readonly UpgradeMember[];
  /** Whether the fleet may have one machine more than its size for a while; otherwise one goes before its successor comes. */
  hasRoom: boolean;
  /** When its state was entered. */
  stepAt: Date;
  patienceSeconds: number;
  now: Date;
}

export type FleetUpgradeAction =
  | { do: 'replace'; id: string; first: 'comes' | 'goes' } // a successor is launched; with `goes` this one drains at once
  | { do: 'retire'; id: string } // its successor is well
  | { do: 'finish' }
  | { do: 'roll-back'; failure: string; end: string[] } // what is not well ends at once
  | { do: 'rolled-back' }
  | { do: 'give-up'; failure: string }
  | { do: 'wait' };

/** Serves, or is about to. */
const isServing = ({ state, isWanted, drainingAt }: Pick<UpgradeMember, 'state' | 'isWanted' | 'drainingAt'>): boolean =>
  !isFinal(state) && isWanted && drainingAt === null;

const isTried = (member: UpgradeMember): boolean => isServing(member) && member.state !== 'healthy' && member.healthyAt === null;

/** The one next step. Asked again after each step, so it never needs to remember. */
export function decideFleetUpgrade(situation: FleetUpgradeSituation): FleetUpgradeAction {
  const { state, isEnded, members } = situation;
  if (state !== 'replacing' && state !== 'rolling-back') return { do: 'wait' };
  if (isEnded) return { do: 'give-up', failure: 'The fleet has ended.' };
  const target = state === 'replacing' ? 'new' : 'old';
  const failure = failureOf(situation, target);
  if (failure) {
    if (state === 'rolling-back') return { do: 'give-up', failure };
    const end = members.filter((member) => member.version === 'new' && isTried(member)).map(({ id }) => id);
    return { do: 'roll-back', failure, end };
  }
  return nextOf(situation, target);
}

/** Why a machine of the version that shall be is not well; null while none has had its chance in vain. */
function failureOf(
  { members, stepAt, patienceSeconds, now }: FleetUpgradeSituation,
  target: UpgradeMember['version'],
): string | null {
  const what = target === 'new' ? 'The new version' : 'The old version';
  for (const member of members) {
    // Of those that take another's place in this step; the fleet's own growth is its own affair.
    if (member.version !== target || member.replaces === null || member.createdAt < stepAt || member.healthyAt) continue;
    if (isFinal(member.state) && member.failure) return `${what} did not come up: ${member.failure}`;
    if (isTried(member) && member.clearSince && now.getTime() - member.clearSince.getTime() >= patienceSeconds * 1000)
      return `${what} was not healthy within ${patienceSeconds} seconds.`;
  }
  return null;
}

function nextOf({ state, members, hasRoom }: FleetUpgradeSituation, target: UpgradeMember['version']): FleetUpgradeAction {
  const alive = members.filter((member) => !isFinal(member.state));
  const others = alive.filter((member) => member.version !== target);
  const retired = others.find(
    (member) => isServing(member) && alive.some((next) => next.replaces === member.id && !isTried(next)),
  );
  if (retired) return { do: 'retire', id: retired.id };
  const isUnderWay = alive.some((member) => member.version === target && member.replaces !== null && isTried(member));
  if (isUnderWay || others.some((member) => !isServing(member))) return { do: 'wait' };
  const [oldest] = others.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
  if (oldest) return { do: 'replace', id: oldest.id, first: hasRoom ? 'comes' : 'goes' };
  return { do: state === 'replacing' ? 'finish' : 'rolled-back' };
}

/**
 * Machines that come in another's place while that one still serves: they are beside the fleet's size until it does not.
 * @returns their ids.
 */
export function sparesOf(
  members: ReadonlyArray<Pick<UpgradeMember, 'id' | 'state' | 'isWanted' | 'drainingAt' | 'replaces'>>,
): Set<string> {
  const serving = members.filter(isServing);
  const ids = new Set(serving.map(({ id }) => id));
  return new Set(serving.filter(({ replaces }) => replaces !== null && ids.has(replaces)).map(({ id }) => id));
}
