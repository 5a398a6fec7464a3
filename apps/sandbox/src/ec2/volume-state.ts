/**
 * What the sandbox keeps of a volume, and the state it is in at an instant. Nothing ticks here either: a volume whose instance
 * is terminated is free or gone by looking at the instance.
 */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { stateOf } from './instance-state.ts';
import { isOver, type Lapse } from './lapse.ts';
import type { VolumeType } from './volume-types.ts';
import { idPattern, type World } from './world.ts';

export interface Volume {
  number: number;
  volumeId: string;
  accountId: string;
  region: string;
  zone: string;
  sizeGiB: number;
  type: VolumeType;
  iops?: number | undefined;
  throughput?: number | undefined;
  encrypted: boolean;
  snapshotId?: string | undefined;
  created: Lapse;
  attachment?: Attachment | undefined;
  deleted?: Lapse | undefined;
}

export interface Attachment {
  instanceId: string;
  device: string;
  deleteOnTermination: boolean;
  attached: Lapse;
  detached?: Lapse | undefined;
}

export type VolumeState = 'creating' | 'available' | 'in-use' | 'deleting' | 'error';
export type AttachmentState = 'attaching' | 'attached' | 'detaching';

export interface SeenVolume {
  state: VolumeState;
  attachment?: (Attachment & { state: AttachmentState }) | undefined;
}

/** @returns undefined for a volume that is gone. */
export function seenVolume(world: World, volume: Volume, now: Date): SeenVolume | undefined {
  const seen = healthyVolume(world, volume, now);
  return seen && world.weather.isDown(volume.zone) ? { ...seen, state: 'error' } : seen;
}

function healthyVolume(world: World, volume: Volume, now: Date): SeenVolume | undefined {
  if (volume.deleted) return isOver(volume.deleted, now) ? undefined : { state: 'deleting' };
  const { attachment } = volume;
  if (attachment && !(attachment.detached && isOver(attachment.detached, now))) {
    const instance = world.instances.get(attachment.instanceId);
    const isHeld = instance && stateOf(instance, now) !== 'terminated';
    if (!isHeld && attachment.deleteOnTermination) return undefined;
    if (isHeld) return { state: 'in-use', attachment: { ...attachment, state: attachmentState(attachment, now) } };
  }
  return { state: isOver(volume.created, now) ? 'available' : 'creating' };
}

function attachmentState({ attached, detached }: Attachment, now: Date): AttachmentState {
  if (detached) return 'detaching';
  return isOver(attached, now) ? 'attached' : 'attaching';
}

/** The volumes that an instance holds, in the order of their devices. */
export function volumesOn(
  world: World,
  instanceId: string,
  now: Date,
): Array<{ volume: Volume; attachment: Attachment & { state: AttachmentState } }> {
  return world.find.volumesOf
    .get(instanceId)
    .flatMap((volume) => {
      const attachment = seenVolume(world, volume, now)?.attachment;
      return attachment ? [{ volume, attachment }] : [];
    })
    .sort((a, b) => (a.attachment.device < b.attachment.device ? -1 : 1));
}

const VOLUME_ID = idPattern('vol');

/**
 * The caller's volume in the region, to do something with.
 * @throws VendorError as `volumeNamed`, and InternalError while its zone fails.
 */
export function usableVolume(call: Call, volumeId: string): { volume: Volume; seen: SeenVolume } {
  const found = volumeNamed(call, volumeId);
  if (call.world.weather.isDown(found.volume.zone)) throw new VendorError('InternalError', 'An internal error has occurred');
  return found;
}

/**
 * The caller's volume in the region.
 * @throws VendorError InvalidVolumeID.Malformed or InvalidVolume.NotFound.
 */
export function volumeNamed({ world, accountId, region, now }: Call, volumeId: string): { volume: Volume; seen: SeenVolume } {
  if (!VOLUME_ID.test(volumeId)) {
    throw new VendorError(
      'InvalidVolumeID.Malformed',
      `Value (${volumeId}) for parameter volumeId is invalid. Expected: 'vol-...'.`,
    );
  }
  const volume = world.volumes.get(volumeId);
  const seen = volume && seenVolume(world, volume, now);
  if (!seen || volume.accountId !== accountId || volume.region !== region) {
    throw new VendorError('InvalidVolume.NotFound', `The volume '${volumeId}' does not exist.`);
  }
  return { volume, seen };
}
