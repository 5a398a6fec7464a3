/**
 * Takes the upgrade of a fleet a step further: has one machine replaced, retires it once its successor is well, ends the upgrade when all are of
 * the new version, and goes back after the first that is not well. Decides in domain/fleet-upgrade. Takes turns with ScaleFleet. Reads api.fleet,
 * its subscription, versions and prices.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { isFinal } from '#domain/fleet.ts';
import { affordableOf } from '#domain/fleet-size.ts';
import { decideFleetUpgrade, type FleetUpgradeAction, type UpgradeMember } from '#domain/fleet-upgrade.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { LOG } from '#platform/tokens.ts';
import { Version } from '#tables/api/version.ts';
import { FleetReplacement } from '#tables/launcher/fleet-replacement.ts';
import { FleetUpgrade } from '#tables/launcher/fleet-upgrade.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { inUpgrade } from '../fleets/fleet-members.ts';
import { holdFleet, isOver, MEMBERS, membersSeen, plannedMember, type HeldFleet } from '../fleets/held-fleet.ts';
import { hourlyPriceOf } from '../fleets/machine-price.ts';
import { Observations } from '../instances/observations.ts';
import { Progress } from '../instances/progress.ts';

interface Loaded extends HeldFleet {
  upgrade: FleetUpgrade;
  members: Array<UpgradeMember & { versionId: string }>;
}

/** More than a fleet can need: each step leads to another. */
const MOST_STEPS = 5;

