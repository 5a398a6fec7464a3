/** What to do for a snapshot of a data volume, given what EC2 shows of it. Knows neither SQL nor EC2. */
import { SETTLE_SECONDS } from './fleet.ts';
import { isVolumeOver, type VolumeState } from './volume.ts';

export interface SnapshotSituation {
  /** What we wrote down. */
  state: 'planned' | 'pending';
  /** Taken before its volume goes, or is upgraded: not while a machine may still be writing to it. */
  isLast: boolean;
  volume: VolumeState;
  observed: { state: 'pending' | 'completed' | 'failed' } | 'missing';
  /** Since EC2 was last asked for it; null when it never was. */
  secondsSinceCall: number | null;
}

export type SnapshotAction = { do: 'take' } | { do: 'follow' } | { do: 'fail'; failure: string } | { do: 'wait' };

/** The one next step for a snapshot. */
export function decideSnapshot({ state, isLast, volume, observed, secondsSinceCall }: SnapshotSituation): SnapshotAction {
  if (observed !== 'missing') return { do: 'follow' };
  // EC2 knows no token for snapshots: asked for again too early, there would be two.
  const isSettled = secondsSinceCall === null || secondsSinceCall > SETTLE_SECONDS;
  if (!isSettled) return { do: 'wait' };
  if (state === 'pending') return { do: 'fail', failure: 'EC2 no longer knows it.' };
  if (isVolumeOver(volume)) return { do: 'fail', failure: 'Its volume is gone.' };
  const isThere = volume === 'available' || volume === 'attached' || volume === 'attaching' || volume === 'detaching';
  return isThere && (!isLast || volume === 'available') ? { do: 'take' } : { do: 'wait' };
}
