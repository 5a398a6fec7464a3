/**
 * What to do for a machine, given what is wanted of it and what EC2 shows, and when it ran. Knows neither SQL nor EC2: the launcher
 * looks, asks here, acts, and writes down.
 */

import type { StandingState } from './dunning.ts';

export type InstanceState =
  | 'planned'
  | 'pending'
  | 'running'
  | 'healthy'
  | 'stopping'
  | 'stopped'
  | 'terminating'
  | 'terminated'
  | 'failed';

/** A machine as EC2 shows it. */
export interface Machine {
  state: 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';
  /** Of the last start. */
  launchTime: Date;
  /** When it was stopped or terminated, where EC2 says so. */
  endedAt: Date | null;
  address: string | null;
  /** Why it left, in EC2's words. */
  reason: string | null;
  /** Who had it stop or end, where EC2 says so: AWS itself, or somebody with access to the account or the machine. */
  endedBy: 'aws' | 'account' | null;
}

/** `missing`: EC2 shows no such machine, which right after a call may only mean not yet. */
export type Observed = Machine | 'missing';

export interface Situation {
  desired: 'running' | 'stopped' | 'terminated';
  /** When that was said. */
  desiredAt: Date;
  /** Whether it was us who last had it stop. */
  toldToStop: boolean;
  /** Its buyer asked for a reboot that EC2 was not told of yet. */
  rebootDue: boolean;
  /** Whether all data volumes that it needs are attached. */
  hasVolumes: boolean;
  /** What we wrote down. */
  instance: { state: InstanceState; address: string | null };
  observed: Observed;
  subscriptionActive: boolean;
  standing: StandingState;
  /** EC2 does not stop machines of its spot market. */
  isSpot: boolean;
  image: 'preparing' | 'ready' | 'rejected';
  /** Since a machine was last asked for; null when it never was. */
  secondsSinceCall: number | null;
}

export type Action =
  | { do: 'launch' }
  | { do: 'follow' } // write down what EC2 shows, no more
  | { do: 'ask' } // follow, and ask the appliance whether it is well
  | { do: 'start' }
  | { do: 'stop' } // follow, let it drain, and tell EC2
  | { do: 'reboot' }
  | { do: 'terminate' } // follow, and tell EC2
  | { do: 'end'; state: 'terminated' | 'failed'; failure: string | null } // nothing runs, nothing will
  | { do: 'wait' }
  | { do: 'nothing' };

/**
 * How long EC2 may take to show a machine that it has made (its API is eventually consistent; the user guide advises to keep
 * asking for some minutes). Before that, a missing machine is neither gone nor never made.
 */
export const SETTLE_SECONDS = 180;

export const isFinal = (state: InstanceState): boolean => state === 'terminated' || state === 'failed';

/** The one next step for a machine. Asked again after each step, so it never needs to remember. */
export function decide(situation: Situation): Action {
  const { instance, observed } = situation;
  if (isFinal(instance.state)) return { do: 'nothing' };
  if (observed !== 'missing') return forMachine(situation, instance, observed);
  const settled = situation.secondsSinceCall === null || situation.secondsSinceCall > SETTLE_SECONDS;
  if (instance.state === 'planned') return beforeLaunch(situation, settled);
  return settled ? { do: 'end', state: 'terminated', failure: lossOf(situation, 'EC2 no longer knows it.') } : { do: 'wait' };
}

/** Whose account is suspended has nothing running that could be paused; it is as if they had asked for it to be stopped. */
export const isSuspended = (standing: StandingState): boolean => standing === 'suspended' || standing === 'ended';

/** A spot machine cannot be paused and would be lost with its disk: it runs on, billed, until the subscription ends. */
const isToRest = ({ desired, standing, isSpot }: Situation): boolean =>
  desired === 'stopped' || (isSuspended(standing) && !isSpot);

const isWanted = ({ desired, subscriptionActive }: Situation): boolean => desired !== 'terminated' && subscriptionActive;

function beforeLaunch(situation: Situation, settled: boolean): Action {
  const obstacle = obstacleTo(situation);
  // A call whose answer was lost may have made a machine that EC2 does not show yet: giving up now would leave it running.
  if (obstacle) return settled ? obstacle : { do: 'wait' };
  return situation.image === 'ready' && situation.desired === 'running' ? { do: 'launch' } : { do: 'wait' };
}

function obstacleTo(situation: Situation): Action | null {
  if (!isWanted(situation)) return { do: 'end', state: 'terminated', failure: null };
  if (isSuspended(situation.standing)) return failed('Not launched: the account is suspended until its invoices are paid.');
  if (situation.standing === 'past_due') return failed('Not launched: an invoice is past due. Pay it, then launch again.');
  if (situation.image === 'rejected') return failed('Not launched: the image of this version was rejected in this region.');
  return null;
}

const failed = (failure: string): Action => ({ do: 'end', state: 'failed', failure });

function forMachine(situation: Situation, instance: Situation['instance'], machine: Machine): Action {
  if (machine.state === 'terminated') {
    return { do: 'end', state: 'terminated', failure: lossOf(situation, machine.reason ?? 'EC2 gives no reason.') };
  }
  if (machine.state === 'shutting-down') return { do: 'follow' };
  if (!isWanted(situation)) return { do: 'terminate' };
  if (isToRest(situation)) return machine.state === 'running' ? { do: 'stop' } : { do: 'follow' };
  if (machine.state === 'stopped') return isToBeStarted(situation, machine) ? { do: 'start' } : { do: 'follow' };
  if (machine.state !== 'running') return { do: 'follow' };
  if (situation.rebootDue) return { do: 'reboot' };
  return situation.hasVolumes && nextState(instance, machine) === 'running' ? { do: 'ask' } : { do: 'follow' };
}

