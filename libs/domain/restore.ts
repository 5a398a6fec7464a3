/** What to do about a volume that its buyer has put back from a snapshot. Knows neither SQL nor EC2. */
import { isVolumeOver, type VolumeState } from './volume.ts';

export interface RestoreSituation {
  /** What its buyer wants of the launch now, seen together with its subscription. */
  wish: 'running' | 'stopped' | 'terminated';
  /** The volume that is made from the snapshot. */
  made: VolumeState;
  /** The volume in whose place it is made, as it would be gone back to. */
  old: VolumeState;
  /** The machine that holds the new volume is well. */
  isHealthy: boolean;
  secondsSinceAsked: number;
  patienceSeconds: number;
}

export type RestoreAction =
  | { do: 'finish' }
  | { do: 'undo'; failure: string } // back to the old volume
  | { do: 'give-up'; failure: string } // there is nothing to go back to, or nothing to go back for
  | { do: 'wait' };

/** The one next step of a restore. */
export function decideRestore(situation: RestoreSituation): RestoreAction {
  const { wish, made, isHealthy, secondsSinceAsked, patienceSeconds } = situation;
  if (wish === 'terminated') return { do: 'give-up', failure: 'The launch has ended.' };
  if (isVolumeOver(made)) return back(situation, `The volume that was made of the snapshot is ${made}.`);
  if (made === 'attached' && isHealthy) return { do: 'finish' };
  // What its buyer has stopped cannot be well; it is no sign that the data is bad.
  if (wish === 'stopped' || secondsSinceAsked < patienceSeconds) return { do: 'wait' };
  return back(situation, `The appliance was not healthy within ${patienceSeconds} seconds.`);
}

const back = ({ old }: RestoreSituation, failure: string): RestoreAction =>
  isVolumeOver(old)
    ? { do: 'give-up', failure: `${failure} There is no going back, for the old volume is ${old}.` }
    : { do: 'undo', failure: `${failure} The old volume was put back.` };
