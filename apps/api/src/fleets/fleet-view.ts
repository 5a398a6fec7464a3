/** Fleets as their buyer sees them: the wish, and what became of it. Reads launcher.fleet_state and launcher.instance. */
import { In, type EntityManager } from 'typeorm';
import { formatRate } from '#domain/money.ts';
import { AwsConnection } from '#tables/api/aws-connection.ts';
import type { Fleet } from '#tables/api/fleet.ts';
import { Product } from '#tables/api/product.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { ConnectionCheck } from '#tables/launcher/connection-check.ts';
import { FleetState } from '#tables/launcher/fleet-state.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { connectionProblem } from '../aws-connections/aws-connections.ts';
import type { FleetMachineView, FleetView } from './fleets.schema.ts';

interface Count {
  machines: number;
  healthy: number;
  draining: number;
}

/** Seven queries, however many fleets. */
export async function fleetViews(tx: EntityManager, fleets: Fleet[]): Promise<FleetView[]> {
  const ids = fleets.map(({ id }) => id);
  const versions = byId(await tx.findBy(Version, { id: In(fleets.map(({ versionId }) => versionId)) }));
  const products = byId(await tx.findBy(Product, { id: In([...versions.values()].map(({ productId }) => productId)) }));
  const subscriptions = byId(await tx.findBy(Subscription, { id: In(fleets.map(({ subscriptionId }) => subscriptionId)) }));
  const states = new Map((await tx.findBy(FleetState, { fleetId: In(ids) })).map((state) => [state.fleetId, state]));
  const counts = await countsOf(tx, ids);
  const problems = await problemsOf(tx, fleets);
  return fleets.map((fleet) => {
    const version = versions.get(fleet.versionId)!;
    return {
      ...wishView(fleet),
      product: products.get(version.productId)!.name,
      version: version.title,
      connectionProblem: problems.get(fleet.awsConnectionId ?? '') ?? null,
      currency: subscriptions.get(fleet.subscriptionId)!.currency,
      state: stateView(states.get(fleet.id), counts.get(fleet.id)),
    };
  });
}

const byId = <T extends { id: string }>(rows: T[]): Map<string, T> => new Map(rows.map((row) => [row.id, row]));

/** Why connections do not work, of those that do not. */
async function problemsOf(tx: EntityManager, fleets: Fleet[]): Promise<Map<string, string | null>> {
  const ids = fleets.map(({ awsConnectionId }) => awsConnectionId).filter((id) => id !== null);
  const checks = await tx.findBy(ConnectionCheck, { connectionId: In(ids) });
  const checkOf = (id: string): ConnectionCheck | null => checks.find(({ connectionId }) => connectionId === id) ?? null;
  const connections = await tx.findBy(AwsConnection, { id: In(ids) });
  return new Map(connections.map((connection) => [connection.id, connectionProblem(connection, checkOf(connection.id))]));
}

async function countsOf(tx: EntityManager, ids: string[]): Promise<Map<string, Count>> {
  const rows: Array<Count & { fleet_id: string }> = await tx.query(
    `select instance.fleet_id, count(*)::int as machines,
            count(*) filter (where instance.state = 'healthy' and instance.draining_at is null and instance.desired = 'running')::int as healthy,
            count(*) filter (where instance.draining_at is not null)::int as draining
       from launcher.instance
      where instance.fleet_id = any($1::uuid[]) and instance.state not in ('terminated', 'failed')
      group by instance.fleet_id`,
    [ids],
  );
  return new Map(rows.map(({ fleet_id: id, ...count }) => [id, count]));
}

const wishView = (fleet: Fleet): Omit<FleetView, 'product' | 'version' | 'connectionProblem' | 'currency' | 'state'> => ({
  id: fleet.id,
  subscriptionId: fleet.subscriptionId,
  name: fleet.name,
  awsConnectionId: fleet.awsConnectionId,
  region: fleet.region,
  zone: fleet.zone,
  instanceType: fleet.instanceType,
  keyName: fleet.keyName,
  subnetId: fleet.subnetId,
  sshFrom: fleet.sshFrom,
  placement: fleet.placement,
  market: fleet.market,
  tags: fleet.tags,
  settings: Object.keys(fleet.userData).sort(),
  min: fleet.minMachines,
  max: fleet.maxMachines,
  fixed: fleet.fixedMachines,
  target: fleet.target,
  schedules: fleet.windows.map((window) => ({ ...window, days: [...window.days] })),
  scaleOutSeconds: fleet.scaleOutSeconds,
  scaleInSeconds: fleet.scaleInSeconds,
  hourlyCeiling: fleet.hourlyCeiling === null ? null : formatRate(fleet.hourlyCeiling),
  idleMinutes: fleet.idleMinutes,
  drainSeconds: fleet.drainSeconds,
  createdAt: fleet.createdAt.toISOString(),
  changedAt: fleet.changedAt.toISOString(),
  wakeRequestedAt: fleet.wakeRequestedAt?.toISOString() ?? null,
  endedAt: fleet.endedAt?.toISOString() ?? null,
});

function stateView(state: FleetState | undefined, count: Count | undefined): FleetView['state'] {
  const scaledAt = [state?.scaledOutAt, state?.scaledInAt]
    .filter((at) => at != null)
    .sort((a, b) => b.getTime() - a.getTime())[0];
  return {
    desired: state?.desired ?? null,
    why: state?.why ?? 'It was not looked at yet.',
    machines: count?.machines ?? 0,
    healthy: count?.healthy ?? 0,
    draining: count?.draining ?? 0,
    load: state?.load ?? null,
    scaledAt: scaledAt?.toISOString() ?? null,
    asleepSince: state?.asleepSince?.toISOString() ?? null,
    decidedAt: state?.decidedAt.toISOString() ?? null,
  };
}

/** The newest 200, those that are gone included. */
export async function machineViews(tx: EntityManager, fleetId: string): Promise<FleetMachineView[]> {
  const instances = await tx.find(Instance, { where: { fleetId }, order: { createdAt: 'desc', id: 'desc' }, take: 200 });
  return instances.map((instance) => ({
    id: instance.id,
    state: instance.state,
    ec2InstanceId: instance.ec2InstanceId,
    zone: instance.zone,
    url: instance.state === 'healthy' ? instance.url : null,
    failure: instance.failure,
    createdAt: instance.createdAt.toISOString(),
    healthyAt: instance.healthyAt?.toISOString() ?? null,
    drainingAt: instance.drainingAt?.toISOString() ?? null,
    terminatedAt: instance.terminatedAt?.toISOString() ?? null,
  }));
}
