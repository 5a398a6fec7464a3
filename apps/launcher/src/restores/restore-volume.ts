/**
 * Watches one restore to its end: when the machine is healthy with the new volume, the old one goes or is kept, as its buyer chose; when
 * it is not in time, the old one comes back with another machine. Reads api.launch and its subscription.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { wishOf } from '#domain/launch.ts';
import { decideRestore, type RestoreAction } from '#domain/restore.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Launch } from '#tables/api/launch.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { VolumeRestore } from '#tables/launcher/volume-restore.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { currentMachine } from '../instances/current-machine.ts';
import { MachineRows } from '../instances/machine-rows.ts';
import { Progress } from '../instances/progress.ts';

interface Loaded {
  restore: VolumeRestore;
  launch: Launch;
  subscription: Subscription;
  made: Volume;
  old: Volume;
  machine: Instance | null;
}

@Injectable()
export class RestoreVolume extends Stage {
  readonly queue = 'launcher.restore-volume';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly rows: MachineRows,
    private readonly progress: Progress,
  ) {
    super();
  }

  /** Restores whose machine is healthy, whose patience is over, whose new volume is gone, or whose launch has ended. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select volume_restore.id from launcher.volume_restore
         join launcher.volume made on made.id = volume_restore.new_volume_id
         join api.launch on launch.id = volume_restore.launch_id
         join api.subscription on subscription.id = launch.subscription_id
         left join launcher.instance on instance.id = made.instance_id
        where volume_restore.ended_at is null and (
          launch.desired = 'terminated' or subscription.ended_at is not null
          or made.state in ('lost', 'released', 'deleted')
          or (made.state = 'attached' and instance.state = 'healthy')
          or (launch.desired = 'running' and volume_restore.asked_at + volume_restore.patience_seconds * interval '1 second' <= $1))
        limit 300`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const loaded = await this.load(id);
    if (!loaded) return;
    const { restore, launch, subscription, made, old, machine } = loaded;
    const action = decideRestore({
      wish: wishOf({ desired: launch.desired, subscriptionActive: subscription.endedAt === null }),
      made: made.state,
      old: old.state,
      isHealthy: machine?.state === 'healthy' && made.instanceId === machine.id,
      secondsSinceAsked: (this.clock.now().getTime() - restore.askedAt.getTime()) / 1000,
      patienceSeconds: restore.patienceSeconds,
    });
    if (action.do !== 'wait') await this.end(loaded, action);
  }

  private async load(id: string): Promise<Loaded | null> {
    const db = this.db.manager;
    const restore = await db.findOneBy(VolumeRestore, { id });
    if (!restore || restore.endedAt) return null;
    const launch = await db.findOneByOrFail(Launch, { id: restore.launchId });
    const [subscription, made, old, machine] = await Promise.all([
      db.findOneByOrFail(Subscription, { id: launch.subscriptionId }),
      db.findOneByOrFail(Volume, { id: restore.newVolumeId }),
      db.findOneByOrFail(Volume, { id: restore.volumeId }),
      currentMachine(db, launch.id),
    ]);
    return { restore, launch, subscription, made, old, machine };
  }

  /** One transaction, so that two workers, or one that is killed, end it once. */
  private async end(loaded: Loaded, action: Exclude<RestoreAction, { do: 'wait' }>): Promise<void> {
    const { restore, launch, subscription, made, old, machine } = loaded;
    const isDone = action.do === 'finish';
    const failure = isDone ? null : action.failure;
    await this.db.transaction(async (tx) => {
      const state = isDone ? 'done' : 'undone';
      const changes = { state, failure, endedAt: this.clock.now() } as const;
      const { affected } = await tx.update(VolumeRestore, { id: restore.id, state: 'restoring' }, changes);
      if (!affected) return;
      if (isDone && restore.oldVolume === 'delete')
        await tx.update(Volume, { id: old.id, wanted: 'kept' }, { wanted: 'deleted' });
      if (action.do === 'undo') {
        // First the one goes, then the other comes: a launch has one volume of a name.
        await tx.update(Volume, { id: made.id }, { wanted: 'deleted', replaces: null });
        await tx.update(Volume, { id: old.id }, { wanted: 'attached' });
        const planned = { launch, subscription, versionId: machine!.versionId, wish: launch.desired };
        await this.rows.replaceFirst(tx, planned, machine!);
      }
      for (const volume of [made, old]) await this.doorbell.ring(tx, 'launcher.reconcile-volume', volume.id);
      const subject = { launchId: restore.launchId, instanceId: machine?.id ?? null };
      const message = isDone
        ? `The machine is healthy with the restored data volume "${made.name}".`
        : `The restore ended: ${failure}`;
      await this.progress.note(tx, subject, isDone ? 'restored' : 'restore-undone', message);
    });
  }
}
