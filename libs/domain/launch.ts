/** What to do for a launch, a wish that outlives its machines. Knows neither SQL nor EC2. */
import type { InstanceState } from './fleet.ts';

export interface LaunchSituation {
  desired: 'running' | 'stopped' | 'terminated';
  /** When that was said. */
  desiredAt: Date;
  subscriptionActive: boolean;
  /** Its machine now; null when it never had one. */
  current: {
    state: InstanceState;
    desired: 'running' | 'stopped' | 'terminated';
    /** When it was seen to have ended though it was wanted. */
    lostAt: Date | null;
    /** When it was terminated or had failed. */
    endedAt: Date | null;
  } | null;
  /** When its latest machines were lost, latest first. */
  losses: Date[];
}

export type LaunchAction =
  | { do: 'plan' } // its first machine
  | { do: 'replace' } // one in the place of the machine that it has
  | { do: 'tell' } // the machine what is wanted now
  | { do: 'wait'; until: Date }
  | { do: 'nothing' };

/** So many machines of a launch may be lost in LOSS_SECONDS and be replaced at once. What dies that often costs and does not serve. */
export const MOST_LOSSES = 3;
export const LOSS_SECONDS = 3600;

/** What a launch comes to, seen together with its subscription. */
export const wishOf = ({
  desired,
  subscriptionActive,
}: Pick<LaunchSituation, 'desired' | 'subscriptionActive'>): 'running' | 'stopped' | 'terminated' =>
  subscriptionActive ? desired : 'terminated';

/** The one next step for a launch. Asked again after each step, so it never needs to remember. */
export function decideLaunch(situation: LaunchSituation, now: Date): LaunchAction {
  const { current } = situation;
  const wish = wishOf(situation);
  if (!current) return { do: 'plan' };
  if (current.state !== 'terminated' && current.state !== 'failed')
    return current.desired === wish ? { do: 'nothing' } : { do: 'tell' };
  if (wish !== 'running') return { do: 'nothing' };
  // What failed would fail again: somebody has to say that it is worth another try.
  if (current.state === 'failed') return situation.desiredAt > current.endedAt! ? { do: 'replace' } : { do: 'nothing' };
  if (current.lostAt === null) return { do: 'nothing' };
  const until = replaceableAt(situation);
  return until > now ? { do: 'wait', until } : { do: 'replace' };
}

function replaceableAt({ losses, desiredAt }: LaunchSituation): Date {
  const earliest = losses[MOST_LOSSES];
  if (!earliest || desiredAt > losses[0]!) return new Date(0);
  return new Date(earliest.getTime() + LOSS_SECONDS * 1000);
}

/** Whether there is nothing to wait for: the machine is as it is wanted, or it is over and nothing comes after it. */
export function isAtRest(
  { state, lostAt }: Pick<NonNullable<LaunchSituation['current']>, 'state' | 'lostAt'>,
  wish: LaunchSituation['desired'],
): boolean {
  if (state === 'healthy') return wish === 'running';
  if (state === 'stopped') return wish === 'stopped';
  if (state === 'terminated') return lostAt === null || wish !== 'running';
  return state === 'failed';
}
