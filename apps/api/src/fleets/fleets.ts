/**
 * Machines of one kind that a buyer wants as many of as a number, a schedule or a load says. The launcher makes it so; here only the
 * wish is written and the outcome read.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { Fleet } from '#tables/api/fleet.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { launchableVersion } from '../launches/launches.ts';
import { changesOf, comparable, fleetOf } from './fleet-options.ts';
import { assertSound } from './fleet-rules.ts';
import { fleetViews, machineViews } from './fleet-view.ts';
import type { FleetChange, FleetMachineView, FleetView, NewFleet } from './fleets.schema.ts';

@Injectable()
export class Fleets {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Asks for a fleet under a subscription. The same Idempotency-Key asks for the same fleet.
   * @throws DomainError what launching throws, for the same reasons; `invalid_fleet`, `no_metrics`, `has_data_volumes`, `ceiling_too_low`.
   */
  async create(caller: Caller, given: NewFleet, key?: string): Promise<FleetView> {
    const id = idFor(caller.organizationId, 'fleet', key);
    return this.db.transaction(async (tx) => {
      const repeated = key ? await tx.findOneBy(Fleet, { id }) : null;
      if (repeated) {
        assertSame(comparable(repeated), comparable(fleetOf(given, repeated)));
        return one(tx, repeated);
      }
      const subscription = await tx.findOneBy(Subscription, { id: given.subscriptionId, buyerId: caller.organizationId });
      if (!subscription) throw missing('subscription');
      const version = await launchableVersion(tx, caller, subscription, given);
      const now = this.clock.now();
      const fleet = fleetOf(given, { id, buyerId: caller.organizationId, versionId: version.id, createdAt: now, changedAt: now });
      await assertSound(tx, fleet, { subscription, version, now });
      // Two calls with one key at once: one inserts, and both ring for the same row.
      await tx.createQueryBuilder().insert().into(Fleet).values(fleet).orIgnore().execute();
      await this.doorbell.ring(tx, 'launcher.scale-fleet', id);
      return one(tx, fleet);
    });
  }

  /** The newest 200. */
  async list(caller: Caller): Promise<FleetView[]> {
    const { organizationId: buyerId } = caller;
    return fleetViews(
      this.db.manager,
      await this.db.manager.find(Fleet, { where: { buyerId }, order: { createdAt: 'desc' }, take: 200 }),
    );
  }

  async get(caller: Caller, id: string): Promise<FleetView> {
    return one(this.db.manager, await ownFleet(this.db.manager, caller, id));
  }

  async machines(caller: Caller, id: string): Promise<FleetMachineView[]> {
    await ownFleet(this.db.manager, caller, id);
    return machineViews(this.db.manager, id);
  }

  /** Changes how many machines it shall have; what is not said stays. @throws DomainError `fleet_ended`, and as `create`. */
  change(caller: Caller, id: string, given: FleetChange): Promise<FleetView> {
    return this.write(caller, id, async (tx, fleet) => {
      assertGoesOn(fleet);
      const now = this.clock.now();
      const changes = { ...changesOf(given), changedAt: now };
      const subscription = await tx.findOneByOrFail(Subscription, { id: fleet.subscriptionId });
      const version = await tx.findOneByOrFail(Version, { id: fleet.versionId });
      await assertSound(tx, { ...fleet, ...changes }, { subscription, version, now });
      return changes;
    });
  }

  /** Wakes it, or keeps it awake for as long as its idle time. @throws DomainError `fleet_ended`, `fleet_never_sleeps`. */
  wake(caller: Caller, id: string): Promise<FleetView> {
    return this.write(caller, id, async (_, fleet) => {
      assertGoesOn(fleet);
      if (fleet.idleMinutes === null)
        throw new DomainError(
          'conflict',
          'fleet_never_sleeps',
          'This fleet has no idleMinutes, so it never sleeps; change it instead.',
        );
      return { wakeRequestedAt: this.clock.now() };
    });
  }

  /** Ends it: its machines drain and go. Ending twice is the same as once. */
  end(caller: Caller, id: string): Promise<FleetView> {
    return this.write(caller, id, async (_, fleet) => (fleet.endedAt ? {} : endOfFleet(this.clock.now())));
  }

  /** Writes what `decide` says of the row, which nobody else changes meanwhile, and rings when that is anything. */
  private write(
    caller: Caller,
    id: string,
    decide: (tx: EntityManager, fleet: Fleet) => Promise<Partial<Fleet>>,
  ): Promise<FleetView> {
    return this.db.transaction(async (tx) => {
      const fleet = await ownFleet(tx, caller, id, true);
      const changes = await decide(tx, fleet);
      if (Object.keys(changes).length > 0) {
        await tx.update(Fleet, { id }, changes);
        await this.doorbell.ring(tx, 'launcher.scale-fleet', id);
      }
      return one(tx, { ...fleet, ...changes });
    });
  }
}

/** What ending a fleet writes into it. */
export const endOfFleet = (now: Date): Pick<Fleet, 'endedAt' | 'changedAt'> => ({ endedAt: now, changedAt: now });

function assertGoesOn({ endedAt }: Fleet): void {
  if (endedAt) throw new DomainError('conflict', 'fleet_ended', 'This fleet has ended; make a new one.');
}

async function ownFleet(tx: EntityManager, caller: Caller, id: string, isHeld = false): Promise<Fleet> {
  const own = { id, buyerId: caller.organizationId };
  const fleet = await tx.findOne(Fleet, { where: own, ...(isHeld ? { lock: { mode: 'pessimistic_write' as const } } : {}) });
  if (!fleet) throw missing('fleet');
  return fleet;
}

async function one(tx: EntityManager, fleet: Fleet): Promise<FleetView> {
  return (await fleetViews(tx, [fleet]))[0]!;
}
