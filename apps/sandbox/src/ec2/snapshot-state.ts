/** What the sandbox keeps of a snapshot, how far it is at an instant, and who may make volumes of it. */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { isOver, type Lapse } from './lapse.ts';
import { idPattern } from './world.ts';

export interface Snapshot {
  number: number;
  snapshotId: string;
  accountId: string;
  region: string;
  /** `vol-ffffffff` for a copy, as EBS says it. */
  volumeId: string;
  sizeGiB: number;
  encrypted: boolean;
  description: string;
  started: Lapse;
  /** Ends as `error` and not as `completed`. */
  fails?: boolean | undefined;
  /** Account ids, and `all` for everybody. */
  permissions: string[];
}

export const NO_VOLUME = 'vol-ffffffff';

export interface Progress {
  state: 'pending' | 'completed' | 'error';
  percent: number;
}

export function progressOf({ started, fails }: Snapshot, now: Date): Progress {
  if (isOver(started, now)) return fails ? { state: 'error', percent: 0 } : { state: 'completed', percent: 100 };
  return { state: 'pending', percent: Math.floor(((now.getTime() - started.at) / started.takesMs) * 100) };
}

export const maySeeSnapshot = (snapshot: Snapshot, accountId: string): boolean =>
  snapshot.accountId === accountId || snapshot.permissions.includes(accountId) || snapshot.permissions.includes('all');

const SNAPSHOT_ID = idPattern('snap');

/**
 * The snapshot, if the caller may see it in the region.
 * @throws VendorError InvalidSnapshotID.Malformed or InvalidSnapshot.NotFound.
 */
export function snapshotNamed(
  { world, accountId, region }: Pick<Call, 'world' | 'accountId' | 'region'>,
  snapshotId: string,
): Snapshot {
  if (!SNAPSHOT_ID.test(snapshotId)) {
    throw new VendorError(
      'InvalidSnapshotID.Malformed',
      `Value (${snapshotId}) for parameter snapshotId is invalid. Expected: 'snap-...'.`,
    );
  }
  const snapshot = world.snapshots.get(snapshotId);
  if (!snapshot || snapshot.region !== region || !maySeeSnapshot(snapshot, accountId)) {
    throw new VendorError('InvalidSnapshot.NotFound', `The snapshot '${snapshotId}' does not exist.`);
  }
  return snapshot;
}

/** @throws VendorError OperationNotPermitted when the snapshot is another account's. */
export function ownSnapshotNamed(call: Call, snapshotId: string): Snapshot {
  const snapshot = snapshotNamed(call, snapshotId);
  if (snapshot.accountId !== call.accountId) {
    throw new VendorError('OperationNotPermitted', `You do not own the snapshot '${snapshotId}'.`);
  }
  return snapshot;
}

/**
 * A snapshot to make a volume of, now.
 * @throws VendorError as `snapshotNamed`, and IncorrectState while it is pending.
 */
export function usableSnapshot(call: Call, snapshotId: string): Snapshot {
  const snapshot = snapshotNamed(call, snapshotId);
  const { state } = progressOf(snapshot, call.now);
  if (state !== 'completed') throw new VendorError('IncorrectState', `Snapshot is in invalid state - ${state}`);
  return snapshot;
}
