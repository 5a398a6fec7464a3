/** What buyers want to run. The launcher makes it so; here only the wish is written and the outcome read. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { Launch } from '#tables/api/launch.ts';
import { Listing } from '#tables/api/listing.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { offeredRegions } from '../versions/offered-regions.ts';
import { currentMachines, launchViews } from './launch-view.ts';
import { assertConnected, assertOffered, launchOf, optionsOf, type Chosen } from './launch-options.ts';
import type { Desired, Ending, EndingQuery, LaunchView, NewLaunch, SnapshotSchedule } from './launches.schema.ts';

/** A reboot that is asked for again so soon is the same one: an answer may have got lost. */
const SAME_REBOOT_MS = 60_000;

@Injectable()
export class Launches {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Asks for a machine under a subscription. The same Idempotency-Key asks for the same machine.
   * @throws DomainError `missing` for a foreign subscription; `subscription_ended`, `region_not_offered`, `instance_type_not_offered`,
   *   `subnet_needs_own_account`, `invalid_user_data`, `standing_past_due`, `connection_not_ok`, `region_not_connected`, `idempotency_mismatch`.
   */
  async launch(caller: Caller, given: NewLaunch, key?: string): Promise<LaunchView> {
    const id = idFor(caller.organizationId, 'launch', key);
    return this.db.transaction(async (tx) => {
      const repeated = key ? await tx.findOneBy(Launch, { id }) : null;
      if (repeated) {
        assertSame(optionsOf(repeated), optionsOf(launchOf(given, repeated)));
        return one(tx, repeated);
      }
      const subscription = await tx.findOneBy(Subscription, { id: given.subscriptionId, buyerId: caller.organizationId });
      if (!subscription) throw missing('subscription');
      const version = await launchableVersion(tx, caller, subscription, given);
      const launch = launchOf(given, {
        id,
        buyerId: caller.organizationId,
        versionId: version.id,
        createdAt: this.clock.now(),
      });
      // Two calls with one key at once: one inserts, and both ring for the same row.
      await tx.createQueryBuilder().insert().into(Launch).values(launch).orIgnore().execute();
      await this.doorbell.ring(tx, 'launcher.reconcile-launch', launch.id);
      return one(tx, launch);
    });
  }

  async list(caller: Caller): Promise<LaunchView[]> {
    const launches = await this.db.manager.find(Launch, {
      where: { buyerId: caller.organizationId },
      order: { createdAt: 'desc' },
      take: 200,
    });
    return launchViews(this.db.manager, launches);
  }

  async get(caller: Caller, id: string): Promise<LaunchView> {
    return one(this.db.manager, await ownLaunch(this.db.manager, caller, id));
  }

  /**
   * Stops the machine, keeping it and its disks, or starts it again. Wanting what is wanted already changes nothing, except that a
   * launch that failed is tried again.
   * @throws DomainError `launch_ended`, `spot_cannot_stop`, `standing_past_due` for starting.
   */
  want(caller: Caller, id: string, { state }: Desired): Promise<LaunchView> {
    return this.change(caller, id, async (tx, launch) => {
      assertGoesOn(launch);
      if (state === 'stopped') assertStoppable(launch);
      if (state === 'running') await assertGoodStanding(tx, caller.organizationId);
      const [machine] = await currentMachines(tx, [launch]);
      const triesAgain = state === 'running' && machine?.state === 'failed';
      return launch.desired === state && !triesAgain ? {} : { desired: state, desiredAt: this.clock.now() };
    });
  }

  /**
   * Reboots the machine. Asked again within a minute, it is the same reboot.
   * @throws DomainError `launch_ended`, `not_running`.
   */
  reboot(caller: Caller, id: string): Promise<LaunchView> {
    return this.change(caller, id, async (tx, launch) => {
      assertGoesOn(launch);
      const [machine] = await currentMachines(tx, [launch]);
      const runs = machine?.state === 'running' || machine?.state === 'healthy';
      if (!runs || launch.desired !== 'running')
        throw new DomainError('conflict', 'not_running', 'Its machine does not run, so there is nothing to reboot; start it.');
      const now = this.clock.now();
      const isAsked = launch.rebootAt && now.getTime() - launch.rebootAt.getTime() < SAME_REBOOT_MS;
      return isAsked ? {} : { rebootAt: now };
    });
  }

