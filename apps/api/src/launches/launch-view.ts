/** Launches as their buyer sees them: the wish, and what became of it. Reads launcher.instance. */
import { In, type EntityManager } from 'typeorm';
import { AwsConnection } from '#tables/api/aws-connection.ts';
import type { Launch } from '#tables/api/launch.ts';
import { Product } from '#tables/api/product.ts';
import { Version } from '#tables/api/version.ts';
import { ConnectionCheck } from '#tables/launcher/connection-check.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { connectionProblem } from '../aws-connections/aws-connections.ts';
import type { LaunchView } from './launches.schema.ts';

/** Five queries, however many launches. */
export async function launchViews(tx: EntityManager, launches: Launch[]): Promise<LaunchView[]> {
  const machines = new Map((await currentMachines(tx, launches)).map((instance) => [instance.launchId, instance]));
  // Upgrades change what a launch runs, and not what was asked for.
  const runs = ({ id, versionId }: Launch): string => machines.get(id)?.versionId ?? versionId;
  const versions = await tx.findBy(Version, { id: In(launches.map((launch) => runs(launch))) });
  const products = await tx.findBy(Product, { id: In(versions.map((version) => version.productId)) });
  const problems = await connectionProblems(tx, launches);
  return launches.map((launch) => {
    const version = versions.find(({ id }) => id === runs(launch))!;
    const product = products.find(({ id }) => id === version.productId)!;
    const connectionProblem = problems.get(launch.awsConnectionId ?? '') ?? null;
    return view(launch, { version, product, instance: machines.get(launch.id), connectionProblem });
  });
}

/** Of each launch the last in the row of machines that replaced each other. */
export const currentMachines = (tx: EntityManager, launches: Array<Pick<Launch, 'id'>>): Promise<Instance[]> =>
  tx
    .createQueryBuilder(Instance, 'instance')
    .where('instance.launch_id = any(:ids)', { ids: launches.map(({ id }) => id) })
    .andWhere('not exists (select from launcher.instance newer where newer.replaces = instance.id)')
    .getMany();

/** By connection, of those that do not work. What ended needs none. */
async function connectionProblems(tx: EntityManager, launches: Launch[]): Promise<Map<string, string | null>> {
  const ids = launches.flatMap(({ desired, awsConnectionId: id }) => (id && desired !== 'terminated' ? [id] : []));
  if (ids.length === 0) return new Map();
  const connections = await tx.findBy(AwsConnection, { id: In(ids) });
  const checks = await tx.findBy(ConnectionCheck, { connectionId: In(ids) });
  return new Map(
    connections.map((connection) => [
      connection.id,
      connectionProblem(connection, checks.find((check) => check.connectionId === connection.id) ?? null),
    ]),
  );
}

interface Known {
  version: Version;
  product: Product;
  instance: Instance | undefined;
  connectionProblem: string | null;
}

const view = (launch: Launch, { version, product, instance, connectionProblem: problem }: Known): LaunchView => ({
  id: launch.id,
  subscriptionId: launch.subscriptionId,
  product: product.name,
  version: version.title,
  region: launch.region,
  instanceType: launch.instanceType,
  name: launch.name,
  zone: launch.zone,
  keyName: launch.keyName,
  subnetId: launch.subnetId,
  sshFrom: launch.sshFrom,
  placement: launch.placement,
  market: launch.market,
  tags: launch.tags,
  settings: Object.keys(launch.userData).sort(),
  ending: { snapshot: launch.snapshotOnEnd, volumes: launch.keepVolumes ? 'keep' : 'delete' },
  snapshotSchedule: {
    everyHours: launch.snapshotEveryHours,
    kept: launch.snapshotsKept,
    restoreTestEveryDays: launch.restoreTestEveryDays,
  },
  awsConnectionId: launch.awsConnectionId,
  connectionProblem: launch.desired === 'terminated' ? null : problem,
  desired: launch.desired,
  desiredAt: launch.desiredAt.toISOString(),
  rebootAt: launch.rebootAt?.toISOString() ?? null,
  state: instance?.state ?? 'accepted',
  url: instance?.state === 'healthy' ? instance.url : null,
  instanceId: instance?.id ?? null,
  ec2InstanceId: instance?.ec2InstanceId ?? null,
  failure: instance?.failure ?? null,
  createdAt: launch.createdAt.toISOString(),
  launchedAt: instance?.launchedAt?.toISOString() ?? null,
  healthyAt: instance?.healthyAt?.toISOString() ?? null,
  terminatedAt: instance?.terminatedAt?.toISOString() ?? null,
});
