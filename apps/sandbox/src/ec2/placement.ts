/** Where in its placement group an instance goes, and how many more the group takes. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { integer, invalidValue, text } from './input.ts';
import { membersOf, placementGroupNamed, type PlacementGroup } from './placement-group-state.ts';

export const placementInput = z
  .strictObject({
    AvailabilityZone: text.optional(),
    AvailabilityZoneId: text.optional(),
    Tenancy: z.literal('default').optional(),
    GroupName: text.optional(),
    GroupId: text.optional(),
    PartitionNumber: integer.optional(),
  })
  .default({});
export type PlacementInput = z.output<typeof placementInput>;

/** A member of a group, as the instance keeps it. */
export interface Membership {
  groupId: string;
  groupName: string;
  partition?: number | undefined;
}

/** @throws VendorError for a group or a partition that does not exist. */
export function placementGroupFor(call: Call, asked: PlacementInput): PlacementGroup | undefined {
  const { GroupName, GroupId, PartitionNumber: partition } = asked;
  const group = (GroupName || GroupId) === undefined ? undefined : placementGroupNamed(call, { name: GroupName, id: GroupId });
  if (partition === undefined) return group;
  if (group?.strategy !== 'partition') {
    throw new VendorError(
      'InvalidParameterCombination',
      'The parameter PartitionNumber is only valid with a placement group of the partition strategy.',
    );
  }
  if (partition < 1 || partition > (group.partitionCount ?? 0)) {
    throw invalidValue('PartitionNumber', partition, `The placement group has ${group.partitionCount ?? 0} partitions.`);
  }
  return group;
}

/** Seven instances run in each zone of a spread group (EC2 User Guide, "Placement groups"). */
const MOST_SPREAD = 7;

export function roomInGroup(call: Call, group: PlacementGroup | undefined, zone: string): number {
  if (group?.strategy !== 'spread') return Number.POSITIVE_INFINITY;
  return Math.max(0, MOST_SPREAD - membersOf(call, group.groupId).filter((member) => member.zone === zone).length);
}

export const groupIsFull = ({ name }: PlacementGroup, zone: string): VendorError =>
  new VendorError(
    'InstanceLimitExceeded',
    `The placement group '${name}' has the maximum of ${MOST_SPREAD} running instances in the Availability Zone ${zone}.`,
  );

/** The members of a launch; each goes into the partition that was asked for, or else into the emptiest. */
export function memberships(
  call: Call,
  group: PlacementGroup | undefined,
  asked: PlacementInput,
  count: number,
): Array<Membership | undefined> {
  if (!group) return Array.from({ length: count }, () => undefined);
  const { groupId, name: groupName, partitionCount = 0 } = group;
  const filled = Array.from({ length: partitionCount }, () => 0);
  for (const { membership } of membersOf(call, groupId)) if (membership?.partition) filled[membership.partition - 1]! += 1;
  return Array.from({ length: count }, () => {
    if (group.strategy !== 'partition') return { groupId, groupName };
    const partition = asked.PartitionNumber ?? filled.indexOf(Math.min(...filled)) + 1;
    filled[partition - 1]! += 1;
    return { groupId, groupName, partition };
  });
}
