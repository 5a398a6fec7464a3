/**
 * Keeps a launch's snapshots as its buyer's schedule says: plans those whose turn has come, and deletes at EC2 those that are no longer
 * kept. Taking one is the work of TakeSnapshot. Reads api.launch and its subscription.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { dueSlot, surplusSnapshots } from '#domain/snapshot-schedule.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Launch } from '#tables/api/launch.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { Places } from '../connections/places.ts';
import { Ec2Volumes } from '../ec2/volumes.ts';
import { DataVolumes } from './data-volumes.ts';

/** Something is being made of a snapshot. */
const IN_USE = `(exists (select from launcher.volume made where made.from_snapshot_id = snapshot.id and made.state = 'planned')
  or exists (select from launcher.upgrade where upgrade.id = snapshot.upgrade_id and upgrade.ended_at is null)
  or exists (select from launcher.restore_test where restore_test.cleaned_at is null
              and restore_test.disks @> jsonb_build_array(jsonb_build_object('snapshotId', snapshot.id))))`;

/** Nothing can be done in an account whose connection was removed: what is left there is its owner's. */
const IS_IN_REACH = `(snapshot.aws_connection_id is null or exists (
  select from api.aws_connection where aws_connection.id = snapshot.aws_connection_id and aws_connection.removed_at is null))`;

/** Once its launch is over there is nothing to go back to; the last one that is good is left to its buyer. */
const KEPT_OF_WHAT_IS_OVER = 1;

@Injectable()
export class KeepSnapshots extends Stage {
  readonly queue = 'launcher.keep-snapshots';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly places: Places,
    private readonly ec2: Ec2Volumes,
    private readonly volumes: DataVolumes,
  ) {
    super();
  }

  /** Launches with a snapshot whose turn has come, with more than are kept, or with one that shall go and is still there. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select launch.id from api.launch
         join api.subscription on subscription.id = launch.subscription_id and subscription.ended_at is null
         join launcher.volume on volume.launch_id = launch.id and volume.state = 'attached' and volume.wanted = 'attached'
         cross join lateral (select launch.snapshot_every_hours * interval '1 hour' as span) schedule
        where launch.desired <> 'terminated' and launch.snapshot_every_hours is not null and $1 >= launch.created_at + schedule.span
          and not exists (
            select from launcher.snapshot join launcher.volume source on source.id = snapshot.volume_id
             where source.launch_id = launch.id and source.name = volume.name
               and snapshot.slot >= date_bin(schedule.span, $1::timestamptz, launch.created_at))
       union
       select kept.launch_id from (
         select volume.launch_id,
                count(*) filter (where snapshot.state = 'completed') as good,
                count(*) filter (where snapshot.state = 'failed' and snapshot.ec2_snapshot_id is not null) as failed
           from launcher.snapshot join launcher.volume on volume.id = snapshot.volume_id
          where snapshot.reason in ('scheduled', 'upgrade') and snapshot.unwanted_at is null and not ${IN_USE}
          group by volume.launch_id, volume.name) kept
         join api.launch on launch.id = kept.launch_id
         join api.subscription on subscription.id = launch.subscription_id
        where kept.failed > 0 or kept.good > case
          when launch.desired = 'terminated' or subscription.ended_at is not null then ${KEPT_OF_WHAT_IS_OVER}
          else launch.snapshots_kept end
       union
       select snapshot.launch_id from launcher.snapshot where snapshot.unwanted_at is not null and snapshot.state <> 'deleted' and ${IS_IN_REACH}
       limit 300`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const launch = await this.db.manager.findOneBy(Launch, { id });
    if (!launch) return;
    await this.db.transaction((tx) => this.decide(tx, launch));
    const unwanted = await this.db.manager
      .createQueryBuilder(Snapshot, 'snapshot')
      .where(`snapshot.launch_id = :id and snapshot.unwanted_at is not null and snapshot.state <> 'deleted' and ${IS_IN_REACH}`, {
        id,
      })
      .getMany();
    for (const snapshot of unwanted) await this.delete(snapshot);
  }

  private async decide(tx: EntityManager, launch: Launch): Promise<void> {
    const subscription = await tx.findOneByOrFail(Subscription, { id: launch.subscriptionId });
    const isOver = launch.desired === 'terminated' || subscription.endedAt !== null;
    const volumes = await tx.findBy(Volume, { launchId: launch.id });
    // Held, so that nobody begins to make something of one that is found superfluous here.
    const snapshots = await tx.find(Snapshot, {
      where: { launchId: launch.id, unwantedAt: IsNull() },
      order: { id: 'asc' },
      lock: { mode: 'pessimistic_write' },
    });
    const inUse = new Set(await this.inUse(tx, launch.id));
    for (const [, line] of Map.groupBy(volumes, ({ name }) => name)) {
      const ids = new Set(line.map(({ id }) => id));
      const own = snapshots.filter(({ volumeId }) => ids.has(volumeId));
      if (!isOver) await this.plan(tx, launch, line, own);
      const held = own.map((snapshot) => ({
        ...snapshot,
        isInUse: inUse.has(snapshot.id),
        isAtEc2: snapshot.ec2SnapshotId !== null,
      }));
      for (const id of surplusSnapshots(held, isOver ? KEPT_OF_WHAT_IS_OVER : launch.snapshotsKept))
        await tx.update(Snapshot, { id, unwantedAt: IsNull() }, { unwantedAt: this.clock.now() });
    }
  }

  /** @param line volumes of one name, each restored in the place of another. */
  private async plan(tx: EntityManager, launch: Launch, line: Volume[], snapshots: Snapshot[]): Promise<void> {
    const volume = line.find(({ state, wanted }) => state === 'attached' && wanted === 'attached');
    if (!volume || launch.snapshotEveryHours === null) return;
    const slots = snapshots.flatMap(({ slot }) => (slot ? [slot.getTime()] : []));
    const lastSlot = slots.length > 0 ? new Date(Math.max(...slots)) : null;
    const slot = dueSlot({ everyHours: launch.snapshotEveryHours, since: launch.createdAt, lastSlot }, this.clock.now());
    if (slot) await this.volumes.planSnapshot(tx, volume, 'scheduled', { slot });
  }

  private async inUse(tx: EntityManager, launchId: string): Promise<string[]> {
    const rows: Array<{ id: string }> = await tx.query(
      `select snapshot.id from launcher.snapshot where snapshot.launch_id = $1 and ${IN_USE}`,
      [launchId],
    );
    return rows.map((row) => row.id);
  }

  private async delete(snapshot: Snapshot): Promise<void> {
    const { id, ec2SnapshotId } = snapshot;
    if (ec2SnapshotId) await this.ec2.deleteSnapshot(await this.places.of(snapshot), ec2SnapshotId);
    await this.db.manager.update(Snapshot, { id }, { state: 'deleted', deletedAt: this.clock.now() });
  }
}
