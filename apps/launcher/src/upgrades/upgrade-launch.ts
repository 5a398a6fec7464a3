/**
 * Takes one upgrade a step further: lets the new version be launched once the data is safe, ends it when that is healthy, and goes back to
 * the old version, with the data as it was, when it is not in time. Decides in domain/upgrade. Reads api.launch and its subscription.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { wishOf } from '#domain/launch.ts';
import { decideUpgrade, type UpgradeAction, type UpgradeSituation } from '#domain/upgrade.ts';
import { isVolumeOver } from '#domain/volume.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Launch } from '#tables/api/launch.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Upgrade } from '#tables/launcher/upgrade.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { currentMachine } from '../instances/current-machine.ts';
import { MachineRows } from '../instances/machine-rows.ts';
import { Progress } from '../instances/progress.ts';
import { DataVolumes } from '../volumes/data-volumes.ts';

interface Loaded {
  upgrade: Upgrade;
  launch: Launch;
  subscription: Subscription;
  machine: Instance;
  snapshots: Snapshot[];
}

@Injectable()
export class UpgradeLaunch extends Stage {
  readonly queue = 'launcher.upgrade-launch';

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

  /** Upgrades whose snapshots are over, whose machine is well or failed, whose patience is over, or whose launch has ended. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select upgrade.id from launcher.upgrade
         join api.launch on launch.id = upgrade.launch_id
         join api.subscription on subscription.id = launch.subscription_id
         join launcher.instance on instance.launch_id = upgrade.launch_id
          and not exists (select from launcher.instance newer where newer.replaces = instance.id)
        where upgrade.ended_at is null and (
          launch.desired = 'terminated' or subscription.ended_at is not null
          or (upgrade.state = 'preparing' and not exists (
                select from launcher.snapshot where snapshot.upgrade_id = upgrade.id and snapshot.state in ('planned', 'pending')))
          or (upgrade.state <> 'preparing' and (instance.state in ('healthy', 'failed')
                or (launch.desired = 'running' and upgrade.step_at + upgrade.patience_seconds * interval '1 second' <= $1))))
        limit 300`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const loaded = await this.load(id);
    if (!loaded) return;
    const action = decideUpgrade(this.situation(loaded));
    if (action.do !== 'wait') await this.db.transaction((tx) => this.act(tx, loaded, action));
  }

  private async load(id: string): Promise<Loaded | null> {
    const db = this.db.manager;
    const upgrade = await db.findOneBy(Upgrade, { id });
    if (!upgrade || upgrade.endedAt) return null;
    const launch = await db.findOneByOrFail(Launch, { id: upgrade.launchId });
    const subscription = await db.findOneByOrFail(Subscription, { id: launch.subscriptionId });
    const machine = await currentMachine(db, launch.id);
    const snapshots = await db.findBy(Snapshot, { upgradeId: id });
    return machine && { upgrade, launch, subscription, machine, snapshots };
  }

  private situation({ upgrade, launch, subscription, machine, snapshots }: Loaded): UpgradeSituation {
    const has = (...states: Snapshot['state'][]): boolean => snapshots.some(({ state }) => states.includes(state));
    return {
      state: upgrade.state,
      wish: wishOf({ desired: launch.desired, subscriptionActive: subscription.endedAt === null }),
      snapshots: has('failed', 'deleted') ? 'failed' : has('planned', 'pending') ? 'unfinished' : 'completed',
      machine: {
        version: machine.versionId === upgrade.toVersionId ? 'new' : 'old',
        state: machine.state,
        hasRun: machine.launchedAt !== null,
      },
      secondsInState: (this.clock.now().getTime() - upgrade.stepAt.getTime()) / 1000,
      patienceSeconds: upgrade.patienceSeconds,
    };
  }

  private async act(tx: EntityManager, loaded: Loaded, action: Exclude<UpgradeAction, { do: 'wait' }>): Promise<void> {
    switch (action.do) {
      case 'launch':
        if (!(await this.enter(tx, loaded, { state: 'replacing' }))) return;
        return this.doorbell.ring(tx, 'launcher.reconcile-instance', loaded.machine.id);
      case 'finish': {
        if (!(await this.enter(tx, loaded, { state: 'done' }))) return;
        return this.tell(tx, loaded, 'upgraded', `It runs version ${await this.title(loaded.upgrade.toVersionId)} now.`);
      }
      case 'roll-back':
        return this.rollBack(tx, loaded, action);
      case 'rolled-back':
        if (!(await this.enter(tx, loaded, { state: 'rolled-back' }))) return;
        await this.forget(tx, loaded);
        return this.tell(
          tx,
          loaded,
          'rolled-back',
          'It runs the version from before the upgrade again, with its data from then.',
        );
      case 'give-up': {
        const failure = [loaded.upgrade.failure, action.failure].filter(Boolean).join(' ');
        if (!(await this.enter(tx, loaded, { state: 'failed', failure }))) return;
        return this.tell(tx, loaded, 'upgrade-failed', `The upgrade ended: ${failure}`);
      }
    }
  }

  /** @returns whether it was this worker that entered the state. */
  private async enter(
    tx: EntityManager,
    { upgrade }: Loaded,
    changes: Partial<Upgrade> & Pick<Upgrade, 'state'>,
  ): Promise<boolean> {
    const now = this.clock.now();
    const isOver = changes.state !== 'replacing' && changes.state !== 'rolling-back';
    const step = { ...changes, stepAt: now, endedAt: isOver ? now : null };
    const { affected } = await tx.update(Upgrade, { id: upgrade.id, state: upgrade.state }, step);
    return affected === 1;
  }

  /** What a version that is not well has written may be what the old one cannot read: it gets the data from before. */
  private async rollBack(
    tx: EntityManager,
    loaded: Loaded,
    { failure, restoreData }: { failure: string; restoreData: boolean },
  ): Promise<void> {
    const { upgrade, launch, subscription, machine, snapshots } = loaded;
    if (!(await this.enter(tx, loaded, { state: 'rolling-back', failure }))) return;
    for (const snapshot of restoreData ? snapshots : []) {
      const volume = await tx.findOneByOrFail(Volume, { id: snapshot.volumeId });
      if (volume.wanted === 'attached' && !isVolumeOver(volume.state)) await this.volumes.putBack(tx, volume, snapshot.id);
    }
    const planned = { launch, subscription, versionId: upgrade.fromVersionId, wish: launch.desired };
    const instanceId = await this.rows.replaceFirst(tx, planned, machine);
    const data = restoreData ? ' with its data from before' : '';
    const message = `${failure} A machine of version ${await this.title(upgrade.fromVersionId)} takes its place${data}.`;
    await this.progress.note(tx, { launchId: launch.id, instanceId }, 'rolling-back', message);
  }

  /** The volumes that the new version has written to are of no use to anybody once the old one is well. */
  private async forget(tx: EntityManager, { snapshots }: Loaded): Promise<void> {
    for (const { id, volumeId } of snapshots) {
      if (!(await tx.existsBy(Volume, { replaces: volumeId, fromSnapshotId: id }))) continue;
      await tx.update(Volume, { id: volumeId, wanted: 'kept' }, { wanted: 'deleted' });
      await this.doorbell.ring(tx, 'launcher.reconcile-volume', volumeId);
    }
  }

  private tell(tx: EntityManager, { launch, machine }: Loaded, kind: string, message: string): Promise<void> {
    return this.progress.note(tx, { launchId: launch.id, instanceId: machine.id }, kind, message);
  }

  private async title(versionId: string): Promise<string> {
    return (await this.db.manager.findOneByOrFail(Version, { id: versionId })).title;
  }
}
