/** Snapshots: CreateSnapshot, CopySnapshot, DescribeSnapshots, DeleteSnapshot, and who may make volumes of one. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions, type Call } from './call.ts';
import { copyContents } from './contents.ts';
import { paged, testOf } from './filters.ts';
import { filters, flag, paging, tagSpecifications, text } from './input.ts';
import { isRegion } from './regions.ts';
import {
  maySeeSnapshot,
  NO_VOLUME,
  ownSnapshotNamed,
  progressOf,
  snapshotNamed,
  usableSnapshot,
  type Snapshot,
} from './snapshot-state.ts';
import { addTags, specifiedTags, tagSet, tagsOf } from './tags.ts';
import { usableVolume } from './volume-state.ts';
import { newId, type World } from './world.ts';
import type { XmlObject } from './xml.ts';

export const snapshotActions: Actions = {
  CreateSnapshot: action(
    { VolumeId: text, Description: text.default(''), TagSpecification: tagSpecifications },
    (call, input) => {
      const tags = specifiedTags(input.TagSpecification, ['snapshot']);
      const { volume, seen } = usableVolume(call, input.VolumeId);
      if (!['available', 'in-use'].includes(seen.state)) {
        throw new VendorError('IncorrectState', `Volume '${volume.volumeId}' is in the '${seen.state}' state.`);
      }
      mustNotHurry(call, volume.volumeId);
      const { volumeId, sizeGiB, encrypted } = volume;
      const snapshot = newSnapshot(call, { volumeId, sizeGiB, encrypted, description: input.Description });
      copyContents(call.world, volumeId, snapshot.snapshotId);
      addTags(call, snapshot.snapshotId, tags.snapshot ?? {});
      return written(call, snapshot);
    },
  ),

  CopySnapshot: action(
    {
      SourceSnapshotId: text,
      SourceRegion: text,
      DestinationRegion: text.optional(),
      PresignedUrl: text.optional(),
      Description: text.default(''),
      Encrypted: flag.optional(),
      TagSpecification: tagSpecifications,
    },
    (call, input) => {
      const tags = specifiedTags(input.TagSpecification, ['snapshot']).snapshot ?? {};
      if (!isRegion(input.SourceRegion)) {
        throw new VendorError('InvalidRequest', `The specified region '${input.SourceRegion}' is not valid`);
      }
      const source = usableSnapshot({ ...call, region: input.SourceRegion }, input.SourceSnapshotId);
      const { sizeGiB, snapshotId } = source;
      const encrypted = source.encrypted || input.Encrypted === true;
      const copy = newSnapshot(call, { volumeId: NO_VOLUME, sizeGiB, encrypted, description: input.Description });
      copyContents(call.world, snapshotId, copy.snapshotId);
      addTags(call, copy.snapshotId, tags);
      return { snapshotId: copy.snapshotId, tagSet: tagSet(tags) };
    },
  ),

  DescribeSnapshots: action(
    {
      SnapshotId: z.array(text).optional(),
      Owner: z.array(text).optional(),
      RestorableBy: z.array(text).optional(),
      Filter: filters,
      ...paging,
    },
    (call, input) => {
      if (input.SnapshotId && input.MaxResults !== undefined) {
        throw new VendorError(
          'InvalidParameterCombination',
          'The parameter snapshotSet cannot be used with the parameter maxResults',
        );
      }
      const named = input.SnapshotId?.map((id) => snapshotNamed(call, id)) ?? call.world.find.snapshots.get(call.region);
      const owners = input.Owner?.map((owner) => (owner === 'self' ? call.accountId : owner));
      const restorers = input.RestorableBy?.map((account) => (account === 'self' ? call.accountId : account));
      const passes = testOf(input.Filter, fieldsAt(call.now), (snapshot) => tagsOf(call, snapshot.snapshotId));
      const test = (snapshot: Snapshot): boolean =>
        maySeeSnapshot(snapshot, call.accountId) &&
        (!owners || owners.includes(snapshot.accountId)) &&
        (!restorers || restorers.some((account) => maySeeSnapshot(snapshot, account))) &&
        passes(snapshot);
      const page = paged(named, (snapshot) => snapshot.number, input, { test });
      return { snapshotSet: page.items.map((snapshot) => written(call, snapshot)), nextToken: page.nextToken };
    },
  ),

  DeleteSnapshot: action({ SnapshotId: text }, (call, input) => {
    const { snapshotId } = ownSnapshotNamed(call, input.SnapshotId);
    const image = call.world.images.values().find((candidate) => candidate.snapshotId === snapshotId);
    if (image) {
      throw new VendorError('InvalidSnapshot.InUse', `The snapshot ${snapshotId} is currently in use by ${image.imageId}`);
    }
    deleteSnapshot(call.world, snapshotId);
    return { return: true };
  }),
};

export type NewSnapshot = Pick<Snapshot, 'volumeId' | 'sizeGiB' | 'encrypted' | 'description'> & { takesMs?: number };

type Place = Pick<Call, 'world' | 'accountId' | 'region' | 'now'>;

export function newSnapshot({ world, accountId, region, now }: Place, { takesMs, ...given }: NewSnapshot): Snapshot {
  const snapshot: Snapshot = {
    number: world.store.next('snapshot'),
    snapshotId: newId('snap'),
    accountId,
    region,
    ...given,
    started: { at: now.getTime(), takesMs: takesMs ?? world.snapshotMs },
    permissions: [],
  };
  world.snapshots.set(snapshot.snapshotId, snapshot);
  return snapshot;
}

export function deleteSnapshot(world: World, snapshotId: string): void {
  world.snapshots.delete(snapshotId);
  world.contents.delete(snapshotId);
}

/** At most five at once of a volume, and fifteen seconds between those (EC2 API reference, "Error codes"). */
function mustNotHurry({ world, now }: Call, volumeId: string): void {
  const pending = world.find.snapshotsOf.get(volumeId).filter((snapshot) => progressOf(snapshot, now).state === 'pending');
  if (pending.length >= 5) {
    throw new VendorError(
      'ConcurrentSnapshotLimitExceeded',
      'Maximum allowed in-progress snapshots for a single volume exceeded.',
    );
  }
  if (pending.some((snapshot) => now.getTime() - snapshot.started.at < 15_000)) {
    throw new VendorError(
      'SnapshotCreationPerVolumeRateExceeded',
      'The maximum per volume CreateSnapshot request rate has been exceeded. Use an increasing or variable sleep interval between requests.',
    );
  }
}