  /** Says what becomes of its data when it ends, by its buyer or with its subscription. @throws DomainError `launch_ended`. */
  settleEnding(caller: Caller, id: string, { snapshot, volumes }: Ending): Promise<LaunchView> {
    return this.change(caller, id, async (_, launch) => {
      assertGoesOn(launch);
      return { snapshotOnEnd: snapshot, keepVolumes: volumes === 'keep' };
    });
  }

  /** Says how often its data volumes are snapshotted, how many snapshots are kept, and how often one is tried. @throws DomainError `launch_ended`. */
  schedule(caller: Caller, id: string, { everyHours, kept, restoreTestEveryDays }: SnapshotSchedule): Promise<LaunchView> {
    return this.change(caller, id, async (tx, launch) => {
      assertGoesOn(launch);
      await this.doorbell.ring(tx, 'launcher.keep-snapshots', id);
      return { snapshotEveryHours: everyHours, snapshotsKept: kept, restoreTestEveryDays };
    });
  }

  /** Ends it: its machine is terminated, its data volumes are kept or deleted. Asking twice is the same as once. */
  terminate(caller: Caller, id: string, ending: EndingQuery = {}): Promise<LaunchView> {
    return this.change(caller, id, async (_, launch) => (launch.desired === 'terminated' ? {} : endOf(ending, this.clock.now())));
  }

  /** Writes what `decide` says of the row, which nobody else changes meanwhile, and rings when that is anything. */
  private change(
    caller: Caller,
    id: string,
    decide: (tx: EntityManager, launch: Launch) => Promise<Partial<Launch>>,
  ): Promise<LaunchView> {
    return this.db.transaction(async (tx) => {
      const launch = await ownLaunch(tx, caller, id, true);
      const changes = await decide(tx, launch);
      if (Object.keys(changes).length > 0) {
        await tx.update(Launch, { id }, changes);
        await this.doorbell.ring(tx, 'launcher.reconcile-launch', id);
      }
      return one(tx, { ...launch, ...changes });
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
  given: Chosen,
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

/** What ending a launch writes into it. */
export const endOf = ({ snapshot, volumes }: EndingQuery, now: Date): Partial<Launch> => ({
  desired: 'terminated',
  desiredAt: now,
  ...(snapshot === undefined ? {} : { snapshotOnEnd: snapshot }),
  ...(volumes === undefined ? {} : { keepVolumes: volumes === 'keep' }),
});

/** The version that new launches of a product run: what its listing names, also when it is no longer sold to new buyers. */
async function offeredVersion(tx: EntityManager, productId: string): Promise<Version> {
  const listing = await tx.findOneBy(Listing, { productId });
  const version = listing && (await tx.findOneBy(Version, { id: listing.versionId }));
  if (!version) throw new DomainError('conflict', 'not_listed', 'This product has no version to launch.');
  return version;
}

function assertGoesOn(launch: Launch): void {
  if (launch.desired === 'terminated')
    throw new DomainError('conflict', 'launch_ended', 'This launch has ended; launch a new machine.');
}

function assertStoppable({ market }: Launch): void {
  if (market === 'spot')
    throw new DomainError(
      'conflict',
      'spot_cannot_stop',
      'AWS does not stop spot machines. End the launch, keeping its volumes.',
    );
}

async function ownLaunch(tx: EntityManager, caller: Caller, id: string, isHeld = false): Promise<Launch> {
  const own = { id, buyerId: caller.organizationId };
  const launch = await tx.findOne(Launch, { where: own, ...(isHeld ? { lock: { mode: 'pessimistic_write' as const } } : {}) });
  if (!launch) throw missing('launch');
  return launch;
}

async function one(tx: EntityManager, launch: Launch): Promise<LaunchView> {
  return (await launchViews(tx, [launch]))[0]!;
}
