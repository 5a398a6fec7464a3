/** What buyers want to run. The launcher makes it so; here only the wish is written and the outcome read. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { AwsConnection } from '#tables/api/aws-connection.ts';
import { Launch } from '#tables/api/launch.ts';
import { Listing } from '#tables/api/listing.ts';
import { Product } from '#tables/api/product.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { ConnectionCheck } from '#tables/launcher/connection-check.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { connectionProblem, ownConnection } from '../aws-connections/aws-connections.ts';
import { offeredRegions } from '../versions/offered-regions.ts';
import type { LaunchView, NewLaunch } from './launches.schema.ts';

@Injectable()
export class Launches {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Asks for a machine under a subscription. The same Idempotency-Key asks for the same machine.
   * @throws DomainError `missing` for a foreign subscription; `subscription_ended`, `region_not_offered`,
   *   `instance_type_not_offered`, `standing_past_due`, `connection_not_ok`, `region_not_connected`, `idempotency_mismatch`.
   */
  async launch(caller: Caller, given: NewLaunch, key?: string): Promise<LaunchView> {
    const id = idFor(caller.organizationId, 'launch', key);
    return this.db.transaction(async (tx) => {
      const repeated = key ? await tx.findOneBy(Launch, { id }) : null;
      if (repeated) {
        assertSame({ ...repeated }, given);
        return view(tx, repeated);
      }
      const subscription = await tx.findOneBy(Subscription, { id: given.subscriptionId, buyerId: caller.organizationId });
      if (!subscription) throw missing('subscription');
      const version = await launchableVersion(tx, caller, subscription, given);
      const now = this.clock.now();
      const launch: Launch = {
        id,
        subscriptionId: subscription.id,
        buyerId: caller.organizationId,
        versionId: version.id,
        region: given.region,
        instanceType: given.instanceType,
        desired: 'running',
        createdAt: now,
        desiredAt: now,
        name: null,
        awsConnectionId: given.awsConnectionId ?? null,
        zone: null,
        keyName: null,
        subnetId: null,
        sshFrom: null,
        placement: 'none',
        tags: {},
        userData: {},
        rebootAt: null,
        snapshotOnEnd: false,
        keepVolumes: false,
        snapshotEveryHours: null,
        snapshotsKept: 7,
      };
      // Two calls with one key at once: one inserts, and both ring for the same row.
      await tx.createQueryBuilder().insert().into(Launch).values(launch).orIgnore().execute();
      await this.doorbell.ring(tx, 'launcher.reconcile-launch', launch.id);
      return view(tx, launch);
    });
  }

  async list(caller: Caller): Promise<LaunchView[]> {
    const launches = await this.db.manager.find(Launch, {
      where: { buyerId: caller.organizationId },
      order: { createdAt: 'desc' },
      take: 200,
    });
    return Promise.all(launches.map((launch) => view(this.db.manager, launch)));
  }

  async get(caller: Caller, id: string): Promise<LaunchView> {
    return view(this.db.manager, await ownLaunch(this.db.manager, caller, id));
  }

  /** Asks for the machine to be terminated. Asking twice is the same as once. */
  async terminate(caller: Caller, id: string): Promise<LaunchView> {
    return this.db.transaction(async (tx) => {
      const launch = await ownLaunch(tx, caller, id);
      if (launch.desired !== 'terminated') {
        await tx.update(Launch, { id }, { desired: 'terminated', desiredAt: this.clock.now() });
        await this.doorbell.ring(tx, 'launcher.reconcile-launch', id);
      }
      return view(tx, { ...launch, desired: 'terminated' });
    });
  }
}

/**
 * The version that runs under a subscription now, when what is asked for may be run at all. The connection it names is held until
 * the transaction ends.
 * @throws DomainError `subscription_ended`, `standing_past_due`, `region_not_offered`, `instance_type_not_offered`, `connection_not_ok`,
 *   `region_not_connected`.
 */
export async function launchableVersion(
  tx: EntityManager,
  caller: Caller,
  subscription: Subscription,
  given: Pick<NewLaunch, 'region' | 'instanceType'> & { awsConnectionId?: string | null },
): Promise<Version> {
  if (subscription.endedAt)
    throw new DomainError('conflict', 'subscription_ended', 'This subscription has ended; subscribe again to launch.');
  await assertGoodStanding(tx, caller.organizationId);
  const version = await offeredVersion(tx, subscription.productId);
  if (given.awsConnectionId) await assertConnected(tx, caller, given.awsConnectionId, given.region);
  assertOffered(version, await offeredRegions(tx, version), given);
  return version;
}

