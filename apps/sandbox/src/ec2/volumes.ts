/** Volumes made, seen and deleted: CreateVolume, DescribeVolumes, DeleteVolume. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, clientToken, once, type Actions, type Call } from './call.ts';
import { copyContents } from './contents.ts';
import { byNumber, namedBy, paged, testOf } from './filters.ts';
import { filters, flag, integer, paging, tagSpecifications, text, type FilterInput } from './input.ts';
import { zonesOf } from './regions.ts';
import { usableSnapshot } from './snapshot-state.ts';
import { addTags, idsTagged, specifiedTags, tagSet, tagsOf } from './tags.ts';
import { seenVolume, usableVolume, volumeNamed, type Attachment, type SeenVolume, type Volume } from './volume-state.ts';
import { volumeShape, type VolumeShape } from './volume-types.ts';
import { newId, placeOf } from './world.ts';
import type { XmlObject } from './xml.ts';

const createVolume = {
  AvailabilityZone: text.optional(),
  AvailabilityZoneId: text.optional(),
  Size: integer.optional(),
  SnapshotId: text.optional(),
  VolumeType: text.optional(),
  Iops: integer.optional(),
  Throughput: integer.optional(),
  Encrypted: flag.optional(),
  MultiAttachEnabled: z.literal('false').optional(),
  ClientToken: clientToken,
  TagSpecification: tagSpecifications,
};
type CreateVolume = z.output<z.ZodObject<typeof createVolume, z.core.$strict>>;

export const volumeActions: Actions = {
  CreateVolume: action(createVolume, (call, input, parameters) => {
    const [volumeId = ''] = once(call, 'CreateVolume', parameters, () => [create(call, input)]);
    const { volume, seen } = volumeNamed(call, volumeId);
    return writtenVolume(call, volume, seen);
  }),

  DescribeVolumes: action({ VolumeId: z.array(text).optional(), Filter: filters, ...paging }, (call, input) => {
    if (input.VolumeId && input.MaxResults !== undefined) {
      throw new VendorError(
        'InvalidParameterCombination',
        'The parameter volumeSet cannot be used with the parameter maxResults',
      );
    }
    const named = input.VolumeId?.map((id) => volumeNamed(call, id).volume) ?? candidates(call, input.Filter);
    const passes = testOf(input.Filter, fieldsOf(call), (volume) => tagsOf(call, volume.volumeId));
    const test = (volume: Volume) => seenVolume(call.world, volume, call.now) !== undefined && passes(volume);
    const page = paged(named, (volume) => volume.number, input, { test });
    return {
      volumeSet: page.items.map((volume) => writtenVolume(call, volume, seenVolume(call.world, volume, call.now))),
      nextToken: page.nextToken,
    };
  }),

  DeleteVolume: action({ VolumeId: text }, (call, input) => {
    const { volume, seen } = usableVolume(call, input.VolumeId);
    if (seen.attachment) {
      throw new VendorError('VolumeInUse', `Volume ${volume.volumeId} is currently attached to ${seen.attachment.instanceId}`);
    }
    if (seen.state === 'creating')
      throw new VendorError('IncorrectState', `Volume '${volume.volumeId}' is in the 'creating' state.`);
    if (seen.state !== 'deleting') {
      const deleted = { at: call.now.getTime(), takesMs: call.world.volumeMs };
      call.world.volumes.set(volume.volumeId, { ...volume, attachment: undefined, deleted });
    }
    return { return: true };
  }),
};

function create(call: Call, input: CreateVolume): string {
  const tags = specifiedTags(input.TagSpecification, ['volume']);
  const zone = zoneFor(call, input);
  const snapshot = input.SnapshotId === undefined ? undefined : usableSnapshot(call, input.SnapshotId);
  const sizeGiB = input.Size ?? snapshot?.sizeGiB;
  if (sizeGiB === undefined)
    throw new VendorError('MissingParameter', 'The request must contain the parameter size or snapshotId');
  if (snapshot && sizeGiB < snapshot.sizeGiB) {
    throw new VendorError(
      'InvalidParameterValue',
      `Volume of ${sizeGiB}GiB is smaller than snapshot '${snapshot.snapshotId}', expect size >= ${snapshot.sizeGiB}GiB`,
    );
  }
  const { VolumeType: type, Iops: iops, Throughput: throughput } = input;
  const { volumeId } = newVolume(call, {
    ...volumeShape({ type, sizeGiB, iops, throughput }),
    zone,
    encrypted: input.Encrypted === true || snapshot?.encrypted === true,
    snapshotId: snapshot?.snapshotId,
    takesMs: call.world.volumeMs,
  });
  addTags(call, volumeId, tags.volume ?? {});
  return volumeId;
}

/** @throws VendorError InvalidZone.NotFound, and InsufficientVolumeCapacity while the zone fails. */
function zoneFor({ world, region }: Call, { AvailabilityZone: name, AvailabilityZoneId: id }: CreateVolume): string {
  if (name === undefined && id === undefined) {
    throw new VendorError('MissingParameter', 'The request must contain the parameter AvailabilityZone');
  }
  const zone = zonesOf(region).find(
    (candidate) => (name ?? candidate.name) === candidate.name && (id ?? candidate.id) === candidate.id,
  );
  if (!zone) throw new VendorError('InvalidZone.NotFound', `The zone '${name ?? id ?? ''}' does not exist.`);
  if (world.weather.isDown(zone.name)) {
    throw new VendorError('InsufficientVolumeCapacity', 'There is not enough capacity to fulfill your EBS volume request.');
  }
  return zone.name;
}

