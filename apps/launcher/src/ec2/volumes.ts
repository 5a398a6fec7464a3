/** EC2's volumes and snapshots in our verbs. Every call throws Ec2Error. */
import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  type EC2Client,
  ModifySnapshotAttributeCommand,
  type Snapshot,
  type Volume,
  type VolumeType,
} from '@aws-sdk/client-ec2';
import { Injectable } from '@nestjs/common';
import type { SeenVolume } from '#domain/volume.ts';
import { LauncherConfig } from '../config.ts';
import { Ec2Clients, present, tagList, type Tags } from './clients.ts';
import type { Ec2Error } from './ec2.errors.ts';
import type { Place } from './place.ts';

export interface Ec2Volume extends SeenVolume {
  volumeId: string;
}

export interface Ec2Snapshot {
  snapshotId: string;
  state: 'pending' | 'completed' | 'failed';
  /** Per cent. */
  progress: number;
  completedAt: Date | null;
  /** Why it failed, in EC2's words. */
  reason: string | null;
}

export interface VolumeOrder {
  /** The ClientToken: the same token is the same volume. */
  token: string;
  zone: string;
  sizeGib: number;
  type: string;
  snapshotId: string | null;
  tags: Tags;
}

@Injectable()
export class Ec2Volumes {
  constructor(
    private readonly ec2: Ec2Clients,
    private readonly config: LauncherConfig,
  ) {}

  /** Makes a volume, or finds the one that the token has made before. */
  async create(place: Place, order: VolumeOrder): Promise<Ec2Volume> {
    const command = new CreateVolumeCommand({
      ClientToken: order.token,
      AvailabilityZone: order.zone,
      Size: order.sizeGib,
      VolumeType: order.type as VolumeType,
      SnapshotId: order.snapshotId ?? undefined,
      ...this.encryptionIn(place),
      TagSpecifications: [{ ResourceType: 'volume', Tags: tagList(order.tags) }],
    });
    return readVolume(await this.ec2.call(place, (ec2) => ec2.send(command)));
  }

  /** @returns `missing` when EC2 does not know it, or does not show it yet. */
  async volume(place: Place, volumeId: string): Promise<Ec2Volume | 'missing'> {
    const command = new DescribeVolumesCommand({ VolumeIds: [volumeId] });
    const found = await this.ec2.callOrGone(place, (ec2) => ec2.send(command));
    const [volume] = found?.Volumes ?? [];
    return volume ? readVolume(volume) : 'missing';
  }

