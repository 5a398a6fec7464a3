/**
 * What to do for a data volume, given what is wanted of it, which machine needs it, and what EC2 shows. Knows neither SQL nor EC2. A
 * volume outlives machines: it is made in the zone of the first, detached from one that is dead, and attached to the next.
 */
import { SETTLE_SECONDS } from './fleet.ts';

export type VolumeState =
  | 'planned'
  | 'creating'
  | 'available'
  | 'attaching'
  | 'attached'
  | 'detaching'
  | 'lost'
  | 'released'
  | 'deleted';

/** What its buyer wants of it: on the launch's machine; kept without one; the buyer's own, untouched by us from then on; gone. */
export type VolumeWish = 'attached' | 'kept' | 'released' | 'deleted';

/** A volume as EC2 shows it. */
export interface SeenVolume {
  state: 'creating' | 'available' | 'in-use' | 'deleting' | 'deleted' | 'error';
  zone: string | null;
  /** EC2's id of the machine that it is attached to, or about to be. */
  heldBy: string | null;
  attachment: 'attaching' | 'attached' | 'detaching' | 'busy' | null;
}

export interface VolumeSituation {
  /** What we wrote down. */
  state: VolumeState;
  wanted: VolumeWish;
  observed: SeenVolume | 'missing';
  /** Since EC2 was last told to do something with it; null when it never was. */
  secondsSinceCall: number | null;
  /** Whether EC2 says that its zone can be used. What a zone that is down shows of its volumes says nothing about them. */
  zoneIsUp: boolean;
  /** The machine that it is wanted on; null when there is none, or none that EC2 knows yet. */
  machine: { ec2InstanceId: string; zone: string | null; takesVolumes: boolean } | null;
  /** Of the machine that EC2 says holds it: one of ours that may write to it, one that does not, or one that we do not know. */
  holder: 'none' | 'alive' | 'stopped' | 'over' | 'foreign';
  /** Of the snapshot that shall be taken before it goes. */
  lastSnapshot: 'none' | 'unfinished' | 'completed' | 'failed';
}

export type VolumeAction =
  | { do: 'create' }
  | { do: 'follow'; state: VolumeState } // write down what EC2 shows, no more
  | { do: 'attach' }
  | { do: 'detach'; force: boolean }
  | { do: 'delete' }
  | { do: 'keep'; failure: string } // want it kept after all
  | { do: 'release' }
  | { do: 'end'; state: 'lost' | 'released' | 'deleted'; failure: string | null }
  | { do: 'wait' }
  | { do: 'nothing' };

/** How long a dead machine may hold on to a volume before it is taken from it by force. */
export const FORCE_SECONDS = 60;

export const isVolumeOver = (state: VolumeState): boolean => state === 'lost' || state === 'released' || state === 'deleted';

/** The one next step for a volume. Asked again after each step, so it never needs to remember. */
export function decideVolume(situation: VolumeSituation): VolumeAction {
  const { state, observed } = situation;
  if (isVolumeOver(state)) return { do: 'nothing' };
  if (!situation.zoneIsUp) return { do: 'wait' };
  if (observed === 'missing') return state === 'planned' ? beforeMaking(situation) : whenMissing(situation);
  if (observed.state === 'error') return lost('EC2 reports that it failed.');
  if (observed.state === 'deleting' || observed.state === 'deleted') return whenMissing({ ...situation, secondsSinceCall: null });
  if (observed.state === 'creating') return { do: 'follow', state: 'creating' };
  return observed.heldBy === null ? whenFree(situation) : whenHeld(situation, observed, observed.heldBy);
}

const isSettled = ({ secondsSinceCall }: VolumeSituation): boolean =>
  secondsSinceCall === null || secondsSinceCall > SETTLE_SECONDS;

const lost = (failure: string): VolumeAction => ({ do: 'end', state: 'lost', failure });

function beforeMaking(situation: VolumeSituation): VolumeAction {
  if (situation.wanted === 'attached') return situation.machine?.zone ? { do: 'create' } : { do: 'wait' };
  // A call whose answer was lost may have made a volume that EC2 does not show yet.
  return isSettled(situation) ? { do: 'end', state: 'deleted', failure: null } : { do: 'wait' };
}

function whenMissing(situation: VolumeSituation): VolumeAction {
  if (!isSettled(situation)) return { do: 'wait' };
  if (situation.wanted === 'deleted') return { do: 'end', state: 'deleted', failure: null };
  // One that was handed over as a snapshot is deleted then.
  if (situation.wanted === 'released' && situation.lastSnapshot === 'completed')
    return { do: 'end', state: 'released', failure: null };
  return lost('EC2 no longer knows it.');
}

function whenFree(situation: VolumeSituation): VolumeAction {
  const { wanted, machine, observed, lastSnapshot } = situation;
  const isThere = observed !== 'missing' && machine !== null && machine.takesVolumes && machine.zone === observed.zone;
  if (wanted === 'attached') return isThere ? { do: 'attach' } : { do: 'follow', state: 'available' };
  if (lastSnapshot === 'unfinished' || wanted === 'kept') return { do: 'follow', state: 'available' };
  // What has to be there before it goes could not be had, so going would lose the data for good.
  if (lastSnapshot === 'failed')
    return { do: 'keep', failure: `Not ${wanted}: the snapshot before that could not be taken. Ask again to try again.` };
  return wanted === 'released' ? { do: 'release' } : { do: 'delete' };
}

function whenHeld(situation: VolumeSituation, { attachment }: SeenVolume, heldBy: string): VolumeAction {
  const { wanted, machine, holder } = situation;
  if (attachment === 'detaching' || attachment === 'busy') return whenDetaching(situation);
  const isInPlace = wanted === 'attached' && machine?.ec2InstanceId === heldBy;
  if (isInPlace) return { do: 'follow', state: attachment === 'attached' ? 'attached' : 'attaching' };
  // One that still runs may be writing: it keeps the volume until it is stopped or over.
  if (holder === 'over' || holder === 'stopped') return { do: 'detach', force: false };
  return { do: 'follow', state: attachment === 'attached' ? 'attached' : 'attaching' };
}

function whenDetaching({ holder, secondsSinceCall }: VolumeSituation): VolumeAction {
  const isStuck = holder === 'over' && secondsSinceCall !== null && secondsSinceCall > FORCE_SECONDS;
  return isStuck ? { do: 'detach', force: true } : { do: 'follow', state: 'detaching' };
}
