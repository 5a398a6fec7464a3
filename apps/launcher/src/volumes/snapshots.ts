/** Snapshots as their buyer sees, asks for and deletes them. Reads api.launch. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { isVolumeOver } from '#domain/volume.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { DataVolumes } from './data-volumes.ts';
import type { SnapshotQuery, SnapshotView } from './snapshots.schema.ts';

@Injectable()
export class Snapshots {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly dataVolumes: DataVolumes,
  ) {}

  /** The newest 500 of the caller. */
  async list({ organizationId }: Caller, { launchId, volumeId }: SnapshotQuery): Promise<SnapshotView[]> {
    const snapshots = await ownSnapshots(this.db.manager, organizationId)
      .andWhere(launchId ? 'snapshot.launch_id = :launchId' : 'true', { launchId })
      .andWhere(volumeId ? 'snapshot.volume_id = :volumeId' : 'true', { volumeId })
      .orderBy({ 'snapshot.created_at': 'DESC', 'snapshot.id': 'DESC' })
      .take(500)
      .getMany();
    return views(this.db.manager, snapshots);
  }

  /** @throws DomainError `missing` for a foreign snapshot. */
  async get(caller: Caller, id: string): Promise<SnapshotView> {
    return one(this.db.manager, await ownSnapshot(this.db.manager, caller, id));
  }

  /**
   * Asks for one now. While one is under way that was asked for, that is the one.
   * @throws DomainError `missing` for a foreign volume, `volume_over`.
   */
  take({ organizationId }: Caller, volumeId: string): Promise<SnapshotView> {
    return this.db.transaction(async (tx) => {
      const volume = await tx
        .createQueryBuilder(Volume, 'volume')
        .setLock('pessimistic_write')
        .where('volume.id = :volumeId', { volumeId })
        .andWhere('exists (select from api.launch where launch.id = volume.launch_id and launch.buyer_id = :organizationId)', {
          organizationId,
        })
        .getOne();
      if (!volume) throw missing('volume');
      if (isVolumeOver(volume.state) || !volume.ec2VolumeId)
        throw new DomainError('conflict', 'volume_over', `There is no such disk at EC2: it is ${volume.state}.`);
      const underWay = await tx
        .createQueryBuilder(Snapshot, 'snapshot')
        .where(`snapshot.volume_id = :volumeId and snapshot.reason = 'asked' and snapshot.state in ('planned', 'pending')`, {
          volumeId,
        })
        .getOne();
      const id = underWay?.id ?? (await this.dataVolumes.planSnapshot(tx, volume, 'asked'));
      return one(tx, await tx.findOneByOrFail(Snapshot, { id }));
    });
  }

  /**
   * Deletes one, whatever it was taken for. Asking twice is the same as once.
   * @throws DomainError `missing`, `snapshot_unfinished`, `snapshot_in_use`.
   */
  delete(caller: Caller, id: string): Promise<SnapshotView> {
    return this.db.transaction(async (tx) => {
      const snapshot = await ownSnapshot(tx, caller, id, 'held');
      if (snapshot.unwantedAt || snapshot.state === 'deleted') return one(tx, snapshot);
      await assertDeletable(tx, snapshot);
      const unwantedAt = this.clock.now();
      await tx.update(Snapshot, { id }, { unwantedAt });
      if (snapshot.launchId) await this.doorbell.ring(tx, 'launcher.keep-snapshots', snapshot.launchId);
      return one(tx, { ...snapshot, unwantedAt });
    });
  }
}

async function assertDeletable(tx: EntityManager, { id, state }: Snapshot): Promise<void> {
  if (state !== 'completed' && state !== 'failed')
    throw new DomainError('conflict', 'snapshot_unfinished', 'It is still being taken. Delete it once it is complete.');
  const [user] = await tx.query(
    `select from launcher.volume where volume.from_snapshot_id = $1 and volume.state = 'planned'
     union all
     select from launcher.upgrade join launcher.snapshot on snapshot.upgrade_id = upgrade.id
      where snapshot.id = $1 and upgrade.ended_at is null
     union all
     select from launcher.restore_test
      where restore_test.cleaned_at is null and restore_test.disks @> jsonb_build_array(jsonb_build_object('snapshotId', $1::text))`,
    [id],
  );
  if (user)
    throw new DomainError(
      'conflict',
      'snapshot_in_use',
      'A volume is being made of it. Delete it once the restore, or its test, is done.',
    );
}

const ownSnapshots = (tx: EntityManager, buyerId: string): SelectQueryBuilder<Snapshot> =>
  tx
    .createQueryBuilder(Snapshot, 'snapshot')
    .where('exists (select from api.launch where launch.id = snapshot.launch_id and launch.buyer_id = :buyerId)', { buyerId });

/**
 * @param held `held`: until the transaction ends nobody finds it superfluous.
 * @throws DomainError `missing`.
 */
export async function ownSnapshot(tx: EntityManager, { organizationId }: Caller, id: string, held?: 'held'): Promise<Snapshot> {
  const query = ownSnapshots(tx, organizationId).andWhere('snapshot.id = :id', { id });
  const snapshot = await (held ? query.setLock('pessimistic_write') : query).getOne();
  if (!snapshot) throw missing('snapshot');
  return snapshot;
}

async function one(tx: EntityManager, snapshot: Snapshot): Promise<SnapshotView> {
  return (await views(tx, [snapshot]))[0]!;
}

async function views(tx: EntityManager, snapshots: Snapshot[]): Promise<SnapshotView[]> {
  const volumes = await tx
    .createQueryBuilder(Volume, 'volume')
    .where('volume.id = any(:ids)', { ids: snapshots.map(({ volumeId }) => volumeId) })
    .getMany();
  return snapshots.map((snapshot) => {
    const volume = volumes.find(({ id }) => id === snapshot.volumeId)!;
    return {
      id: snapshot.id,
      launchId: snapshot.launchId,
      volumeId: snapshot.volumeId,
      volume: volume.name,
      sizeGib: volume.sizeGib,
      region: snapshot.region,
      awsConnectionId: snapshot.awsConnectionId,
      ec2SnapshotId: snapshot.ec2SnapshotId,
      reason: snapshot.reason,
      state: snapshot.unwantedAt && snapshot.state !== 'deleted' ? 'deleting' : snapshot.state,
      progress: snapshot.progress,
      failure: snapshot.failure,
      sharedWith: snapshot.sharedWith,
      createdAt: snapshot.createdAt.toISOString(),
      completedAt: snapshot.completedAt?.toISOString() ?? null,
      deletedAt: snapshot.deletedAt?.toISOString() ?? null,
    };
  });
}
