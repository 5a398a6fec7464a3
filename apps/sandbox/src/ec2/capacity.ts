/** Room for instances: what a zone has of a type, and what a placement group takes. */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { stateOf } from './instance-state.ts';
import { groupIsFull, roomInGroup } from './placement.ts';
import type { PlacementGroup } from './placement-group-state.ts';

export interface Wanted {
  zone: string;
  instanceType: string;
  group?: PlacementGroup | undefined;
}

/** How many more instances the zone and the group take. */
export const roomFor = (call: Call, wanted: Wanted): number =>
  Math.min(roomInZone(call, wanted), roomInGroup(call, wanted.group, wanted.zone));

/** @throws VendorError InsufficientInstanceCapacity or, for a full placement group, InstanceLimitExceeded. */
export function mustHaveRoom(call: Call, wanted: Wanted, atLeast: number): void {
  const { zone, instanceType, group } = wanted;
  if (roomInZone(call, wanted) < atLeast) {
    throw new VendorError(
      'InsufficientInstanceCapacity',
      `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.`,
    );
  }
  if (group && roomInGroup(call, group, zone) < atLeast) throw groupIsFull(group, zone);
}

function roomInZone({ world, now }: Call, { zone, instanceType }: Wanted): number {
  const capacity = world.weather.capacityFor(zone, instanceType);
  if (capacity === Number.POSITIVE_INFINITY || capacity === 0) return capacity;
  const used = world.find.instancesInZone
    .get(`${zone}/${instanceType}`)
    .filter((instance) => !['stopped', 'terminated'].includes(stateOf(instance, now)));
  return Math.max(0, capacity - used.length);
}
