/** EC2's images in our verbs. Every call throws Ec2Error. */
import {
  CopyImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2';
import { Injectable } from '@nestjs/common';
import type { ImageView, SnapshotView } from '#domain/image.ts';
import { Ec2Clients, present, tagList, type Tags } from './clients.ts';
import { isUnsupported } from './ec2.errors.ts';
import { readImage, readSnapshot } from './ec2.read.ts';
import type { Place } from './place.ts';

export interface ImageCopy {
  /** The ClientToken: the same token is the same copy. */
  token: string;
  name: string;
  sourceRegion: string;
  sourceImageId: string;
  tags: Tags;
}

@Injectable()
export class Ec2Images {
  constructor(private readonly ec2: Ec2Clients) {}

  /** @returns `missing` when there is no such image, or it is not shared with us. */
  async image(place: Place, imageId: string): Promise<ImageView | 'missing'> {
    const command = new DescribeImagesCommand({ ImageIds: [imageId] });
    const found = await this.ec2.callOrGone(place, (ec2) => ec2.send(command));
    const [image] = found?.Images ?? [];
    return image ? readImage(image) : 'missing';
  }

  /** Our own image that carries a tag; `missing` when there is none. */
  async imageByTag(place: Place, key: string, value: string): Promise<ImageView | 'missing'> {
    const command = new DescribeImagesCommand({ Owners: ['self'], Filters: [{ Name: `tag:${key}`, Values: [value] }] });
    const { Images: [image] = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return image ? readImage(image) : 'missing';
  }

  /** Starts to copy an image to `place`. @returns the copy's id. */
  async copyImage(place: Place, { token, name, sourceRegion, sourceImageId, tags }: ImageCopy): Promise<string> {
    const command = new CopyImageCommand({
      ClientToken: token,
      Name: name,
      SourceRegion: sourceRegion,
      SourceImageId: sourceImageId,
      TagSpecifications: ['image', 'snapshot'].map((type) => ({
        ResourceType: type as 'image' | 'snapshot',
        Tags: tagList(tags),
      })),
    });
    const { ImageId: imageId } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return present(imageId, 'CopyImage', 'ImageId');
  }

  /**
   * Lets other accounts launch an image of ours, or no longer. Doing so twice is the same as once.
   * @param accountIds 12 digits each, or `all` for everybody.
   */
  async shareImage(place: Place, imageId: string, accountIds: readonly string[], allowed: boolean): Promise<void> {
    const grantees = accountIds.map((accountId) => (accountId === 'all' ? { Group: 'all' as const } : { UserId: accountId }));
    const command = new ModifyImageAttributeCommand({
      ImageId: imageId,
      LaunchPermission: { [allowed ? 'Add' : 'Remove']: grantees },
    });
    await this.ec2.call(place, (ec2) => ec2.send(command));
  }

  /** Our own snapshots that carry a tag, as those of a copy do from the start; none where this EC2 has no snapshots. */
  async snapshotsByTag(place: Place, key: string, value: string): Promise<SnapshotView[]> {
    const command = new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: [{ Name: `tag:${key}`, Values: [value] }] });
    try {
      const { Snapshots: snapshots = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
      return snapshots.map(readSnapshot);
    } catch (error) {
      if (isUnsupported(error)) return [];
      throw error;
    }
  }

  /** Who else may launch an image of ours: account ids, and `all` for everybody. */
  async sharedWith(place: Place, imageId: string): Promise<string[]> {
    const command = new DescribeImageAttributeCommand({ ImageId: imageId, Attribute: 'launchPermission' });
    const { LaunchPermissions: permissions = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return permissions.flatMap(({ UserId, Group }) => UserId ?? Group ?? []);
  }
}