async function assertGoodStanding(tx: EntityManager, buyerId: string): Promise<void> {
  const [standing] = await tx.query(
    `select standing.state from billing.standing where standing.buyer_id = $1 and standing.state <> 'good'`,
    [buyerId],
  );
  if (standing)
    throw new DomainError(
      'conflict',
      `standing_${standing.state}`,
      'A payment is outstanding; settle it under Invoices, then launch again.',
    );
}

/** The version that new launches of a product run: what its listing names, also when it is no longer sold to new buyers. */
async function offeredVersion(tx: EntityManager, productId: string): Promise<Version> {
  const listing = await tx.findOneBy(Listing, { productId });
  const version = listing && (await tx.findOneBy(Version, { id: listing.versionId }));
  if (!version) throw new DomainError('conflict', 'not_listed', 'This product has no version to launch.');
  return version;
}

/** @throws DomainError `region_not_offered`, `instance_type_not_offered` */
export function assertOffered(
  version: Version,
  regions: readonly string[],
  { region, instanceType }: Pick<NewLaunch, 'region' | 'instanceType'>,
): void {
  if (!regions.includes(region)) {
    throw new DomainError('conflict', 'region_not_offered', `Offered in ${regions.join(', ')}.`);
  }
  if (!version.instanceTypes.includes(instanceType)) {
    throw new DomainError('conflict', 'instance_type_not_offered', `Offered on ${version.instanceTypes.join(', ')}.`);
  }
}

/** The connection is held until the launch is written, so that it is not removed in between. */
async function assertConnected(tx: EntityManager, caller: Caller, id: string, region: string): Promise<void> {
  const connection = await ownConnection(tx, caller, id, 'for share');
  const check = await tx.findOneBy(ConnectionCheck, { connectionId: id });
  const problem = connectionProblem(connection, check);
  if (problem) throw new DomainError('conflict', 'connection_not_ok', problem);
  if (!check?.regions.includes(region)) {
    throw new DomainError(
      'conflict',
      'region_not_connected',
      `Account ${connection.accountId} lets us run machines in ${check?.regions.join(', ') ?? 'no region'} only; launch there, or open ${region} and test the connection again.`,
    );
  }
}

async function ownLaunch(tx: EntityManager, caller: Caller, id: string): Promise<Launch> {
  const launch = await tx.findOneBy(Launch, { id, buyerId: caller.organizationId });
  if (!launch) throw missing('launch');
  return launch;
}

/** The last in the row of machines that replaced each other. */
const currentMachine = (tx: EntityManager, launchId: string): Promise<Instance | null> =>
  tx
    .createQueryBuilder(Instance, 'instance')
    .where('instance.launch_id = :launchId', { launchId })
    .andWhere('not exists (select from launcher.instance newer where newer.replaces = instance.id)')
    .getOne();

async function view(tx: EntityManager, launch: Launch): Promise<LaunchView> {
  const instance = await currentMachine(tx, launch.id);
  const version = await tx.findOneByOrFail(Version, { id: launch.versionId });
  const product = await tx.findOneByOrFail(Product, { id: version.productId });
  return {
    id: launch.id,
    subscriptionId: launch.subscriptionId,
    product: product.name,
    version: version.title,
    region: launch.region,
    instanceType: launch.instanceType,
    awsConnectionId: launch.awsConnectionId,
    connectionProblem: await problemOf(tx, launch),
    desired: launch.desired,
    state: instance?.state ?? 'accepted',
    url: instance?.state === 'healthy' ? instance.url : null,
    ec2InstanceId: instance?.ec2InstanceId ?? null,
    failure: instance?.failure ?? null,
    createdAt: launch.createdAt.toISOString(),
    launchedAt: instance?.launchedAt?.toISOString() ?? null,
    healthyAt: instance?.healthyAt?.toISOString() ?? null,
    terminatedAt: instance?.terminatedAt?.toISOString() ?? null,
  };
}

async function problemOf(tx: EntityManager, { awsConnectionId, desired }: Launch): Promise<string | null> {
  if (!awsConnectionId || desired === 'terminated') return null;
  const connection = await tx.findOneByOrFail(AwsConnection, { id: awsConnectionId });
  return connectionProblem(connection, await tx.findOneBy(ConnectionCheck, { connectionId: awsConnectionId }));
}
