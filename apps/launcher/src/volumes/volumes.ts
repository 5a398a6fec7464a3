/**
 * Data volumes as their buyer sees them and lets go of them. Whatever becomes of a product, the data is the buyer's. Reads api.launch,
 * api.subscription, api.organization and api.aws_connection; what EC2 has to do is the work of ReconcileVolume.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { isVolumeOver } from '#domain/volume.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { DataVolumes } from './data-volumes.ts';
import type { Release, VolumeQuery, VolumeView } from './volumes.schema.ts';

@Injectable()
export class Volumes {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly dataVolumes: DataVolumes,
  ) {}

  /** The newest 500 of the caller. */
  async list({ organizationId }: Caller, { launchId }: VolumeQuery): Promise<VolumeView[]> {
    const volumes = await this.own(this.db.manager, organizationId)
      .andWhere(launchId ? 'volume.launch_id = :launchId' : 'true', { launchId })
      .orderBy({ 'volume.created_at': 'DESC', 'volume.id': 'DESC' })
      .take(500)
      .getMany();
    return views(this.db.manager, volumes);
  }

  /** @throws DomainError `missing` for a foreign volume. */
  async get(caller: Caller, id: string): Promise<VolumeView> {
    return one(this.db.manager, await this.ownVolume(this.db.manager, caller, id));
  }

  /**
   * Makes a volume the buyer's own: it is taken from its machine, tagged, and left alone from then on. One in the platform's account is
   * snapshotted, and the snapshot shared with the buyer's AWS account. Asking twice is the same as once.
   * @throws DomainError `missing`, `volume_in_use`, `volume_over`, `aws_account_missing`.
   */
  async release(caller: Caller, id: string, { awsAccountId }: Release): Promise<VolumeView> {
    return this.db.transaction(async (tx) => {
      const volume = await this.ownVolume(tx, caller, id, 'held');
      if (volume.wanted === 'released' && volume.failure === null) return one(tx, volume);
      await this.assertFree(tx, volume);
      const releasedTo = await this.recipient(tx, caller, volume, awsAccountId);
      const view = await this.want(tx, volume, { wanted: 'released', releasedTo, failure: null });
      if (!volume.awsConnectionId) await this.dataVolumes.planSnapshot(tx, volume, 'final');
      return view;
    });
  }

  /**
   * Deletes a volume that was kept. Asking twice is the same as once.
   * @throws DomainError `missing`, `volume_in_use`, `volume_over`.
   */
  async delete(caller: Caller, id: string): Promise<VolumeView> {
    return this.db.transaction(async (tx) => {
      const volume = await this.ownVolume(tx, caller, id, 'held');
      if (volume.wanted === 'deleted') return one(tx, volume);
      await this.assertFree(tx, volume);
      return this.want(tx, volume, { wanted: 'deleted', failure: null });
    });
  }

  /** A last snapshot that failed before is no reason any more: its buyer knows of it and asks again. */
  private async want(tx: EntityManager, volume: Volume, changes: Partial<Volume>): Promise<VolumeView> {
    const deleted = { state: 'deleted' as const, deletedAt: this.clock.now() };
    await tx.update(Snapshot, { volumeId: volume.id, reason: 'final', state: 'failed' }, deleted);
    await tx.update(Volume, { id: volume.id }, changes);
    await this.doorbell.ring(tx, 'launcher.reconcile-volume', volume.id);
    return one(tx, { ...volume, ...changes });
  }

  /** Somebody's machine may be writing to it, or be about to. */
  private async assertFree(tx: EntityManager, volume: Volume): Promise<void> {
    if (isVolumeOver(volume.state) || !volume.ec2VolumeId)
      throw new DomainError('conflict', 'volume_over', `There is no such disk at EC2 any more: it is ${volume.state}.`);
    const [user] = await tx.query(
      `select from launcher.instance
         join api.launch on launch.id = instance.launch_id
         join api.subscription on subscription.id = launch.subscription_id
        where instance.launch_id = $1 and launch.desired <> 'terminated' and subscription.ended_at is null
          and instance.state not in ('terminated', 'failed') and (instance.state <> 'stopped' or launch.desired = 'running')`,
      [volume.launchId],
    );
    if (user)
      throw new DomainError(
        'conflict',
        'volume_in_use',
        'The machine of its launch runs. Stop it, or end the launch and keep its volumes, and ask again.',
      );
  }

  /** @returns null when it is in the buyer's own account, which it stays in. */
  private async recipient(
    tx: EntityManager,
    { organizationId }: Caller,
    { awsConnectionId }: Volume,
    awsAccountId: string | undefined,
  ): Promise<string | null> {
    if (awsConnectionId) return null;
    const [buyer]: Array<{ account: string | null }> = await tx.query(
      'select organization."awsAccountId" as account from api.organization where organization.id = $1',
      [organizationId],
    );
    const account = awsAccountId ?? buyer?.account;
    if (!account)
      throw new DomainError(
        'conflict',
        'aws_account_missing',
        "The volume is in the marketplace's AWS account: say with awsAccountId to which of yours it shall be handed.",
      );
    return account;
  }

  private own(tx: EntityManager, buyerId: string) {
    return tx
      .createQueryBuilder(Volume, 'volume')
      .where('exists (select from api.launch where launch.id = volume.launch_id and launch.buyer_id = :buyerId)', { buyerId });
  }

  private async ownVolume(tx: EntityManager, { organizationId }: Caller, id: string, held?: 'held'): Promise<Volume> {
    const query = this.own(tx, organizationId).andWhere('volume.id = :id', { id });
    const volume = await (held ? query.setLock('pessimistic_write') : query).getOne();
    if (!volume) throw missing('volume');
    return volume;
  }
}

async function one(tx: EntityManager, volume: Volume): Promise<VolumeView> {
  return (await views(tx, [volume]))[0]!;
}

async function views(tx: EntityManager, volumes: Volume[]): Promise<VolumeView[]> {
  const snapshots = await tx
    .createQueryBuilder(Snapshot, 'snapshot')
    .where(`snapshot.volume_id = any(:ids) and snapshot.reason = 'final' and snapshot.state not in ('failed', 'deleted')`, {
      ids: volumes.map(({ id }) => id),
    })
    .getMany();
  const last = new Map(snapshots.map((snapshot) => [snapshot.volumeId, snapshot.ec2SnapshotId]));
  return volumes.map((volume) => ({
    id: volume.id,
    launchId: volume.launchId,
    name: volume.name,
    device: volume.device,
    sizeGib: volume.sizeGib,
    type: volume.type,
    region: volume.region,
    zone: volume.zone,
    awsConnectionId: volume.awsConnectionId,
    ec2VolumeId: volume.ec2VolumeId,
    state: volume.state,
    wanted: volume.wanted,
    instanceId: volume.instanceId,
    failure: volume.failure,
    releasedTo: volume.releasedTo,
    snapshotId: last.get(volume.id) ?? null,
    createdAt: volume.createdAt.toISOString(),
    endedAt: volume.endedAt?.toISOString() ?? null,
  }));
}
