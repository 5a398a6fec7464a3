/**
 * A launch's data volumes as a whole: planned with its first machine, kept together in one zone, restored when they are lost, and
 * let go at its end. What EC2 has to do for each is the work of ReconcileVolume.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import type { Launch } from '#tables/api/launch.ts';
import type { Version } from '#tables/api/version.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Upgrade } from '#tables/launcher/upgrade.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { LauncherConfig } from '../config.ts';
import { Ec2Placement } from '../ec2/placement.ts';
import type { Order } from '../instances/order.ts';
import { Progress } from '../instances/progress.ts';

/** Where a machine has to be, or why it cannot be made now. */
export type Whereabouts = { zone: string | null } | { waitsFor: string };

@Injectable()
export class DataVolumes {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly placement: Ec2Placement,
    private readonly progress: Progress,
    private readonly config: LauncherConfig,
  ) {}

  /** Plans what the version asks for. @param tx the transaction that plans the launch's first machine. */
  async plan(tx: EntityManager, launch: Launch, version: Version): Promise<void> {
    const volumes = version.dataVolumes.map(({ name, device, sizeGib, type }): Partial<Volume> => ({
      id: newId(),
      launchId: launch.id,
      name,
      device,
      sizeGib,
      type,
      region: launch.region,
      awsConnectionId: launch.awsConnectionId,
      state: 'planned',
      wanted: 'attached',
      createdAt: this.clock.now(),
    }));
    if (volumes.length > 0) await tx.createQueryBuilder().insert().into(Volume).values(volumes).orIgnore().execute();
  }

  /** Whether a machine has all the data that its launch has. */
  async areAttachedTo({ id, launchId }: Instance): Promise<boolean> {
    const [missing] = await this.db.query(
      `select from launcher.volume
        where volume.launch_id = $1 and volume.wanted = 'attached' and (volume.state <> 'attached' or volume.instance_id <> $2)
          and not exists (select from launcher.volume newer where newer.replaces = volume.id)
        limit 1`,
      [launchId, id],
    );
    return missing === undefined;
  }

  /**
   * A machine has to be where its launch's volumes are. When their zone is down for longer than ZONE_PATIENCE_SECONDS and all can be had
   * from snapshots, they are given up, and the machine may be anywhere.
   * @throws Ec2Error
   */
  async whereabouts({ launchId, createdAt, id }: Instance, { place, zone }: Order): Promise<Whereabouts> {
    if (launchId && (await this.isBeingUpgraded(launchId))) return { waitsFor: 'Its data is snapshotted before the upgrade.' };
    const volumes = launchId ? (await this.ofLaunch(launchId)).filter((volume) => volume.zone !== null) : [];
    const [first] = volumes;
    if (!first || (await this.placement.isZoneUp(place, first.zone!))) return { zone: first?.zone ?? zone };
    const down = `${first.zone} is down, and the data is there.`;
    if (zone !== null) return { waitsFor: `${down} The launch may be in no other zone, so it waits.` };
    const secondsDown = (this.clock.now().getTime() - createdAt.getTime()) / 1000;
    if (secondsDown < this.config.ZONE_PATIENCE_SECONDS) return { waitsFor: `${down} The machine waits a little for it.` };
    const bare = await this.withoutSnapshot(volumes);
    if (bare.length > 0)
      return { waitsFor: `${down} There is no snapshot of ${bare.join(', ')} to restore it from elsewhere, so it waits.` };
    await this.db.transaction(async (tx) => {
      for (const volume of volumes) await this.giveUp(tx, volume, `Its zone ${volume.zone} is down.`);
      await this.restore(tx, launchId!, id);
    });
    return { zone: null };
  }

  /** Plans a volume from the newest snapshot in the place of each that is lost. @returns names of those that have none. */
  async restore(tx: EntityManager, launchId: string, instanceId: string | null): Promise<string[]> {
    const lost = await tx
      .createQueryBuilder(Volume, 'volume')
      .where(`volume.launch_id = :launchId and volume.state = 'lost' and volume.wanted = 'attached'`, { launchId })
      .andWhere('not exists (select from launcher.volume newer where newer.replaces = volume.id)')
      .getMany();
    const bare: string[] = [];
    for (const volume of lost) {
      const snapshot = await newestSnapshot(tx, volume);
      // One that was never made holds nothing that could be lost.
      if (snapshot || !volume.ec2VolumeId) await this.replace(tx, volume, snapshot, instanceId);
      else bare.push(volume.name);
    }
    return bare;
  }

  /** Lets a launch's volumes go as its buyer chose: snapshotted first if so, then kept or deleted once no machine holds them. */
  async letGo(tx: EntityManager, { id, keepVolumes, snapshotOnEnd }: Launch): Promise<void> {
    const volumes = await tx.findBy(Volume, { launchId: id, wanted: 'attached' });
    for (const volume of volumes) {
      const isThere = volume.state !== 'lost' && volume.state !== 'planned';
      if (snapshotOnEnd && isThere) await this.planSnapshot(tx, volume, 'final');
      await tx.update(Volume, { id: volume.id, wanted: 'attached' }, { wanted: keepVolumes ? 'kept' : 'deleted' });
      await this.doorbell.ring(tx, 'launcher.reconcile-volume', volume.id);
    }
  }

  /**
   * Planned twice, a final snapshot is there once, and one by schedule once for each of its turns.
   * @param of which turn, or which upgrade, it is for.
   * @returns its id, if it was not there.
   */
  async planSnapshot(
    tx: EntityManager,
    volume: Volume,
    reason: Snapshot['reason'],
    of: { slot?: Date; upgradeId?: string } = {},
  ): Promise<string> {
    const snapshot: Partial<Snapshot> = {
      id: newId(),
      volumeId: volume.id,
      launchId: volume.launchId,
      region: volume.region,
      awsConnectionId: volume.awsConnectionId,
      reason,
      state: 'planned',
      progress: 0,
      slot: of.slot ?? null,
      upgradeId: of.upgradeId ?? null,
      createdAt: this.clock.now(),
    };
    await tx.createQueryBuilder().insert().into(Snapshot).values(snapshot).orIgnore().execute();
    await this.doorbell.ring(tx, 'launcher.take-snapshot', snapshot.id!);
    return snapshot.id!;
  }

  /** Plans a volume from a snapshot in the place of one that is there, which is kept beside it. @returns its id. */
  async putBack(tx: EntityManager, old: Volume, fromSnapshotId: string): Promise<string> {
    const { launchId, name, device, sizeGib, type, region, awsConnectionId } = old;
    const same = { launchId, name, device, sizeGib, type, region, awsConnectionId };
    const own = { id: newId(), fromSnapshotId, replaces: old.id, createdAt: this.clock.now() };
    // First the one steps aside, then the other comes: a launch has one volume of a name.
    await tx.update(Volume, { id: old.id }, { wanted: 'kept' });
    await tx.insert(Volume, { ...same, ...own, state: 'planned', wanted: 'attached' });
    for (const id of [old.id, own.id]) await this.doorbell.ring(tx, 'launcher.reconcile-volume', id);
    return own.id;
  }

  /** Whether its data is still being snapshotted for an upgrade: nothing may write to it before. */
  private isBeingUpgraded(launchId: string): Promise<boolean> {
    return this.db.manager.existsBy(Upgrade, { launchId, state: 'preparing' });
  }

  /** Those that are wanted and not lost. */
  private ofLaunch(launchId: string): Promise<Volume[]> {
    return this.db.manager
      .createQueryBuilder(Volume, 'volume')
      .where(`volume.launch_id = :launchId and volume.wanted = 'attached'`, { launchId })
      .andWhere(`volume.state not in ('lost', 'released', 'deleted')`)
      .orderBy('volume.zone')
      .getMany();
  }

  private async withoutSnapshot(volumes: Volume[]): Promise<string[]> {
    const bare: string[] = [];
    for (const volume of volumes)
      if (volume.ec2VolumeId && !(await newestSnapshot(this.db.manager, volume))) bare.push(volume.name);
    return bare;
  }

  private async giveUp(tx: EntityManager, { id, state }: Volume, failure: string): Promise<void> {
    await tx.update(Volume, { id, state }, { state: 'lost', failure, instanceId: null, endedAt: this.clock.now() });
  }

  /** Each lost volume is replaced once, whoever finds it lost. */
  private async replace(tx: EntityManager, volume: Volume, snapshot: Snapshot | null, instanceId: string | null): Promise<void> {
    const { launchId, name, device, sizeGib, type, region, awsConnectionId } = volume;
    const next: Partial<Volume> = {
      launchId,
      name,
      device,
      sizeGib,
      type,
      region,
      awsConnectionId,
      id: newId(),
      state: 'planned',
      wanted: 'attached',
      fromSnapshotId: snapshot?.id ?? null,
      replaces: volume.id,
      createdAt: this.clock.now(),
    };
    const inserted = await tx.createQueryBuilder().insert().into(Volume).values(next).orIgnore().returning('id').execute();
    if (inserted.raw.length === 0) return;
    await this.doorbell.ring(tx, 'launcher.reconcile-volume', next.id!);
    if (!snapshot) return;
    const lost = `The data volume "${name}" (${volume.ec2VolumeId}) is lost: ${volume.failure ?? ''}`.trim();
    const message = `${lost} It is restored from its snapshot of ${snapshot.createdAt.toISOString()}; what was written later is not in it.`;
    await this.progress.note(tx, { launchId, instanceId }, 'restoring', message);
  }
}

/** Of this volume, or of one that it was restored in the place of. */
export async function newestSnapshot(tx: EntityManager, { launchId, name }: Volume): Promise<Snapshot | null> {
  return tx
    .createQueryBuilder(Snapshot, 'snapshot')
    .innerJoin(Volume, 'volume', 'volume.id = snapshot.volume_id')
    .where(`volume.launch_id = :launchId and volume.name = :name and snapshot.state = 'completed'`, { launchId, name })
    .andWhere('snapshot.unwanted_at is null')
    .orderBy('snapshot.created_at', 'DESC')
    .getOne();
}
