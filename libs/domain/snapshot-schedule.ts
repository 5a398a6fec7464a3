/**
 * When a volume's next snapshot by schedule is due, and which ones are no longer kept. Knows neither SQL nor EC2, and takes time as an
 * argument.
 */

const HOUR_MS = 3_600_000;

export interface SnapshotSchedule {
  everyHours: number;
  /** When its launch began: its turns are whole spans from then on, so that not all volumes there are have theirs at once. */
  since: Date;
  /** The latest turn that a snapshot was taken for; null when there was none. */
  lastSlot: Date | null;
}

/**
 * The turn that a snapshot is due for now; null when there is none. Turns that were missed are not made up for: one snapshot now
 * holds all that theirs would have held.
 */
export function dueSlot({ everyHours, since, lastSlot }: SnapshotSchedule, now: Date): Date | null {
  const span = everyHours * HOUR_MS;
  const turns = Math.floor((now.getTime() - since.getTime()) / span);
  // At its beginning a volume is empty.
  if (turns < 1) return null;
  const slot = new Date(since.getTime() + turns * span);
  return lastSlot === null || lastSlot < slot ? slot : null;
}

export interface HeldSnapshot {
  id: string;
  reason: 'scheduled' | 'asked' | 'upgrade' | 'final';
  state: 'planned' | 'pending' | 'completed' | 'failed' | 'deleted';
  createdAt: Date;
  /** Something is being made of it. */
  isInUse: boolean;
  /** EC2 has something of it, which costs. */
  isAtEc2: boolean;
}

/**
 * The snapshots of one volume, and of those before it that it was restored in the place of, that shall go: those by schedule and
 * before upgrades past the newest `kept`, and what is left of those that failed. What somebody asked for stays until somebody says
 * otherwise, and so does the newest that is good, whatever it was taken for.
 */
export function surplusSnapshots(snapshots: readonly HeldSnapshot[], kept: number): string[] {
  const good = snapshots
    .filter(({ state }) => state === 'completed')
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const [newest] = good;
  const past = good.filter(isOurs).slice(kept);
  const failed = snapshots.filter((snapshot) => snapshot.state === 'failed' && snapshot.isAtEc2 && isOurs(snapshot));
  return [...past, ...failed].filter((snapshot) => snapshot !== newest && !snapshot.isInUse).map(({ id }) => id);
}

/** Taken without anybody asking for just that one. */
const isOurs = ({ reason }: HeldSnapshot): boolean => reason === 'scheduled' || reason === 'upgrade';
