/** What the sandbox keeps of a placement group, and who is in it. */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { stateOf, type Instance } from './instance-state.ts';
import { placeOf } from './world.ts';

export interface PlacementGroup {
  number: number;
  groupId: string;
  accountId: string;
  region: string;
  name: string;
  strategy: 'spread' | 'partition';
  /** Of a partition group: 1 to 7. */
  partitionCount?: number | undefined;
}

/** The group's instances that take up room there: those that run, and those that are on their way up or down. */
export const membersOf = ({ world, now }: Pick<Call, 'world' | 'now'>, groupId: string): Instance[] =>
  world.find.instancesInGroup.get(groupId).filter((instance) => !['stopped', 'terminated'].includes(stateOf(instance, now)));

export const placementGroupsOf = (call: Call): readonly PlacementGroup[] => call.world.find.placementGroups.get(placeOf(call));

/** @throws VendorError InvalidPlacementGroup.Unknown. */
export function placementGroupNamed(
  call: Call,
  { name, id }: { name?: string | undefined; id?: string | undefined },
): PlacementGroup {
  const group = placementGroupsOf(call).find((candidate) =>
    id === undefined ? candidate.name === name : candidate.groupId === id,
  );
  if (!group) throw new VendorError('InvalidPlacementGroup.Unknown', `The Placement Group '${id ?? name}' is unknown.`);
  return group;
}
