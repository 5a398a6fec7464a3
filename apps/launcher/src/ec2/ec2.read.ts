/** EC2's answers in our terms. */
import type { Image, Instance } from '@aws-sdk/client-ec2';
import type { Machine } from '#domain/fleet.ts';
import type { ImageView } from '#domain/image.ts';

export interface Ec2Machine extends Machine {
  instanceId: string;
  accountId: string | null;
  zone: string | null;
}

export function readMachine(instance: Instance, ownerId: string | undefined): Ec2Machine {
  const note = instance.StateTransitionReason ?? '';
  return {
    instanceId: instance.InstanceId ?? '',
    accountId: ownerId ?? null,
    zone: instance.Placement?.AvailabilityZone ?? null,
    state: instance.State?.Name ?? 'pending',
    launchTime: instance.LaunchTime ?? new Date(0),
    endedAt: timeIn(note),
    address: instance.PublicIpAddress ?? null,
    reason: instance.StateReason?.Message || note || null,
  };
}

/** The instant in a StateTransitionReason such as `User initiated (2026-01-05 09:00:00 GMT)`. */
export function timeIn(note: string): Date | null {
  const [, day, time] = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:GMT|UTC)\)/.exec(note) ?? [];
  return day ? new Date(`${day}T${time}Z`) : null;
}

export const readImage = (image: Image): ImageView => ({
  imageId: image.ImageId ?? '',
  state: image.State ?? 'unknown',
  stateReason: image.StateReason?.Message ?? null,
  rootDeviceType: image.RootDeviceType ?? 'unknown',
  virtualizationType: image.VirtualizationType ?? 'unknown',
  architecture: image.Architecture ?? 'unknown',
  encrypted: (image.BlockDeviceMappings ?? []).some((mapping) => mapping.Ebs?.Encrypted === true),
  enaSupport: image.EnaSupport === true,
});
