/** DescribeImages, CopyImage, DeregisterImage. Images come into being through the control port, or as copies. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, clientToken, once, type Actions, type Call } from './call.ts';
import { filtered, paged } from './filters.ts';
import { imageNamed, imageState, maySee, ownImageNamed, type Image } from './image-state.ts';
import { filters, flag, paging, tagSpecifications, text } from './input.ts';
import { isRegion } from './regions.ts';
import { NO_VOLUME } from './snapshot-state.ts';
import { deleteSnapshot, newSnapshot } from './snapshots.ts';
import { addTags, specifiedTags, tagSet, tagsOf } from './tags.ts';
import { newId } from './world.ts';
import type { XmlObject } from './xml.ts';

export const imageActions: Actions = {
  DescribeImages: action(
    {
      ImageId: z.array(text).optional(),
      Owner: z.array(text).optional(),
      ExecutableBy: z.array(text).optional(),
      Filter: filters,
      IncludeDeprecated: flag.optional(),
      IncludeDisabled: flag.optional(),
      ...paging,
    },
    (call, input) => {
      const named = input.ImageId?.map((id) => imageNamed(call, id)) ?? visible(call);
      const owners = input.Owner?.map((owner) => (owner === 'self' ? call.accountId : owner));
      const executors = input.ExecutableBy?.map((account) => (account === 'self' ? call.accountId : account));
      const wanted = named.filter(
        (image) =>
          (!owners || owners.includes(image.accountId)) &&
          (!executors || image.launchPermissions.some((grantee) => executors.includes(grantee))),
      );
      const shown = filtered(
        wanted,
        input.Filter,
        {
          name: (image) => [image.name],
          'image-id': (image) => [image.imageId],
          state: (image) => [imageState(image, call.now)],
          'owner-id': (image) => [image.accountId],
          architecture: (image) => [image.architecture],
          description: (image) => [image.description],
          'is-public': (image) => [String(image.launchPermissions.includes('all'))],
          'root-device-type': (image) => [image.rootDeviceType],
          'virtualization-type': (image) => [image.virtualizationType],
          'image-type': () => ['machine'],
          'product-code': (image) => image.productCodes,
          'source-image-id': (image) => [image.sourceImageId],
          'source-image-region': (image) => [image.sourceRegion],
        },
        (image) => tagsOf(call, image.imageId),
      );
      const page = paged(shown, (image) => image.number, input, { smallest: 1 });
      return { imagesSet: page.items.map((image) => written(call, image)), nextToken: page.nextToken };
    },
  ),

  CopyImage: action(
    {
      Name: text.min(3, 'at least 3 characters are expected').max(128, 'at most 128 characters are expected'),
      SourceImageId: text,
      SourceRegion: text,
      ClientToken: clientToken,
      Description: text.optional(),
      Encrypted: flag.optional(),
      CopyImageTags: flag.optional(),
      TagSpecification: tagSpecifications,
    },
    (call, input, parameters) => {
      if (!isRegion(input.SourceRegion))
        throw new VendorError('InvalidRequest', `The specified region '${input.SourceRegion}' is not valid`);
      const tags = specifiedTags(input.TagSpecification, ['image', 'snapshot']);
      const [imageId] = once(call, 'CopyImage', parameters, () => {
        const source = imageNamed({ ...call, region: input.SourceRegion }, input.SourceImageId);
        if (imageState(source, call.now) !== 'available') {
          throw new VendorError('InvalidAMIID.Unavailable', `The image ID '${source.imageId}' is not available`);
        }
        const copy = copyOf(call, source, { name: input.Name, description: input.Description, encrypted: input.Encrypted });
        call.world.images.set(copy.imageId, copy);
        const kept = input.CopyImageTags ? tagsOf(call, source.imageId) : {};
        addTags(call, copy.imageId, { ...kept, ...tags.image });
        addTags(call, copy.snapshotId, tags.snapshot ?? {});
        return [copy.imageId];
      });
      return { imageId };
    },
  ),

  DeregisterImage: action({ ImageId: text, DeleteAssociatedSnapshots: flag.optional() }, (call, input) => {
    const image = ownImageNamed(call, input.ImageId);
    call.world.images.delete(image.imageId);
    if (input.DeleteAssociatedSnapshots) deleteSnapshot(call.world, image.snapshotId);
    return { return: true };
  }),
};

/** Private to the copier: a copy takes over neither launch permissions nor tags of its source. */
function copyOf(
  call: Call,
  source: Image,
  asked: { name: string; description?: string | undefined; encrypted?: boolean | undefined },
): Image {
  const { world, accountId, region, now } = call;
  const encrypted = source.encrypted || asked.encrypted === true;
  const snapshot = newSnapshot(call, {
    volumeId: NO_VOLUME,
    sizeGiB: source.volumeGiB,
    encrypted,
    description: `Copied for DestinationAmi from SourceAmi ${source.imageId} in ${source.region}`,
    takesMs: world.copyMs,
  });
  return {
    ...source,
    number: world.store.next('image'),
    imageId: newId('ami'),
    accountId,
    region,
    name: asked.name,
    description: asked.description ?? `[Copied ${source.imageId} from ${source.region}] ${source.description ?? ''}`.trim(),
    createdAt: now.getTime(),
    pendingMs: world.copyMs,
    fails: source.copyFails,
    boots: source.copiesBoot,
    copyFails: false,
    launchPermissions: [],
    encrypted,
    snapshotId: snapshot.snapshotId,
    sourceImageId: source.imageId,
    sourceRegion: source.region,
  };
}

const visible = ({ world, accountId, region }: Call): Image[] =>
  world.images.values().filter((image) => image.region === region && maySee(image, accountId));

function written(call: Call, image: Image): XmlObject {
  const state = imageState(image, call.now);
  return {
    imageId: image.imageId,
    imageLocation: `${image.accountId}/${image.name}`,
    imageState: state,
    imageOwnerId: image.accountId,
    isPublic: image.launchPermissions.includes('all'),
    productCodes: image.productCodes.map((productCode) => ({ productCode, type: 'marketplace' })),
    architecture: image.architecture,
    imageType: 'machine',
    name: image.name,
    description: image.description,
    creationDate: new Date(image.createdAt),
    platformDetails: image.platformDetails,
    usageOperation: 'RunInstances',
    rootDeviceType: image.rootDeviceType,
    rootDeviceName: image.rootDeviceName,
    blockDeviceMapping: [
      {
        deviceName: image.rootDeviceName,
        ebs: {
          snapshotId: state === 'pending' ? undefined : image.snapshotId,
          volumeSize: image.volumeGiB,
          volumeType: 'gp3',
          deleteOnTermination: true,
          encrypted: image.encrypted,
        },
      },
    ],
    virtualizationType: image.virtualizationType,
    hypervisor: 'xen',
    enaSupport: image.enaSupport,
    bootMode: 'uefi-preferred',
    imdsSupport: image.imdsSupport,
    sourceImageId: image.sourceImageId,
    sourceImageRegion: image.sourceRegion,
    stateReason:
      state === 'failed' ? { code: 'Client.ImageCopyError', message: 'Image copy failed: the sandbox was told so.' } : undefined,
    tagSet: tagSet(tagsOf(call, image.imageId)),
  };
}
