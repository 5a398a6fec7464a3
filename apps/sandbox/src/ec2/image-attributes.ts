/** ModifyImageAttribute and DescribeImageAttribute: who may launch an image, and whether it insists on IMDSv2. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions } from './call.ts';
import { ownImageNamed, type Image } from './image-state.ts';
import { invalidValue, text } from './input.ts';
import type { XmlObject } from './xml.ts';

const launchPermission = z.strictObject({ UserId: text.optional(), Group: text.optional() });
const launchPermissions = z.array(launchPermission).default([]);
const value = z.strictObject({ Value: text }).optional();

export const imageAttributeActions: Actions = {
  ModifyImageAttribute: action(
    {
      ImageId: text,
      Attribute: text.optional(),
      LaunchPermission: z.strictObject({ Add: launchPermissions, Remove: launchPermissions }).optional(),
      OperationType: z.enum(['add', 'remove']).optional(),
      UserId: z.array(text).default([]),
      UserGroup: z.array(text).default([]),
      ImdsSupport: value,
      Description: value,
      Value: text.optional(),
    },
    (call, input) => {
      let image = ownImageNamed(call, input.ImageId);
      // The older spelling of the same: Attribute and OperationType, with the accounts beside them.
      const listed = [...input.UserId.map((UserId) => ({ UserId })), ...input.UserGroup.map((Group) => ({ Group }))];
      const added = grantees([...(input.LaunchPermission?.Add ?? []), ...(input.OperationType === 'add' ? listed : [])]);
      const removed = grantees([...(input.LaunchPermission?.Remove ?? []), ...(input.OperationType === 'remove' ? listed : [])]);
      const imdsSupport = input.ImdsSupport?.Value ?? (input.Attribute === 'imdsSupport' ? input.Value : undefined);
      const description = input.Description?.Value ?? (input.Attribute === 'description' ? input.Value : undefined);
      if (added.length + removed.length === 0 && imdsSupport === undefined && description === undefined) {
        throw new VendorError('InvalidParameterCombination', 'No attributes specified.');
      }

      const others = image.launchPermissions.filter((grantee) => !removed.includes(grantee) && !added.includes(grantee));
      image = { ...image, launchPermissions: [...others, ...added] };
      if (description !== undefined) image = { ...image, description };
      if (imdsSupport !== undefined) {
        if (imdsSupport !== 'v2.0') throw invalidValue('imdsSupport', imdsSupport, 'v2.0 is expected.');
        image = { ...image, imdsSupport };
      }
      call.world.images.set(image.imageId, image);
      return { return: true };
    },
  ),

  DescribeImageAttribute: action({ ImageId: text, Attribute: text }, (call, input) => {
    const image = ownImageNamed(call, input.ImageId);
    const written = Object.hasOwn(ATTRIBUTE, input.Attribute) ? ATTRIBUTE[input.Attribute] : undefined;
    if (!written) throw invalidValue('attribute', input.Attribute);
    return { imageId: image.imageId, ...written(image) };
  }),
};

const ATTRIBUTE: Record<string, (image: Image) => XmlObject> = {
  launchPermission: (image) => ({
    launchPermission: image.launchPermissions.map((grantee) => (grantee === 'all' ? { group: 'all' } : { userId: grantee })),
  }),
  imdsSupport: (image) => ({ imdsSupport: image.imdsSupport ? { value: image.imdsSupport } : {} }),
  description: (image) => ({ description: image.description ? { value: image.description } : {} }),
  productCodes: (image) => ({ productCodes: image.productCodes.map((productCode) => ({ productCode, type: 'marketplace' })) }),
};

/** @throws VendorError InvalidAMIAttributeItemValue for what is neither an account nor the group `all`. */
function grantees(permissions: Array<z.output<typeof launchPermission>>): string[] {
  return permissions.map(({ UserId, Group }) => {
    if (Group === 'all') return Group;
    if (UserId !== undefined && /^\d{12}$/.test(UserId)) return UserId;
    const kind = UserId === undefined ? 'group' : 'userId';
    throw new VendorError(
      'InvalidAMIAttributeItemValue',
      `Invalid attribute item value "${UserId ?? Group ?? ''}" for ${kind} item type.`,
    );
  });
}