const fieldsAt = (now: Date): Record<string, (snapshot: Snapshot) => Array<string | undefined>> => ({
  'snapshot-id': (snapshot) => [snapshot.snapshotId],
  'volume-id': (snapshot) => [snapshot.volumeId],
  'volume-size': (snapshot) => [String(snapshot.sizeGiB)],
  status: (snapshot) => [progressOf(snapshot, now).state],
  progress: (snapshot) => [`${progressOf(snapshot, now).percent}%`],
  'start-time': (snapshot) => [new Date(snapshot.started.at).toISOString()],
  'owner-id': (snapshot) => [snapshot.accountId],
  description: (snapshot) => [snapshot.description],
  encrypted: (snapshot) => [String(snapshot.encrypted)],
  'storage-tier': () => ['standard'],
});

function written(call: Call, snapshot: Snapshot): XmlObject {
  const { state, percent } = progressOf(snapshot, call.now);
  const { at, takesMs } = snapshot.started;
  return {
    snapshotId: snapshot.snapshotId,
    volumeId: snapshot.volumeId,
    status: state,
    statusMessage: state === 'error' ? 'The sandbox was told that this snapshot fails.' : undefined,
    startTime: new Date(at),
    completionTime: state === 'completed' ? new Date(at + takesMs) : undefined,
    progress: `${percent}%`,
    ownerId: snapshot.accountId,
    volumeSize: snapshot.sizeGiB,
    description: snapshot.description,
    encrypted: snapshot.encrypted,
    storageTier: 'standard',
    tagSet: tagSet(tagsOf(call, snapshot.snapshotId)),
  };
}
