/**
 * What to make of a machine that EC2 shows in an account, seen beside what we have written down: ours and wanted, ours and left over, a
 * buyer's own under a subscription or without one. Knows neither SQL nor EC2. What a machine is ours by is its ClientToken, which is the id
 * of our row; tags are not proof, since AWS's console copies them when somebody launches "more like this".
 */
import {
  nextState,
  SETTLE_SECONDS,
  type Action,
  type InstanceState,
  type Interval,
  type Machine,
  type Observed,
} from './fleet.ts';

/**
 * `ended`: made by us, and nobody wants it any more. `unknown`: looks like ours, and we know nothing of it. `unentitled`: runs our image
 * without a subscription. `outside`: started by its buyer with other tools, and metered. `unseen`: a row whose machine nobody has seen for long.
 */
export const STRAY_KINDS = ['ended', 'unknown', 'unentitled', 'outside', 'unseen'] as const;
export type StrayKind = (typeof STRAY_KINDS)[number];

/** What we have written down of a machine, found by EC2's id or by its ClientToken. */
export type Known =
  | {
      by: 'us';
      /** Whether its row says that nothing runs or will, or that it is another machine. */
      isFinished: boolean;
      /** Since when that is so. */
      finishedAt: Date | null;
    }
  | {
      by: 'buyer';
      /** Given up as gone. */
      isGone: boolean;
      /** Its subscription has ended, so that it is no longer metered. */
      isReleased: boolean;
    };

export interface StraySituation {
  machine: Pick<Machine, 'state' | 'launchTime' | 'endedAt'>;
  account: 'platform' | 'buyer';
  known: Known | null;
  /** It runs an image that we sell. */
  runsOurImage: boolean;
  /** It carries tags as we write them. */
  hasOurTags: boolean;
  /** The running subscription of the account's buyer to the image's product. */
  subscription: { startedAt: Date } | null;
}

export interface StrayPolicy {
  /** How long a machine may be left over before it is one: what ends takes its time. */
  graceSeconds: number;
  /** Whether what is ours and ended is terminated, or only told of. */
  endsOurs: boolean;
}

export type StrayVerdict =
  | { do: 'nothing' }
  | { do: 'flag'; kind: StrayKind; reason: string }
  | { do: 'end'; kind: 'ended'; reason: string }
  | { do: 'adopt'; kind: 'outside'; reason: string };

const NOTHING: StrayVerdict = { do: 'nothing' };
const flag = (kind: StrayKind, reason: string): StrayVerdict => ({ do: 'flag', kind, reason });

/** The one thing to do about a machine. Asked again with every sweep, so it never needs to remember. */
export function judgeStray(situation: StraySituation, policy: StrayPolicy, now: Date): StrayVerdict {
  const { known, machine } = situation;
  const isOver = machine.state === 'terminated' || machine.state === 'shutting-down';
  if (!known) return isOver ? ofThePast(situation) : ofNobody(situation);
  if (isOver) return NOTHING;
  return known.by === 'us' ? ofOurs(known, machine, policy, now) : ofBuyers(known);
}

function ofOurs(
  { isFinished, finishedAt }: Extract<Known, { by: 'us' }>,
  { launchTime }: StraySituation['machine'],
  { graceSeconds, endsOurs }: StrayPolicy,
  now: Date,
): StrayVerdict {
  if (!isFinished) return NOTHING;
  const since = Math.max(launchTime.getTime(), finishedAt?.getTime() ?? 0);
  if (now.getTime() - since < graceSeconds * 1000) return NOTHING;
  const reason = 'We made it, what it was made for has ended, and it is still there.';
  return endsOurs ? { do: 'end', kind: 'ended', reason } : flag('ended', reason);
}

function ofBuyers({ isGone, isReleased }: Extract<Known, { by: 'buyer' }>): StrayVerdict {
  if (isReleased)
    return flag(
      'unentitled',
      'It runs on though the subscription under which it ran has ended. It is not metered; terminate it, and launch anew under a new subscription.',
    );
  return isGone
    ? flag('unentitled', 'It had gone out of sight and runs again. It is not metered; terminate it, and launch anew.')
    : NOTHING;
}

function ofNobody({ account, runsOurImage, hasOurTags, subscription }: StraySituation): StrayVerdict {
  if (account === 'buyer' && runsOurImage) {
    if (subscription) return ADOPT;
    return flag(
      'unentitled',
      'It runs a product without a subscription. Subscribe, and it is metered from then on; or terminate it.',
    );
  }
  if (runsOurImage) return flag('unknown', "It runs a product in the marketplace's own account, and nobody has asked for it.");
  return hasOurTags ? flag('unknown', 'Its tags say that it is ours, and we know nothing of it.') : NOTHING;
}

const ADOPT: StrayVerdict = {
  do: 'adopt',
  kind: 'outside',
  reason:
    'It was started outside of the marketplace from an image of a product that you subscribe to. It is metered like any other.',
};

/** What came and went between two sweeps ran all the same. */
function ofThePast({ account, runsOurImage, subscription, machine }: StraySituation): StrayVerdict {
  const ran = subscription !== null && machine.endedAt !== null && machine.endedAt > subscription.startedAt;
  return account === 'buyer' && runsOurImage && ran ? ADOPT : NOTHING;
}

export interface OutsideSituation {
  state: InstanceState;
  address: string | null;
  observed: Observed;
  subscriptionActive: boolean;
  /** It is no longer metered. */
  isReleased: boolean;
  secondsSinceSeen: number;
}

/** `release`: follow, and meter it no longer. */
export type OutsideAction = Extract<Action, { do: 'follow' | 'ask' | 'end' | 'wait' }> | { do: 'release' };

/** The one next step for a machine that its buyer started: it is watched and metered, and never touched. */
export function decideOutside(situation: OutsideSituation): OutsideAction {
  const { state, address, observed, subscriptionActive, isReleased, secondsSinceSeen } = situation;
  const ended: OutsideAction = { do: 'end', state: 'terminated', failure: null };
  if (observed === 'missing') return secondsSinceSeen > SETTLE_SECONDS ? ended : { do: 'wait' };
  if (observed.state === 'terminated') return ended;
  if (!subscriptionActive && !isReleased) return { do: 'release' };
  const isToAnswer = observed.state === 'running' && nextState({ state, address }, observed) === 'running';
  return isToAnswer && !isReleased ? { do: 'ask' } : { do: 'follow' };
}

/**
 * The first run of a machine that somebody else started: from EC2's launch time on, and no earlier than its subscription.
 * @returns null when it has not run under the subscription.
 */
export function firstRun(
  { state, launchTime, endedAt }: Pick<Machine, 'state' | 'launchTime' | 'endedAt'>,
  subscriptionStartedAt: Date,
  now: Date,
): Interval | null {
  const startedAt = launchTime > subscriptionStartedAt ? launchTime : subscriptionStartedAt;
  if (state === 'pending' || startedAt > now) return null;
  if (state === 'running') return { startedAt, endedAt: null };
  return endedAt !== null && endedAt > startedAt ? { startedAt, endedAt } : null;
}
