/** EC2's answers in our terms. */
import type { Image, Instance, Snapshot } from '@aws-sdk/client-ec2';
import type { Machine } from '#domain/fleet.ts';
import type { ImageView, SnapshotView } from '#domain/image.ts';

export interface Ec2Machine extends Machine {
  instanceId: string;
  accountId: string | null;
  zone: string | null;
  /** The image that it runs, which is not always the one that it was launched from: root volumes can be replaced. */
  imageId: string | null;
  /** `required`: IMDSv2 only; null where EC2 does not say. */
  httpTokens: string | null;
}

export function readMachine(instance: Instance, ownerId: string | undefined): Ec2Machine {
  const note = instance.StateTransitionReason ?? '';
  return {
    instanceId: instance.InstanceId ?? '',
    accountId: ownerId ?? null,
    zone: instance.Placement?.AvailabilityZone ?? null,
    imageId: instance.ImageId ?? null,
    httpTokens: instance.MetadataOptions?.HttpTokens ?? null,
    state: instance.State?.Name ?? 'pending',
    launchTime: instance.LaunchTime ?? new Date(0),
    endedAt: timeIn(note),
    address: instance.PublicIpAddress ?? null,
    reason: instance.StateReason?.Message || note || null,
    endedBy: enderOf(instance.StateReason?.Code),
  };
}

/** A machine that was not asked for by name. */
export interface FoundMachine extends Ec2Machine {
  instanceType: string;
  clientToken: string | null;
  tags: Record<string, string>;
}

export const readFound = (instance: Instance, ownerId: string | undefined): FoundMachine => ({
  ...readMachine(instance, ownerId),
  instanceType: instance.InstanceType ?? '',
  clientToken: instance.ClientToken || null,
  tags: Object.fromEntries((instance.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
});

/** Codes begin with whose doing it was: `Server.SpotInstanceTermination`, `Client.UserInitiatedShutdown`. */
function enderOf(code: string | undefined): Ec2Machine['endedBy'] {
  if (code?.startsWith('Server.')) return 'aws';
  return code?.startsWith('Client.') ? 'account' : null;
}

/** The instant in a StateTransitionReason such as `User initiated (2026-01-05 09:00:00 GMT)`. */
export function timeIn(note: string): Date | null {
  const [, day, time] = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:GMT|UTC)\)/.exec(note) ?? [];
  return day ? new Date(`${day}T${time}Z`) : null;
}

export function readImage(image: Image): ImageView {
  const volumes = (image.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) => (Ebs ? [{ ...Ebs, DeviceName }] : []));
  const root = volumes.find(({ DeviceName }) => DeviceName !== undefined && DeviceName === image.RootDeviceName);
  return {
    imageId: image.ImageId ?? '',
    name: image.Name ?? '',
    description: image.Description ?? '',
    state: image.State ?? 'unknown',
    stateReason: image.StateReason?.Message ?? null,
    rootDeviceType: image.RootDeviceType ?? 'unknown',
    virtualizationType: image.VirtualizationType ?? 'unknown',
    architecture: image.Architecture ?? 'unknown',
    platformDetails: image.PlatformDetails ?? '',
    encrypted: volumes.some(({ Encrypted }) => Encrypted === true),
    enaSupport: image.EnaSupport === true,
    imdsSupport: image.ImdsSupport ?? null,
    productCodes: (image.ProductCodes ?? []).flatMap(({ ProductCodeId }) => (ProductCodeId ? [ProductCodeId] : [])),
    rootGib: root?.VolumeSize ?? null,
    snapshotIds: volumes.flatMap(({ SnapshotId }) => (SnapshotId ? [SnapshotId] : [])),
  };
}

/** EC2 writes progress as `45%`, and leaves it out where it does not know. */
export const readSnapshot = (snapshot: Snapshot): SnapshotView => ({
  snapshotId: snapshot.SnapshotId ?? '',
  sizeGib: snapshot.VolumeSize ?? 1,
  percent: /^\d{1,3}%$/.test(snapshot.Progress ?? '') ? Math.min(100, Number.parseInt(snapshot.Progress!, 10)) : null,
});