  /** The volume that carries a tag; `missing` when there is none, or none yet. */
  async volumeByTag(place: Place, key: string, value: string): Promise<Ec2Volume | 'missing'> {
    const command = new DescribeVolumesCommand({ Filters: [{ Name: `tag:${key}`, Values: [value] }] });
    const { Volumes: [volume] = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return volume ? readVolume(volume) : 'missing';
  }

  /** What is attached already is no error: to which machine, the next look says. */
  async attach(place: Place, volumeId: string, instanceId: string, device: string): Promise<void> {
    const command = new AttachVolumeCommand({ VolumeId: volumeId, InstanceId: instanceId, Device: device });
    await this.unlessSo(place, 'VolumeInUse', (ec2) => ec2.send(command));
  }

  /** What is free already is no error. @param force also when the machine does not let go of it: for one that is dead. */
  async detach(place: Place, volumeId: string, instanceId: string, force: boolean): Promise<void> {
    const command = new DetachVolumeCommand({ VolumeId: volumeId, InstanceId: instanceId, Force: force });
    await this.unlessSo(place, 'IncorrectState', (ec2) => ec2.send(command));
  }

  /** Deleting what is gone already is no error. */
  async delete(place: Place, volumeId: string): Promise<void> {
    const command = new DeleteVolumeCommand({ VolumeId: volumeId });
    await this.ec2.callOrGone(place, (ec2) => ec2.send(command));
  }

  async tag(place: Place, id: string, tags: Tags): Promise<void> {
    const command = new CreateTagsCommand({ Resources: [id], Tags: tagList(tags) });
    await this.ec2.call(place, (ec2) => ec2.send(command));
  }

  /** EC2 takes no ClientToken here: whoever calls this again has looked for the snapshot by its tag before. */
  async createSnapshot(place: Place, volumeId: string, description: string, tags: Tags): Promise<Ec2Snapshot> {
    const command = new CreateSnapshotCommand({
      VolumeId: volumeId,
      Description: description,
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: tagList(tags) }],
    });
    return readSnapshot(await this.ec2.call(place, (ec2) => ec2.send(command)));
  }

  async snapshot(place: Place, snapshotId: string): Promise<Ec2Snapshot | 'missing'> {
    const command = new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] });
    const found = await this.ec2.callOrGone(place, (ec2) => ec2.send(command));
    const [snapshot] = found?.Snapshots ?? [];
    return snapshot ? readSnapshot(snapshot) : 'missing';
  }

  /** Our own snapshot that carries a tag; `missing` when there is none, or none yet. */
  async snapshotByTag(place: Place, key: string, value: string): Promise<Ec2Snapshot | 'missing'> {
    const Filters = [{ Name: `tag:${key}`, Values: [value] }];
    const command = new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters });
    const { Snapshots: [snapshot] = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return snapshot ? readSnapshot(snapshot) : 'missing';
  }

  /** Deleting what is gone already is no error. */
  async deleteSnapshot(place: Place, snapshotId: string): Promise<void> {
    const command = new DeleteSnapshotCommand({ SnapshotId: snapshotId });
    await this.ec2.callOrGone(place, (ec2) => ec2.send(command));
  }

  /** Lets another account make volumes of a snapshot. */
  async shareSnapshot(place: Place, snapshotId: string, accountId: string): Promise<void> {
    const command = new ModifySnapshotAttributeCommand({
      SnapshotId: snapshotId,
      CreateVolumePermission: { Add: [{ UserId: accountId }] },
    });
    await this.ec2.call(place, (ec2) => ec2.send(command));
  }

  /** A call that was not answered, or that EC2 does not show yet, has done its work: EC2 then says that it is so already. */
  private async unlessSo(place: Place, code: string, call: (ec2: EC2Client) => Promise<unknown>): Promise<void> {
    await this.ec2.call(place, call).catch((error: Ec2Error) => {
      if (error.code !== code) throw error;
    });
  }

  /** A buyer's own volume is under the account's default key; one of the platform's may have to be handed to its buyer. */
  private encryptionIn({ connection }: Place): { Encrypted?: boolean; KmsKeyId?: string } {
    if (connection) return { Encrypted: true };
    const { VOLUME_KMS_KEY_ID: KmsKeyId } = this.config;
    return KmsKeyId ? { Encrypted: true, KmsKeyId } : {};
  }
}

function readVolume(volume: Volume): Ec2Volume {
  const [attachment] = volume.Attachments ?? [];
  return {
    volumeId: present(volume.VolumeId, 'DescribeVolumes', 'VolumeId'),
    state: volume.State ?? 'creating',
    zone: volume.AvailabilityZone ?? null,
    heldBy: attachment?.InstanceId ?? null,
    attachment: attachment?.State === 'detached' ? null : (attachment?.State ?? null),
  };
}

const readSnapshot = (snapshot: Snapshot): Ec2Snapshot => ({
  snapshotId: present(snapshot.SnapshotId, 'DescribeSnapshots', 'SnapshotId'),
  state: STATES[snapshot.State ?? 'pending'],
  progress: Number.parseInt(snapshot.Progress ?? '0', 10) || 0,
  completedAt: snapshot.CompletionTime ?? null,
  reason: snapshot.StateMessage || null,
});

/** One that is brought back from the archive, or from the bin, can be used once it is back. */
const STATES = {
  pending: 'pending',
  recovering: 'pending',
  recoverable: 'pending',
  completed: 'completed',
  error: 'failed',
} as const;
