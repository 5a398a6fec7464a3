/** The volumes that a launch makes: the image's root, and what BlockDeviceMapping adds or changes. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import type { Image } from './image-state.ts';
import { flag, integer, text } from './input.ts';
import type { Instance } from './instance-state.ts';
import { usableSnapshot } from './snapshot-state.ts';
import { mustBeDevice } from './volume-attachments.ts';
import { volumeShape } from './volume-types.ts';
import { newVolume, type VolumeOrder } from './volumes.ts';

const ebs = z.strictObject({
  VolumeSize: integer.optional(),
  VolumeType: text.optional(),
  DeleteOnTermination: flag.optional(),
  Encrypted: flag.optional(),
  SnapshotId: text.optional(),
  Iops: integer.optional(),
  Throughput: integer.optional(),
});

export const blockDeviceMappings = z
  .array(z.strictObject({ DeviceName: text, Ebs: ebs.optional(), NoDevice: text.optional() }))
  .default([]);
type Mapping = z.output<typeof blockDeviceMappings>[number];

export interface Device {
  name: string;
  deleteOnTermination: boolean;
  order: Pick<VolumeOrder, 'type' | 'sizeGiB' | 'iops' | 'throughput' | 'encrypted' | 'snapshotId'>;
}

/**
 * The devices of each instance of a launch, the root first.
 * @throws VendorError InvalidBlockDeviceMapping, or what CreateVolume says.
 */
export function devicesFor(call: Call, image: Image, mappings: Mapping[]): Device[] {
  const byName = new Map(mappings.map((mapping) => [mapping.DeviceName, mapping]));
  if (byName.size < mappings.length) {
    throw new VendorError('InvalidBlockDeviceMapping', 'Each device name may be given once.');
  }
  const root = byName.get(image.rootDeviceName);
  if (root?.NoDevice !== undefined) {
    throw new VendorError('InvalidBlockDeviceMapping', 'The root device may not be left out.');
  }
  const others = mappings.filter((mapping) => mapping !== root && mapping.NoDevice === undefined);
  return [rootDevice(image, root), ...others.map((mapping) => deviceOf(call, mapping))];
}

function rootDevice(image: Image, mapping: Mapping | undefined): Device {
  const { VolumeSize: asked, VolumeType = 'gp3', Encrypted, DeleteOnTermination, Iops, Throughput } = mapping?.Ebs ?? {};
  mustFit(image.snapshotId, image.volumeGiB, asked);
  return {
    name: image.rootDeviceName,
    deleteOnTermination: DeleteOnTermination ?? true,
    order: {
      ...volumeShape({ type: VolumeType, sizeGiB: asked ?? image.volumeGiB, iops: Iops, throughput: Throughput }),
      encrypted: image.encrypted || Encrypted === true,
      snapshotId: image.snapshotId,
    },
  };
}

function deviceOf(call: Call, { DeviceName, Ebs = {} }: Mapping): Device {
  mustBeDevice(DeviceName);
  const snapshot = Ebs.SnapshotId === undefined ? undefined : usableSnapshot(call, Ebs.SnapshotId);
  if (snapshot) mustFit(snapshot.snapshotId, snapshot.sizeGiB, Ebs.VolumeSize);
  const sizeGiB = Ebs.VolumeSize ?? snapshot?.sizeGiB;
  if (sizeGiB === undefined)
    throw new VendorError('MissingParameter', 'The request must contain the parameter size or snapshotId');
  return {
    name: DeviceName,
    deleteOnTermination: Ebs.DeleteOnTermination ?? true,
    order: {
      ...volumeShape({ type: Ebs.VolumeType, sizeGiB, iops: Ebs.Iops, throughput: Ebs.Throughput }),
      encrypted: Ebs.Encrypted === true || snapshot?.encrypted === true,
      snapshotId: snapshot?.snapshotId,
    },
  };
}

function mustFit(snapshotId: string, snapshotGiB: number, asked: number | undefined): void {
  if (asked === undefined || asked >= snapshotGiB) return;
  throw new VendorError(
    'InvalidBlockDeviceMapping',
    `Volume of size ${asked}GB is smaller than snapshot '${snapshotId}', expect size >= ${snapshotGiB}GB`,
  );
}

/** Makes them for one instance, attached to it from the start. @returns their ids. */
export function volumesFor(call: Call, { instanceId, zone }: Instance, devices: Device[]): string[] {
  return devices.map(({ name, deleteOnTermination, order }) => {
    const attached = { at: call.now.getTime(), takesMs: 0 };
    const attachment = { instanceId, device: name, deleteOnTermination, attached };
    return newVolume(call, { ...order, zone, takesMs: 0, attachment }).volumeId;
  });
}
