/**
 * The machines of a fleet as its decision wants to know them, and what they reported. Reads launcher.instance; writes
 * launcher.fleet_metric, and keeps of it what a decision may look back to.
 */
import type { EntityManager } from 'typeorm';
import { idleSince, STALE_SECONDS, type Member, type Target } from '#domain/fleet-load.ts';
import { sparesOf, type UpgradeMember } from '#domain/fleet-upgrade.ts';
import type { FleetSituation } from '#domain/scaling.ts';
import type { Fleet } from '#tables/api/fleet.ts';
import { FleetMetric } from '#tables/launcher/fleet-metric.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { isOver, replacements, type HeldFleet } from './held-fleet.ts';
import type { Report } from './reports.ts';

/** How far back a decision looks at what was reported: the cool-down for shrinking, and a gap before it. */
const lookBack = ({ scaleInSeconds }: Fleet, now: Date): Date =>
  new Date(now.getTime() - (scaleInSeconds + STALE_SECONDS) * 1000);

/**
 * Holds the rows, so that nobody writes about a machine between the decision and what it leads to. Those that are beside the fleet's size
 * in an upgrade are not among them, unless it is over for all.
 */
export async function holdMembers(
  tx: EntityManager,
  held: Pick<HeldFleet, 'fleet' | 'subscription'>,
  reports: readonly Report[],
  now: Date,
): Promise<Member[]> {
  const { fleet } = held;
  const all = await tx
    .createQueryBuilder(Instance, 'instance')
    .setLock('pessimistic_write')
    .where('instance.fleet_id = :id', { id: fleet.id })
    .andWhere('(instance.terminated_at is null or instance.terminated_at > :since)', {
      since: lookBack(fleet, now),
    })
    .orderBy('instance.id')
    .getMany();
  const spares = isOver(held) ? new Set() : sparesOf(await inUpgrade(tx, fleet.id, all));
  const instances = all.filter(({ id }) => !spares.has(id));
  const metrics = Map.groupBy(await metricsOf(tx, fleet, now), ({ instanceId }) => instanceId);
  const drained = new Set(reports.filter(({ hasDrained }) => hasDrained).map(({ instanceId }) => instanceId));
  return instances.map((instance) => {
    const readings = metrics.get(instance.id) ?? [];
    return {
      id: instance.id,
      state: instance.state,
      isWanted: instance.desired !== 'terminated',
      createdAt: instance.createdAt,
      healthyAt: instance.healthyAt,
      zone: instance.zone,
      drainingAt: instance.drainingAt,
      hasDrained: drained.has(instance.id),
      readings: readings.map(({ at, value }) => ({ at, value })),
      idleSince: readings.at(-1)?.idleSince ?? null,
    };
  });
}

/** The same machines as an upgrade of the fleet wants to know them. */
export async function inUpgrade(tx: EntityManager, fleetId: string, instances: readonly Instance[]): Promise<Spare[]> {
  const replaced = await replacements(tx, fleetId);
  return instances.map(({ id, state, desired, drainingAt }) => ({
    id,
    state,
    isWanted: desired !== 'terminated',
    drainingAt,
    replaces: replaced.get(id) ?? null,
  }));
}

type Spare = Pick<UpgradeMember, 'id' | 'state' | 'isWanted' | 'drainingAt' | 'replaces'>;

/** Writes down what was reported in one pass, all at one instant. Who said nothing gets no row. */
export async function recordReports(
  tx: EntityManager,
  { fleet, target, at }: { fleet: Fleet; target: Target; at: Date },
  reports: readonly Report[],
): Promise<void> {
  const before = Map.groupBy(await metricsOf(tx, fleet, at), ({ instanceId }) => instanceId);
  const rows = reports.flatMap(({ instanceId, value }): FleetMetric[] => {
    if (value === null) return [];
    const last = before.get(instanceId)?.at(-1) ?? null;
    const idle = idleSince(last, { at, value }, target.idleAt);
    return [{ instanceId, at, fleetId: fleet.id, metric: target.metric, value, idleSince: idle }];
  });
  if (rows.length > 0) await tx.createQueryBuilder().insert().into(FleetMetric).values(rows).orIgnore().execute();
  await tx.query('delete from launcher.fleet_metric where fleet_metric.fleet_id = $1 and fleet_metric.at < $2', [
    fleet.id,
    lookBack(fleet, at),
  ]);
}

/** Of the metric that counts now, oldest first. */
async function metricsOf(tx: EntityManager, fleet: Fleet, now: Date): Promise<FleetMetric[]> {
  if (!fleet.target) return [];
  return tx
    .createQueryBuilder(FleetMetric, 'fleet_metric')
    .where('fleet_metric.fleet_id = :id and fleet_metric.at >= :since', { id: fleet.id, since: lookBack(fleet, now) })
    .andWhere('fleet_metric.metric = :metric', { metric: fleet.target.metric })
    .orderBy('fleet_metric.at')
    .getMany();
}

/** Machines that ended by themselves before they were ever well, since the last that was, or since its buyer changed something. */
export async function failuresOf(tx: EntityManager, { id, changedAt }: Fleet): Promise<FleetSituation['failures']> {
  const [found]: Array<{ count: number; last_at: Date | null }> = await tx.query(
    `select count(*)::int as count, max(instance.terminated_at) as last_at from launcher.instance
      where instance.fleet_id = $1 and instance.state in ('terminated', 'failed')
        and instance.healthy_at is null and instance.failure is not null and instance.created_at >= $2
        and instance.terminated_at > coalesce(
              (select max(well.healthy_at) from launcher.instance well where well.fleet_id = $1), '-infinity')`,
    [id, changedAt],
  );
  return found?.last_at ? { count: found.count, lastAt: found.last_at } : null;
}
