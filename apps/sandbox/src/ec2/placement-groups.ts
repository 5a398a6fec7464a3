/** Placement groups: made, shown, deleted. The sandbox has the strategies spread and partition. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions, type Call } from './call.ts';
import { filtered } from './filters.ts';
import { filters, integer, invalidValue, tagSpecifications, text } from './input.ts';
import { stateOf } from './instance-state.ts';
import { placementGroupNamed, placementGroupsOf, type PlacementGroup } from './placement-group-state.ts';
import { addTags, specifiedTags, tagSet, tagsOf } from './tags.ts';
import { newId } from './world.ts';
import type { XmlObject } from './xml.ts';

const MOST_PARTITIONS = 7;

export const placementGroupActions: Actions = {
  CreatePlacementGroup: action(
    {
      GroupName: text.min(1).max(255, 'at most 255 characters are expected'),
      Strategy: z.enum(['spread', 'partition'], { error: 'the sandbox has spread and partition' }),
      PartitionCount: integer.optional(),
      SpreadLevel: z.literal('rack', { error: 'the sandbox spreads over racks' }).optional(),
      TagSpecification: tagSpecifications,
    },
    (call, input) => {
      const tags = specifiedTags(input.TagSpecification, ['placement-group'])['placement-group'] ?? {};
      if (placementGroupsOf(call).some((group) => group.name === input.GroupName)) {
        throw new VendorError('InvalidPlacementGroup.Duplicate', `The Placement Group '${input.GroupName}' already exists.`);
      }
      const { world, accountId, region } = call;
      const group: PlacementGroup = {
        number: world.store.next('placement-group'),
        groupId: newId('pg'),
        accountId,
        region,
        name: input.GroupName,
        strategy: input.Strategy,
        partitionCount: partitionCount(input.Strategy, input.PartitionCount),
      };
      world.placementGroups.set(group.groupId, group);
      addTags(call, group.groupId, tags);
      return { return: true, placementGroup: written(call, group) };
    },
  ),

  DescribePlacementGroups: action(
    { GroupName: z.array(text).optional(), GroupId: z.array(text).optional(), Filter: filters },
    (call, input) => {
      const byName = input.GroupName?.map((name) => placementGroupNamed(call, { name }));
      const byId = input.GroupId?.map((id) => placementGroupNamed(call, { id }));
      const named = byName || byId ? [...(byName ?? []), ...(byId ?? [])] : placementGroupsOf(call);
      const fields = {
        'group-name': (group: PlacementGroup) => [group.name],
        strategy: (group: PlacementGroup) => [group.strategy],
        state: () => ['available'],
        'spread-level': (group: PlacementGroup) => [group.strategy === 'spread' ? 'rack' : undefined],
      };
      const shown = filtered(named, input.Filter, fields, (group) => tagsOf(call, group.groupId));
      return { placementGroupSet: shown.map((group) => written(call, group)) };
    },
  ),

  DeletePlacementGroup: action({ GroupName: text }, (call, input) => {
    const group = placementGroupNamed(call, { name: input.GroupName });
    const members = call.world.find.instancesInGroup.get(group.groupId);
    if (members.some((instance) => stateOf(instance, call.now) !== 'terminated')) {
      throw new VendorError(
        'InvalidPlacementGroup.InUse',
        `The placement group '${group.name}' is in use and may not be deleted.`,
      );
    }
    call.world.placementGroups.delete(group.groupId);
    return { return: true };
  }),
};

/** Two partitions unless said otherwise. */
function partitionCount(strategy: PlacementGroup['strategy'], asked: number | undefined): number | undefined {
  if (strategy === 'spread') {
    if (asked === undefined) return undefined;
    throw new VendorError(
      'InvalidParameterCombination',
      'The parameter PartitionCount is only valid with the partition strategy.',
    );
  }
  const count = asked ?? 2;
  if (count < 1 || count > MOST_PARTITIONS)
    throw invalidValue('PartitionCount', count, `A value from 1 to ${MOST_PARTITIONS} is expected.`);
  return count;
}

const written = (call: Call, group: PlacementGroup): XmlObject => ({
  groupName: group.name,
  groupId: group.groupId,
  groupArn: `arn:aws:ec2:${group.region}:${group.accountId}:placement-group/${group.name}`,
  state: 'available',
  strategy: group.strategy,
  partitionCount: group.partitionCount,
  spreadLevel: group.strategy === 'spread' ? 'rack' : undefined,
  tagSet: tagSet(tagsOf(call, group.groupId)),
});
