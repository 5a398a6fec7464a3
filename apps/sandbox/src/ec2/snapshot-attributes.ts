/** ModifySnapshotAttribute and DescribeSnapshotAttribute: which accounts may make volumes and copies of a snapshot. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions } from './call.ts';
import { invalidValue, text } from './input.ts';
import { ownSnapshotNamed } from './snapshot-state.ts';

const grantee = z.strictObject({ UserId: text.optional(), Group: text.optional() });
const grantees = z.array(grantee).default([]);

export const snapshotAttributeActions: Actions = {
  ModifySnapshotAttribute: action(
    {
      SnapshotId: text,
      Attribute: z.literal('createVolumePermission').optional(),
      CreateVolumePermission: z.strictObject({ Add: grantees, Remove: grantees }).optional(),
      OperationType: z.enum(['add', 'remove']).optional(),
      UserId: z.array(text).default([]),
      UserGroup: z.array(text).default([]),
    },
    (call, input) => {
      const snapshot = ownSnapshotNamed(call, input.SnapshotId);
      // The older spelling of the same: OperationType, with the accounts beside it.
      const listed = [...input.UserId.map((UserId) => ({ UserId })), ...input.UserGroup.map((Group) => ({ Group }))];
      const named = (kind: 'Add' | 'Remove', operation: 'add' | 'remove'): string[] =>
        [...(input.CreateVolumePermission?.[kind] ?? []), ...(input.OperationType === operation ? listed : [])].map(account);
      const [added, removed] = [named('Add', 'add'), named('Remove', 'remove')];
      if (added.length + removed.length === 0) {
        throw new VendorError('InvalidParameterCombination', 'No attributes specified.');
      }
      const others = snapshot.permissions.filter((known) => !removed.includes(known) && !added.includes(known));
      call.world.snapshots.set(snapshot.snapshotId, { ...snapshot, permissions: [...others, ...added] });
      return { return: true };
    },
  ),

  DescribeSnapshotAttribute: action({ SnapshotId: text, Attribute: text }, (call, input) => {
    const snapshot = ownSnapshotNamed(call, input.SnapshotId);
    if (input.Attribute !== 'createVolumePermission') throw invalidValue('attribute', input.Attribute);
    return {
      snapshotId: snapshot.snapshotId,
      createVolumePermission: snapshot.permissions.map((known) => (known === 'all' ? { group: 'all' } : { userId: known })),
    };
  }),
};

/** @throws VendorError InvalidParameterValue for what is neither an account nor the group `all`. */
function account({ UserId, Group }: z.output<typeof grantee>): string {
  if (Group === 'all') return Group;
  if (UserId !== undefined && /^\d{12}$/.test(UserId)) return UserId;
  throw invalidValue(UserId === undefined ? 'group' : 'userId', UserId ?? Group ?? '');
}
