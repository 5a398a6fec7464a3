/**
 * Upgrades of fleets as their buyer asks for and reads them; the replacing is the work of UpgradeFleet. Reads api.fleet, subscription, version
 * and listing, and billing.standing.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { renderUserData } from '#domain/user-data.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Fleet } from '#tables/api/fleet.ts';
import type { Version } from '#tables/api/version.ts';
import { Standing } from '#tables/billing/standing.ts';
import { FleetUpgrade } from '#tables/launcher/fleet-upgrade.ts';
import { holdFleet, isOver, type HeldFleet } from '../fleets/held-fleet.ts';
import { Progress } from '../instances/progress.ts';
import { assertLaunchable } from '../restores/replaceable.ts';
import type { FleetUpgradeQuery, FleetUpgradeView, NewFleetUpgrade } from './fleet-upgrades.schema.ts';
import { soldVersion } from './sold-version.ts';

@Injectable()
export class FleetUpgrades {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly progress: Progress,
  ) {}

  /**
   * @throws DomainError `missing`, `fleet_ended`, `standing_past_due`, `standing_suspended`, `upgrade_under_way`, `version_not_offered`,
   *   `already_on_version`, `instance_type_not_offered`, `has_data_volumes`, `no_metrics`, `invalid_user_data`, `image_not_ready`.
   */
  upgrade(caller: Caller, { fleetId, versionId, patienceSeconds }: NewFleetUpgrade): Promise<FleetUpgradeView> {
    return this.db.transaction(async (tx) => {
      if (!(await tx.existsBy(Fleet, { id: fleetId, buyerId: caller.organizationId }))) throw missing('fleet');
      const now = this.clock.now();
      const held = await holdFleet(tx, fleetId, now);
      await assertUpgradable(tx, held);
      const version = await soldVersion(tx, held.subscription.productId, versionId);
      assertFits(version, held);
      await assertLaunchable(tx, version.id, held.fleet.region);
      const upgrade: FleetUpgrade = {
        id: newId(),
        fleetId,
        fromVersionId: held.version.id,
        toVersionId: version.id,
        state: 'replacing',
        patienceSeconds,
        failure: null,
        membersSeen: 'none yet',
        askedAt: now,
        stepAt: now,
        endedAt: null,
      };
      await tx.insert(FleetUpgrade, upgrade);
      const message = `It is upgraded to version ${version.title}, one machine at a time.`;
      await this.progress.note(tx, { fleetId }, 'upgrading', message);
      await this.doorbell.ring(tx, 'launcher.upgrade-fleet', upgrade.id);
      return view(tx, upgrade);
    });
  }

  /** The newest 100 of the caller. */
  async list(caller: Caller, { fleetId }: FleetUpgradeQuery): Promise<FleetUpgradeView[]> {
    const upgrades = await this.own(caller)
      .andWhere(fleetId ? 'upgrade.fleet_id = :fleetId' : 'true', { fleetId })
      .orderBy({ 'upgrade.asked_at': 'DESC', 'upgrade.id': 'DESC' })
      .take(100)
      .getMany();
    return Promise.all(upgrades.map((upgrade) => view(this.db.manager, upgrade)));
  }

  /** @throws DomainError `missing` for a foreign one. */
  async get(caller: Caller, id: string): Promise<FleetUpgradeView> {
    const upgrade = await this.own(caller).andWhere('upgrade.id = :id', { id }).getOne();
    if (!upgrade) throw missing('upgrade');
    return view(this.db.manager, upgrade);
  }

  private own({ organizationId }: Caller): SelectQueryBuilder<FleetUpgrade> {
    return this.db.manager
      .createQueryBuilder(FleetUpgrade, 'upgrade')
      .where('exists (select from api.fleet where fleet.id = upgrade.fleet_id and fleet.buyer_id = :organizationId)', {
        organizationId,
      });
  }
}

async function assertUpgradable(tx: EntityManager, { fleet, subscription }: HeldFleet): Promise<void> {
  if (isOver({ fleet, subscription }))
    throw new DomainError(
      'conflict',
      'fleet_ended',
      'The fleet has ended; make a new one, which begins with the version sold now.',
    );
  const standing = await tx.findOneBy(Standing, { buyerId: fleet.buyerId });
  if (standing && standing.state !== 'good')
    throw new DomainError(
      'conflict',
      `standing_${standing.state}`,
      'No new machine would be launched: settle what is due under Invoices, then ask again.',
    );
  if (await tx.existsBy(FleetUpgrade, { fleetId: fleet.id, endedAt: IsNull() }))
    throw new DomainError('conflict', 'upgrade_under_way', 'The fleet is being upgraded. Ask again once that is done.');
}

function assertFits(next: Version, { fleet, version }: HeldFleet): void {
  const refuse = (code: string, detail: string): DomainError => new DomainError('conflict', code, detail);
  if (next.id === version.id) throw refuse('already_on_version', `The fleet runs version ${next.title} already.`);
  if (!next.instanceTypes.includes(fleet.instanceType))
    throw refuse(
      'instance_type_not_offered',
      `Version ${next.title} runs on ${next.instanceTypes.join(', ')}, not on ${fleet.instanceType}.`,
    );
  if (next.dataVolumes.length > 0)
    throw refuse(
      'has_data_volumes',
      `Version ${next.title} keeps data on volumes of its own, which machines that come and go do not have; launch it instead.`,
    );
  if (fleet.target && next.metricsPath === null)
    throw refuse(
      'no_metrics',
      `Version ${next.title} reports no metrics, and the fleet scales by one; give it a fixed number or a schedule first.`,
    );
  renderUserData(next.userDataTemplate, fleet.userData, {});
}

interface Replacement {
  instance_id: string;
  replaces: string;
  version_id: string;
  state: string;
  failure: string | null;
  created_at: Date;
  healthy_at: Date | null;
}

async function view(tx: EntityManager, upgrade: FleetUpgrade): Promise<FleetUpgradeView> {
  const { id, fleetId, fromVersionId, toVersionId, state, failure, patienceSeconds } = upgrade;
  const wanted = state === 'replacing' || state === 'done' ? toVersionId : fromVersionId;
  const [{ count }]: [{ count: number }] = await tx.query(
    `select count(*)::int from launcher.instance
      where instance.fleet_id = $1 and instance.version_id <> $2 and instance.state not in ('terminated', 'failed')`,
    [fleetId, wanted],
  );
  const rows: Replacement[] = await tx.query(
    `select fleet_replacement.instance_id, fleet_replacement.replaces, instance.version_id, instance.state, instance.failure,
            instance.created_at, instance.healthy_at
       from launcher.fleet_replacement join launcher.instance on instance.id = fleet_replacement.instance_id
      where fleet_replacement.upgrade_id = $1 order by fleet_replacement.created_at, instance.id`,
    [id],
  );
  return {
    id,
    fleetId,
    fromVersionId,
    toVersionId,
    state,
    failure,
    patienceSeconds,
    remaining: upgrade.endedAt ? 0 : count,
    replacements: rows.map((row) => ({
      instanceId: row.instance_id,
      replaces: row.replaces,
      versionId: row.version_id,
      state: row.state,
      failure: row.failure,
      createdAt: row.created_at.toISOString(),
      healthyAt: row.healthy_at?.toISOString() ?? null,
    })),
    askedAt: upgrade.askedAt.toISOString(),
    stepAt: upgrade.stepAt.toISOString(),
    endedAt: upgrade.endedAt?.toISOString() ?? null,
  };
}
