/**
 * Upgrades as their buyer asks for and reads them: the old machine is told to end, its data to be snapshotted, and a machine of the new
 * version is planned in its place. The rest is the work of UpgradeLaunch. Reads api.launch, version and listing.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { volumesProblem } from '#domain/upgrade.ts';
import { renderUserData } from '#domain/user-data.ts';
import { isVolumeOver } from '#domain/volume.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import type { Launch } from '#tables/api/launch.ts';
import { Version } from '#tables/api/version.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Upgrade } from '#tables/launcher/upgrade.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { MachineRows } from '../instances/machine-rows.ts';
import { Progress } from '../instances/progress.ts';
import { assertLaunchable, replaceableLaunch } from '../restores/replaceable.ts';
import { DataVolumes } from '../volumes/data-volumes.ts';
import { soldVersion } from './sold-version.ts';
import type { NewUpgrade, UpgradeQuery, UpgradeView } from './upgrades.schema.ts';

@Injectable()
export class Upgrades {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly rows: MachineRows,
    private readonly volumes: DataVolumes,
    private readonly progress: Progress,
  ) {}

  /**
   * @throws DomainError `missing`, `version_not_offered`, `already_on_version`, `instance_type_not_offered`, `volumes_differ`,
   *   `invalid_user_data`, `image_not_ready`, `launch_not_running`, `restore_under_way`, `upgrade_under_way`, `standing_past_due`,
   *   `machine_replaced`.
   */
  upgrade(caller: Caller, { launchId, versionId, patienceSeconds }: NewUpgrade): Promise<UpgradeView> {
    return this.db.transaction(async (tx) => {
      const { launch, subscription, machine } = await replaceableLaunch(tx, caller, launchId);
      const version = await soldVersion(tx, subscription.productId, versionId);
      const volumes = await inPlace(tx, launchId);
      assertFits(version, launch, machine, volumes);
      await assertLaunchable(tx, version.id, launch.region);
      const now = this.clock.now();
      const upgrade: Upgrade = {
        id: newId(),
        launchId,
        fromVersionId: machine.versionId,
        toVersionId: version.id,
        state: 'preparing',
        patienceSeconds,
        failure: null,
        askedAt: now,
        stepAt: now,
        endedAt: null,
      };
      await tx.insert(Upgrade, upgrade);
      for (const volume of volumes) await this.volumes.planSnapshot(tx, volume, 'upgrade', { upgradeId: upgrade.id });
      await this.volumes.plan(tx, launch, version);
      const planned = { launch, subscription, versionId: version.id, wish: launch.desired };
      const instanceId = await this.rows.replaceFirst(tx, planned, machine);
      const message = `It is upgraded to version ${version.title}: its machine ends, its data is snapshotted, and a new machine comes up with it.`;
      await this.progress.note(tx, { launchId, instanceId }, 'upgrading', message);
      await this.doorbell.ring(tx, 'launcher.upgrade-launch', upgrade.id);
      return one(tx, upgrade);
    });
  }

  /** The newest 500 of the caller. */
  async list(caller: Caller, { launchId }: UpgradeQuery): Promise<UpgradeView[]> {
    const upgrades = await this.own(caller)
      .andWhere(launchId ? 'upgrade.launch_id = :launchId' : 'true', { launchId })
      .orderBy({ 'upgrade.asked_at': 'DESC', 'upgrade.id': 'DESC' })
      .take(500)
      .getMany();
    return views(this.db.manager, upgrades);
  }

  /** @throws DomainError `missing` for a foreign one. */
  async get(caller: Caller, id: string): Promise<UpgradeView> {
    const upgrade = await this.own(caller).andWhere('upgrade.id = :id', { id }).getOne();
    if (!upgrade) throw missing('upgrade');
    return one(this.db.manager, upgrade);
  }

  private own({ organizationId }: Caller): SelectQueryBuilder<Upgrade> {
    return this.db.manager
      .createQueryBuilder(Upgrade, 'upgrade')
      .where('exists (select from api.launch where launch.id = upgrade.launch_id and launch.buyer_id = :organizationId)', {
        organizationId,
      });
  }
}

function assertFits(version: Version, launch: Launch, machine: Instance, volumes: Volume[]): void {
  if (machine.versionId === version.id)
    throw new DomainError('conflict', 'already_on_version', `The launch runs version ${version.title} already.`);
  if (!version.instanceTypes.includes(launch.instanceType))
    throw new DomainError(
      'conflict',
      'instance_type_not_offered',
      `Version ${version.title} runs on ${version.instanceTypes.join(', ')}, not on ${launch.instanceType}.`,
    );
  const problem = volumesProblem(volumes, version.dataVolumes);
  if (problem) throw new DomainError('conflict', 'volumes_differ', problem);
  renderUserData(version.userDataTemplate, launch.userData, {});
}

/** The data volumes that the launch uses and that hold something. */
async function inPlace(tx: EntityManager, launchId: string): Promise<Volume[]> {
  const volumes = await tx.findBy(Volume, { launchId, wanted: 'attached' });
  return volumes.filter(({ state, ec2VolumeId }) => !isVolumeOver(state) && ec2VolumeId !== null);
}

async function one(tx: EntityManager, upgrade: Upgrade): Promise<UpgradeView> {
  return (await views(tx, [upgrade]))[0]!;
}

async function views(tx: EntityManager, upgrades: Upgrade[]): Promise<UpgradeView[]> {
  const ids = upgrades.map(({ id }) => id);
  const snapshots = await tx.find(Snapshot, { where: { upgradeId: In(ids) }, order: { id: 'asc' } });
  return upgrades.map((upgrade) => ({
    id: upgrade.id,
    launchId: upgrade.launchId,
    fromVersionId: upgrade.fromVersionId,
    toVersionId: upgrade.toVersionId,
    state: upgrade.state,
    failure: upgrade.failure,
    patienceSeconds: upgrade.patienceSeconds,
    snapshots: snapshots
      .filter(({ upgradeId }) => upgradeId === upgrade.id)
      .map(({ id, volumeId, state }) => ({ id, volumeId, state })),
    askedAt: upgrade.askedAt.toISOString(),
    stepAt: upgrade.stepAt.toISOString(),
    endedAt: upgrade.endedAt?.toISOString() ?? null,
  }));
}
