/**
 * Sees to it that a launch has a machine in launcher.instance and its data volumes in launcher.volume, that the machine is told what
 * its buyer wants of it now, that one that was lost is replaced, and that the data is let go at the end. Reads api.launch, its
 * subscription and version. What EC2 has to do is the work of ReconcileInstance and ReconcileVolume.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isFinal } from '#domain/fleet.ts';
import { decideLaunch, LOSS_SECONDS, MOST_LOSSES, wishOf, type LaunchAction } from '#domain/launch.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Launch, type DesiredState } from '#tables/api/launch.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { wantedVersion } from '../upgrades/wanted-version.ts';
import { DataVolumes } from '../volumes/data-volumes.ts';
import { currentMachine } from './current-machine.ts';
import { MachineRows } from './machine-rows.ts';
import { Progress } from './progress.ts';

interface Loaded {
  launch: Launch;
  subscription: Subscription;
  current: Instance | null;
  /** What its buyer wants, seen together with the subscription. */
  wish: DesiredState;
}

@Injectable()
export class ReconcileLaunch extends Stage {
  readonly queue = 'launcher.reconcile-launch';
  override readonly concurrency = 4;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly rows: MachineRows,
    private readonly volumes: DataVolumes,
    private readonly progress: Progress,
  ) {
    super();
  }

  /**
   * Launches without a machine; whose machine was not told yet what is wanted; whose machine was lost, or failed and is asked for again;
   * with a lost volume that there is a snapshot of; that are over and whose volumes were not let go.
   */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `(select launch.id from api.launch
         where not exists (select from launcher.instance where instance.id = launch.id)
         order by launch.created_at limit 300)
       union
       (select launch.id from launcher.instance
          join api.launch on launch.id = instance.launch_id
          join api.subscription on subscription.id = launch.subscription_id
         where instance.state not in ('terminated', 'failed')
           and not exists (select from launcher.instance newer where newer.replaces = instance.id)
           and instance.desired <> case when subscription.ended_at is null then launch.desired else 'terminated' end
         order by launch.desired_at limit 300)
       union
       (select launch.id from launcher.instance
          join api.launch on launch.id = instance.launch_id and launch.desired = 'running'
          join api.subscription on subscription.id = launch.subscription_id and subscription.ended_at is null
         where (instance.lost_at is not null or instance.state = 'failed')
           and not exists (select from launcher.instance newer where newer.replaces = instance.id)
           and (launch.desired_at > instance.terminated_at
             or (instance.lost_at is not null and (
               select count(*) from launcher.instance lost where lost.launch_id = launch.id and lost.lost_at > $1) <= $2))
         limit 300)
       union
       (select volume.launch_id from launcher.volume
          join api.launch on launch.id = volume.launch_id
          join api.subscription on subscription.id = launch.subscription_id
         where volume.wanted = 'attached'
           and (launch.desired = 'terminated' or subscription.ended_at is not null
             or (volume.state = 'lost' and not exists (select from launcher.volume newer where newer.replaces = volume.id)
               and (volume.ec2_volume_id is null or exists (
                 select from launcher.snapshot join launcher.volume source on source.id = snapshot.volume_id
                  where source.launch_id = volume.launch_id and source.name = volume.name and snapshot.state = 'completed' and snapshot.unwanted_at is null))))
         limit 300)`,
      [new Date(this.clock.now().getTime() - LOSS_SECONDS * 1000), MOST_LOSSES],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const loaded = await this.load(id);
    if (!loaded) return;
    const action = decideLaunch({ ...(await this.situation(loaded)) }, this.clock.now());
    await this.act(loaded, action);
    await this.careForVolumes(loaded);
  }

  private async load(id: string): Promise<Loaded | null> {
    const launch = await this.db.manager.findOneBy(Launch, { id });
    if (!launch) return null;
    const subscription = await this.db.manager.findOneByOrFail(Subscription, { id: launch.subscriptionId });
    const current = await currentMachine(this.db.manager, id);
    const subscriptionActive = subscription.endedAt === null;
    return { launch, subscription, current, wish: wishOf({ desired: launch.desired, subscriptionActive }) };
  }

  private async situation({ launch, subscription, current }: Loaded): Promise<Parameters<typeof decideLaunch>[0]> {
    const losses: Array<{ lost_at: Date }> = current?.lostAt
      ? await this.db.query(
          `select instance.lost_at from launcher.instance
            where instance.launch_id = $1 and instance.lost_at is not null order by instance.lost_at desc limit $2`,
          [launch.id, MOST_LOSSES + 1],
        )
      : [];
    return {
      desired: launch.desired,
      desiredAt: launch.desiredAt,
      subscriptionActive: subscription.endedAt === null,
      current: current && { ...current, endedAt: current.terminatedAt },
      losses: losses.map((row) => row.lost_at),
    };
  }

  private async act(loaded: Loaded, action: LaunchAction): Promise<void> {
    const { current, wish } = loaded;
    switch (action.do) {
      case 'plan':
        return this.plan(loaded);
      case 'replace':
        return this.replace(loaded, current!);
      case 'tell':
      case 'nothing':
        return current && !isFinal(current.state) ? this.tell(current, wish) : undefined;
      case 'wait':
        return this.wait(current!, action.until);
    }
  }

  private async plan({ launch, subscription, wish }: Loaded): Promise<void> {
    const version = await this.db.manager.findOneByOrFail(Version, { id: launch.versionId });
    await this.db.transaction(async (tx) => {
      if (!(await this.rows.first(tx, { launch, subscription, wish, versionId: version.id }))) return;
      await this.progress.note(tx, { launchId: launch.id, instanceId: launch.id }, 'accepted', 'The launch was accepted.');
      if (wish !== 'terminated') await this.volumes.plan(tx, launch, version);
    });
  }

  private async replace({ launch, subscription, wish }: Loaded, lost: Instance): Promise<void> {
    await this.db.transaction(async (tx) => {
      const versionId = await wantedVersion(tx, launch);
      const id = await this.rows.replace(tx, { launch, subscription, wish, versionId }, lost);
      if (!id) return;
      const why = lost.lostAt ? 'A new machine takes the place of the one that was lost' : 'The launch is tried again';
      await this.progress.note(tx, { launchId: launch.id, instanceId: id }, 'replacing', `${why}; its data volumes move to it.`);
    });
  }

  /** Rung for also when nothing changed: its buyer may have asked for a reboot, or for a start that was asked for before. */
  private async tell({ id }: Instance, desired: DesiredState): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.update(Instance, { id }, { desired });
      await this.doorbell.ring(tx, 'launcher.reconcile-instance', id);
    });
  }

  private async wait({ id, launchId }: Instance, until: Date): Promise<void> {
    const message = `More than ${MOST_LOSSES} machines of this launch were lost within an hour. The next is launched at ${until.toISOString()}; to have one at once, ask for it to run again.`;
    await this.progress.noteOnce(this.db.manager, { launchId, instanceId: id }, 'waiting', message);
  }

  private async careForVolumes({ launch, current, wish }: Loaded): Promise<void> {
    await this.db.transaction(async (tx) => {
      if (wish === 'terminated') return this.volumes.letGo(tx, launch);
      const bare = await this.volumes.restore(tx, launch.id, current?.id ?? null);
      if (bare.length === 0 || !current) return;
      const message = `There is no snapshot of ${bare.join(', ')}, so what was on it cannot be restored.`;
      await this.progress.noteOnce(tx, { launchId: launch.id, instanceId: current.id }, 'data-lost', message);
    });
  }
}
