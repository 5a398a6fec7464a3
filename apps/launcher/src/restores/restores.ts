/**
 * Puts data volumes back from snapshots when their buyer says so: a new volume is made of the snapshot, and a new machine comes up with it
 * in the place of the old. The old volume is kept beside it until the machine is healthy. Reads api.launch, its subscription, and
 * billing.standing; what EC2 has to do is the work of ReconcileVolume and ReconcileInstance.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { isVolumeOver } from '#domain/volume.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Launch } from '#tables/api/launch.ts';
import type { Snapshot } from '#tables/launcher/snapshot.ts';
import { VolumeRestore } from '#tables/launcher/volume-restore.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { MachineRows } from '../instances/machine-rows.ts';
import { Progress } from '../instances/progress.ts';
import { DataVolumes } from '../volumes/data-volumes.ts';
import { ownSnapshot } from '../volumes/snapshots.ts';
import { assertLaunchable, replaceableLaunch } from './replaceable.ts';
import type { NewRestore, RestoreQuery, RestoreView } from './restores.schema.ts';

@Injectable()
export class Restores {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly volumes: DataVolumes,
    private readonly rows: MachineRows,
    private readonly progress: Progress,
  ) {}

  /**
   * @throws DomainError `missing`, `volume_not_in_use`, `snapshot_not_usable`, `launch_not_running`, `image_not_ready`,
   *   `restore_under_way`, `standing_past_due`, `machine_replaced`.
   */
  restore(caller: Caller, volumeId: string, wish: NewRestore): Promise<RestoreView> {
    return this.db.transaction(async (tx) => {
      const launchId = await launchOf(tx, caller, volumeId);
      const { launch, subscription, machine } = await replaceableLaunch(tx, caller, launchId);
      await assertLaunchable(tx, machine.versionId, launch.region);
      const old = await tx.findOneOrFail(Volume, { where: { id: volumeId }, lock: { mode: 'pessimistic_write' } });
      if (old.wanted !== 'attached' || isVolumeOver(old.state) || !old.ec2VolumeId)
        throw new DomainError('conflict', 'volume_not_in_use', 'Only a volume that its launch uses can be restored.');
      const snapshot = await usableSnapshot(tx, caller, wish.snapshotId, old);
      const newVolumeId = await this.volumes.putBack(tx, old, snapshot.id);
      const planned = { launch, subscription, versionId: machine.versionId, wish: launch.desired };
      const instanceId = await this.rows.replaceFirst(tx, planned, machine);
      const restore = await this.note(tx, { launchId, volumeId, newVolumeId, wish });
      const message = `The data volume "${old.name}" is restored from its snapshot of ${snapshot.createdAt.toISOString()}; a new machine comes up with it.`;
      await this.progress.note(tx, { launchId, instanceId }, 'restoring', message);
      return view(restore);
    });
  }

  /** The newest 500 of the caller. */
  async list({ organizationId }: Caller, { launchId }: RestoreQuery): Promise<RestoreView[]> {
    const restores = await this.db.manager
      .createQueryBuilder(VolumeRestore, 'restore')
      .where('exists (select from api.launch where launch.id = restore.launch_id and launch.buyer_id = :organizationId)', {
        organizationId,
      })
      .andWhere(launchId ? 'restore.launch_id = :launchId' : 'true', { launchId })
      .orderBy({ 'restore.asked_at': 'DESC', 'restore.id': 'DESC' })
      .take(500)
      .getMany();
    return restores.map(view);
  }

  /** @throws DomainError `missing` for a foreign one. */
  async get({ organizationId }: Caller, id: string): Promise<RestoreView> {
    const restore = await this.db.manager.findOneBy(VolumeRestore, { id });
    const isOwn = restore && (await this.db.manager.existsBy(Launch, { id: restore.launchId, buyerId: organizationId }));
    if (!isOwn) throw missing('restore');
    return view(restore);
  }

  private async note(
    tx: EntityManager,
    { wish, ...ids }: { launchId: string; volumeId: string; newVolumeId: string; wish: NewRestore },
  ): Promise<VolumeRestore> {
    const restore: VolumeRestore = {
      ...wish,
      ...ids,
      id: newId(),
      state: 'restoring',
      failure: null,
      askedAt: this.clock.now(),
      endedAt: null,
    };
    await tx.insert(VolumeRestore, restore);
    return restore;
  }
}

async function launchOf(tx: EntityManager, { organizationId }: Caller, volumeId: string): Promise<string> {
  const volume = await tx.findOneBy(Volume, { id: volumeId });
  if (!volume?.launchId || !(await tx.existsBy(Launch, { id: volume.launchId, buyerId: organizationId })))
    throw missing('volume');
  return volume.launchId;
}

/** Held, so that it is not found superfluous before the volume is made of it. */
async function usableSnapshot(tx: EntityManager, caller: Caller, id: string, volume: Volume): Promise<Snapshot> {
  const snapshot = await ownSnapshot(tx, caller, id, 'held');
  const source = await tx.findOneByOrFail(Volume, { id: snapshot.volumeId });
  const refuse = (why: string): DomainError => new DomainError('conflict', 'snapshot_not_usable', why);
  if (snapshot.state !== 'completed' || snapshot.unwantedAt)
    throw refuse(`It is ${snapshot.unwantedAt ? 'being deleted' : snapshot.state}; name one that is complete.`);
  if (snapshot.region !== volume.region || snapshot.awsConnectionId !== volume.awsConnectionId)
    throw refuse(`It is in another region or account than the volume, which is in ${volume.region}.`);
  if (source.sizeGib > volume.sizeGib)
    throw refuse(`It is of a volume of ${source.sizeGib} GiB, and this one has ${volume.sizeGib}.`);
  return snapshot;
}

const view = (restore: VolumeRestore): RestoreView => ({
  id: restore.id,
  launchId: restore.launchId,
  volumeId: restore.volumeId,
  newVolumeId: restore.newVolumeId,
  snapshotId: restore.snapshotId,
  oldVolume: restore.oldVolume,
  patienceSeconds: restore.patienceSeconds,
  state: restore.state,
  failure: restore.failure,
  askedAt: restore.askedAt.toISOString(),
  endedAt: restore.endedAt?.toISOString() ?? null,
});