export interface VolumeOrder extends VolumeShape {
  zone: string;
  encrypted: boolean;
  snapshotId?: string | undefined;
  takesMs: number;
  attachment?: Attachment | undefined;
}

/** Makes a volume, with what its snapshot holds. */
export function newVolume({ world, accountId, region, now }: Call, { takesMs, ...order }: VolumeOrder): Volume {
  const volume: Volume = {
    number: world.store.next('volume'),
    volumeId: newId('vol'),
    accountId,
    region,
    ...order,
    created: { at: now.getTime(), takesMs },
  };
  world.volumes.set(volume.volumeId, volume);
  if (volume.snapshotId) copyContents(world, volume.snapshotId, volume.volumeId);
  return volume;
}

/** Where to look: at what an instance or a tag names, if a filter does so outright, and else at everything the caller has. */
function candidates(call: Call, given: FilterInput): readonly Volume[] {
  const { find, volumes } = call.world;
  const mine = (volume: Volume | undefined) => volume && placeOf(volume) === placeOf(call);
  const byInstance = namedBy(given, (name) => name === 'attachment.instance-id');
  if (byInstance) return byNumber(byInstance.Value.flatMap((id) => find.volumesOf.get(id).filter(mine)));
  const ids = idsTagged(call, given);
  return ids ? byNumber(ids.map((id) => volumes.get(id))) : find.volumes.get(placeOf(call));
}

function fieldsOf({ world, now }: Call): Record<string, (volume: Volume) => Array<string | undefined>> {
  const attachmentOf = (volume: Volume) => seenVolume(world, volume, now)?.attachment;
  return {
    'volume-id': (volume) => [volume.volumeId],
    status: (volume) => [seenVolume(world, volume, now)?.state],
    'availability-zone': (volume) => [volume.zone],
    'availability-zone-id': (volume) => [zonesOf(volume.region).find((zone) => zone.name === volume.zone)?.id],
    'create-time': (volume) => [new Date(volume.created.at).toISOString()],
    encrypted: (volume) => [String(volume.encrypted)],
    size: (volume) => [String(volume.sizeGiB)],
    'snapshot-id': (volume) => [volume.snapshotId],
    'volume-type': (volume) => [volume.type],
    'multi-attach-enabled': () => ['false'],
    'attachment.instance-id': (volume) => [attachmentOf(volume)?.instanceId],
    'attachment.device': (volume) => [attachmentOf(volume)?.device],
    'attachment.status': (volume) => [attachmentOf(volume)?.state],
    'attachment.delete-on-termination': (volume) => [attachmentOf(volume)?.deleteOnTermination.toString()],
  };
}

function writtenVolume(call: Call, volume: Volume, seen: SeenVolume | undefined): XmlObject {
  return {
    volumeId: volume.volumeId,
    size: volume.sizeGiB,
    snapshotId: volume.snapshotId ?? '',
    availabilityZone: volume.zone,
    availabilityZoneId: zonesOf(volume.region).find((zone) => zone.name === volume.zone)?.id,
    status: seen?.state,
    createTime: new Date(volume.created.at),
    attachmentSet: seen?.attachment ? [writtenAttachment(volume, seen.attachment, seen.attachment.state)] : [],
    tagSet: tagSet(tagsOf(call, volume.volumeId)),
    volumeType: volume.type,
    iops: volume.iops,
    throughput: volume.throughput,
    encrypted: volume.encrypted,
    multiAttachEnabled: false,
  };
}

export const writtenAttachment = ({ volumeId }: Volume, attachment: Attachment, status: string): XmlObject => ({
  volumeId,
  instanceId: attachment.instanceId,
  device: attachment.device,
  status,
  attachTime: new Date(attachment.attached.at),
  deleteOnTermination: attachment.deleteOnTermination,
});