/**
 * A stopped machine starts when we had it stop, when AWS did, and when it was wanted running after it stopped. One that somebody stopped
 * in the account, or shut down from inside, was meant to stop: starting it again would have its buyer pay for what they ended.
 */
const isToBeStarted = ({ desiredAt, toldToStop }: Situation, { endedAt, endedBy }: Machine): boolean =>
  toldToStop || endedBy !== 'account' || (endedAt !== null && desiredAt > endedAt);

/** Nobody needs to be told why a machine went that was told to go. */
function lossOf(situation: Situation, reason: string): string | null {
  return isWanted(situation) ? `The machine ended without being told to: ${reason}` : null;
}

/** A terminated machine is written as terminating: that it ended for good, and why, is written by `end`. */
const WRITTEN = {
  pending: 'pending',
  stopping: 'stopping',
  stopped: 'stopped',
  'shutting-down': 'terminating',
  terminated: 'terminating',
} as const;

/** What a machine's state is called here. It stays healthy while it runs at the address where it was found well. */
export function nextState({ state, address }: { state: InstanceState; address: string | null }, machine: Machine): InstanceState {
  if (machine.state !== 'running') return WRITTEN[machine.state];
  return state === 'healthy' && address === machine.address ? 'healthy' : 'running';
}

/** When a machine ran: half-open, UTC. An open one has no end. */
export interface Interval {
  startedAt: Date;
  endedAt: Date | null;
}

export interface History {
  /** The latest interval written down. */
  last: Interval | null;
  /** EC2's LaunchTime that was written down with it. */
  launchedAt: Date | null;
  /** When the machine was last seen. */
  seenAt: Date | null;
  /** When it was asked for: it cannot have run before. */
  createdAt: Date;
  /** Since when it takes no more work and is on its way out: what runs after that is not billed. */
  drainingAt: Date | null;
  /** When EC2 answered just now that it starts it again; null where this look follows no such answer. */
  restartedAt: Date | null;
}

/** `close`: the end of the last interval. `open`: the start of a new one. Both, when it was restarted unseen. */
export interface IntervalChange {
  close: Date | null;
  open: Date | null;
}

/**
 * What an observation changes in the intervals that are billed. Takes EC2's own times where it gives any, never a time after
 * `now` or inside of an interval already written. What was never seen running is not billed, and after an end that nobody saw
 * the machine counts as running until it was last seen.
 */
export function intervalChange(history: History, observed: Observed, now: Date): IntervalChange {
  const { last, launchedAt, seenAt, createdAt, drainingAt, restartedAt } = history;
  const isOpen = last !== null && last.endedAt === null;
  const until = drainingAt ? earlier(drainingAt, now) : now;
  const closeAt = (end: Date): Date | null => (isOpen ? between(last.startedAt, end, until) : null);
  if (drainingAt && drainingAt <= now) return { close: closeAt(endOf(observed, seenAt) ?? drainingAt), open: null };
  if (observed === 'missing') return { close: closeAt(seenAt ?? now), open: null };

  const runs = observed.state === 'running' || observed.state === 'pending';
  if (!runs) return { close: closeAt(observed.endedAt ?? now), open: null };
  const restarted = launchedAt !== null && observed.launchTime > launchedAt;
  const close = restarted ? closeAt(earlier(seenAt ?? now, observed.launchTime)) : null;
  if (observed.state === 'pending' || (isOpen && !close)) return { close, open: null };
  // Only a new start follows an end. Anything else is an old answer of EC2's that came late, unless we have just been told that it
  // starts: an EC2 of another make may leave LaunchTime as it was.
  if (last && !isOpen && !restarted) return { close: null, open: restartedAt && between(last.endedAt!, restartedAt, now) };
  return { close, open: between(latest(createdAt, close ?? last?.endedAt ?? createdAt), observed.launchTime, now) };
}

/** When a machine that runs no more ended, as far as anybody knows. */
const endOf = (observed: Observed, seenAt: Date | null): Date | null => {
  if (observed === 'missing') return seenAt;
  return observed.state === 'running' || observed.state === 'pending' ? null : observed.endedAt;
};

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
const latest = (a: Date, b: Date): Date => (a > b ? a : b);
const between = (from: Date, instant: Date, to: Date): Date => latest(from, earlier(instant, to));

/**
 * Where an appliance answers: the version's template with the machine's address in it.
 * @returns null when the template leads anywhere else than to the machine, for the launcher asks there.
 */
export function applianceUrl(template: string, address: string): string | null {
  const url = template.replaceAll('{address}', address);
  return /^https?:\/\/([^/?#]*)/.exec(url)?.[1]?.replace(/:\d{1,5}$/, '') === address ? url : null;
}

/** The URL that answers 2xx when the appliance is well. */
export const healthUrl = (url: string, path: string): string =>
  url.replace(/\/+$/, '') + (path.startsWith('/') ? path : `/${path}`);

/** The TCP port in a URL template. */
export function portOf(template: string): number {
  const port = /^https?:\/\/[^/?#]*?:(\d{1,5})(?:[/?#]|$)/.exec(template)?.[1];
  if (port) return Number(port);
  return template.startsWith('https:') ? 443 : 80;
}

/** How soon to look again at what is under way, in milliseconds: at once while it is young, at leisure when it drags on. */
export function lookAgainMs(ageSeconds: number): number {
  if (ageSeconds < 10) return 300;
  return ageSeconds < 60 ? 1_000 : 5_000;
}