@Injectable()
export class UpgradeFleet extends Stage {
  readonly queue = 'launcher.upgrade-fleet';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly observations: Observations,
    private readonly progress: Progress,
    @Inject(LOG) private readonly log: Logger,
  ) {
    super();
  }

  /** Upgrades of fleets whose machines are not as they were left, that have ended, or with a machine that nobody waits for any longer. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `with member as (${MEMBERS})
       select fleet_upgrade.id from launcher.fleet_upgrade
         join api.fleet on fleet.id = fleet_upgrade.fleet_id
         join api.subscription on subscription.id = fleet.subscription_id
         left join member on member.fleet_id = fleet.id
        where fleet_upgrade.ended_at is null
          and (fleet.ended_at is not null or subscription.ended_at is not null or fleet_upgrade.members_seen <> coalesce(member.seen, '')
            or exists (select from launcher.fleet_replacement join launcher.instance on instance.id = fleet_replacement.instance_id
                  join launcher.instance predecessor on predecessor.id = fleet_replacement.replaces
                where fleet_replacement.upgrade_id = fleet_upgrade.id and instance.healthy_at is null and instance.desired <> 'terminated'
                  and instance.state not in ('terminated', 'failed') and (predecessor.draining_at is null or predecessor.terminated_at is not null)
                  and greatest(instance.created_at, predecessor.terminated_at) + fleet_upgrade.patience_seconds * interval '1 second' <= $1))
        limit 300`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const upgrade = await this.db.manager.findOneBy(FleetUpgrade, { id });
    if (upgrade && !upgrade.endedAt) await this.db.transaction((tx) => this.go(tx, upgrade.fleetId, id));
  }

  /** All that can be done now, so that what is remembered of the machines is what was left. */
  private async go(tx: EntityManager, fleetId: string, id: string): Promise<void> {
    const held = await holdFleet(tx, fleetId, this.clock.now());
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const upgrade = await tx.findOneByOrFail(FleetUpgrade, { id });
      if (upgrade.endedAt) break;
      const loaded = { ...held, upgrade, members: await membersOf(tx, upgrade) };
      const action = await this.decide(tx, loaded);
      if (action.do === 'wait') break;
      await this.act(tx, loaded, action);
      this.log.info({ fleetUpgradeId: id, fleetId, ...action }, 'an upgrade of a fleet went a step further');
    }
    await tx.update(FleetUpgrade, { id }, { membersSeen: await membersSeen(tx, fleetId) });
  }

  private async decide(tx: EntityManager, { upgrade, members, fleet, subscription }: Loaded): Promise<FleetUpgradeAction> {
    const now = this.clock.now();
    const affordable = affordableOf(fleet, await hourlyPriceOf(tx, fleet, subscription, now));
    const next = members.filter(({ state }) => !isFinal(state)).length + 1;
    // EC2 spreads so many in a zone and no more.
    const isPlaced = fleet.placement !== 'spread' || next <= fleet.maxMachines;
    return decideFleetUpgrade({
      state: upgrade.state,
      isEnded: isOver({ fleet, subscription }),
      members,
      hasRoom: isPlaced && (affordable === null || next <= affordable),
      stepAt: upgrade.stepAt,
      patienceSeconds: upgrade.patienceSeconds,
      now,
    });
  }

  private async act(tx: EntityManager, loaded: Loaded, action: Exclude<FleetUpgradeAction, { do: 'wait' }>): Promise<void> {
    const { upgrade } = loaded;
    const { fromVersionId, toVersionId } = upgrade;
    switch (action.do) {
      case 'replace':
        return this.replace(tx, loaded, action);
      case 'retire':
        return this.retire(tx, loaded, action.id);
      case 'finish':
        await this.enter(tx, upgrade, { state: 'done' });
        return this.tell(tx, upgrade, 'upgraded', `All its machines run version ${await this.title(toVersionId)} now.`);
      case 'roll-back': {
        for (const id of action.end) await this.end(tx, id);
        await this.enter(tx, upgrade, { state: 'rolling-back', failure: action.failure });
        const message = `${action.failure} Its machines go back to version ${await this.title(fromVersionId)}, one at a time.`;
        return this.tell(tx, upgrade, 'rolling-back', message);
      }
      case 'rolled-back':
        await this.enter(tx, upgrade, { state: 'rolled-back' });
        return this.tell(tx, upgrade, 'rolled-back', `All its machines run version ${await this.title(fromVersionId)} again.`);
      case 'give-up': {
        const failure = [upgrade.failure, action.failure].filter(Boolean).join(' ');
        await this.enter(tx, upgrade, { state: 'failed', failure });
        return this.tell(tx, upgrade, 'upgrade-failed', `The upgrade ended: ${failure}`);
      }
    }
  }

  private async replace(
    tx: EntityManager,
    loaded: Loaded,
    { id, first }: Extract<FleetUpgradeAction, { do: 'replace' }>,
  ): Promise<void> {
    const { upgrade } = loaded;
    const now = this.clock.now();
    const versionId = upgrade.state === 'replacing' ? upgrade.toVersionId : upgrade.fromVersionId;
    const next = plannedMember(loaded, versionId, now);
    await tx.insert(Instance, next);
    await tx.insert(FleetReplacement, { instanceId: next.id, upgradeId: upgrade.id, replaces: id, createdAt: now });
    await this.doorbell.ring(tx, 'launcher.reconcile-instance', next.id);
    if (first === 'goes') await this.retire(tx, loaded, id);
  }

  /** It finishes its work where it can, as when the fleet shrinks; what is not well has none. */
  private async retire(tx: EntityManager, { fleet, members }: Loaded, id: string): Promise<void> {
    const { versionId, healthyAt } = members.find((member) => member.id === id)!;
    const { drainPath } = await tx.findOneByOrFail(Version, { id: versionId });
    if (healthyAt === null || drainPath === null || fleet.drainSeconds === 0) return this.end(tx, id);
    const now = this.clock.now();
    await tx.update(Instance, { id }, { drainingAt: now });
    await this.observations.stopMetering(tx, { id, subscriptionId: fleet.subscriptionId }, now);
    await this.doorbell.ring(tx, 'launcher.scale-fleet', fleet.id);
  }

  private async end(tx: EntityManager, id: string): Promise<void> {
    await tx.update(Instance, { id }, { desired: 'terminated' });
    await this.doorbell.ring(tx, 'launcher.reconcile-instance', id);
  }

  private async enter(tx: EntityManager, { id }: FleetUpgrade, changes: Pick<FleetUpgrade, 'state'> & Partial<FleetUpgrade>) {
    const now = this.clock.now();
    await tx.update(FleetUpgrade, { id }, { ...changes, stepAt: now, endedAt: changes.state === 'rolling-back' ? null : now });
  }

  private tell(tx: EntityManager, { fleetId }: FleetUpgrade, kind: string, message: string): Promise<void> {
    return this.progress.note(tx, { fleetId }, kind, message);
  }

  private async title(versionId: string): Promise<string> {
    return (await this.db.manager.findOneByOrFail(Version, { id: versionId })).title;
  }
}

/** All that are not over, and those that began or ended since the upgrade did; their rows are held. */
async function membersOf(tx: EntityManager, { fleetId, toVersionId, askedAt }: FleetUpgrade): Promise<Loaded['members']> {
  const instances = await tx
    .createQueryBuilder(Instance, 'instance')
    .setLock('pessimistic_write')
    .where('instance.fleet_id = :fleetId', { fleetId })
    .andWhere(
      `(instance.state not in ('terminated', 'failed') or instance.created_at >= :askedAt or instance.terminated_at >= :askedAt)`,
      { askedAt },
    )
    .orderBy('instance.id')
    .getMany();
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  return (await inUpgrade(tx, fleetId, instances)).map((member) => {
    const { versionId, createdAt, healthyAt, failure } = byId.get(member.id)!;
    const version = versionId === toVersionId ? 'new' : 'old';
    const clearSince = clearOf(createdAt, byId.get(member.replaces ?? ''));
    return { ...member, versionId, version, createdAt, clearSince, healthyAt, failure };
  });
}

const clearOf = (createdAt: Date, predecessor: Instance | undefined): Date | null => {
  if (!predecessor || (!predecessor.drainingAt && !predecessor.terminatedAt)) return createdAt;
  const { terminatedAt } = predecessor;
  return terminatedAt && (terminatedAt > createdAt ? terminatedAt : createdAt);
};
