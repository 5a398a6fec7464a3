/**
 * Gives a fleet as many machines as it shall have now: asks its machines for their load, decides (domain/scaling), and writes
 * which machines shall be, which drain and which go. What EC2 has to do for each is the work of ReconcileInstance. Reads api.fleet,
 * its subscription, version and prices, launcher.image and infrastructure_price, and billing.standing.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { isFinal, isSuspended } from '#domain/fleet.ts';
import type { Member } from '#domain/fleet-load.ts';
import type { FleetWish } from '#domain/fleet-size.ts';
import { decideScaling, type ScalingDecision } from '#domain/scaling.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { LOG } from '#platform/tokens.ts';
import { Fleet } from '#tables/api/fleet.ts';
import { Standing } from '#tables/billing/standing.ts';
import { FleetState } from '#tables/launcher/fleet-state.ts';
import { FleetUpgrade } from '#tables/launcher/fleet-upgrade.ts';
import { Image } from '#tables/launcher/image.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { LauncherConfig } from '../config.ts';
import { Observations } from '../instances/observations.ts';
import { Progress } from '../instances/progress.ts';
import { LookAgain } from '../look-again.ts';
import { failuresOf, holdMembers, recordReports } from './fleet-members.ts';
import { holdFleet, isOver, MEMBERS, membersSeen, plannedMember, type HeldFleet } from './held-fleet.ts';
import { hourlyPriceOf } from './machine-price.ts';
import { Reports, type Report } from './reports.ts';

@Injectable()
export class ScaleFleet extends Stage {
  readonly queue = 'launcher.scale-fleet';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly reports: Reports,
    private readonly observations: Observations,
    private readonly progress: Progress,
    private readonly lookAgain: LookAgain,
    private readonly config: LauncherConfig,
    @Inject(LOG) private readonly log: Logger,
  ) {
    super();
  }

  /** Fleets whose buyer changed something, whose machines are not as they were left, or whose turn has come. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `with member as (${MEMBERS})
       select fleet.id from api.fleet
         left join launcher.fleet_state on fleet_state.fleet_id = fleet.id
         left join member on member.fleet_id = fleet.id
        where fleet_state.ended_at is null
          and (fleet_state.fleet_id is null or fleet_state.decided_at <= $1
               or fleet_state.change_seen_at is distinct from fleet.changed_at
               or fleet_state.wake_seen_at is distinct from fleet.wake_requested_at
               or fleet_state.members_seen <> coalesce(member.seen, ''))
        order by fleet_state.decided_at nulls first
        limit 300`,
      [new Date(this.clock.now().getTime() - this.config.FLEET_SECONDS * 1000)],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const fleet = await this.db.manager.findOneBy(Fleet, { id });
    if (!fleet) return;
    const reports = await this.reports.of(fleet);
    const isUnderWay = await this.db.transaction((tx) => this.scale(tx, id, reports));
    if (isUnderWay) this.lookAgain.soon(this.queue, id, 10);
  }

  /** @returns whether something has to be looked at again soon. */
  private async scale(tx: EntityManager, id: string, reports: Report[]): Promise<boolean> {
    const now = this.clock.now();
    const loaded = await holdFleet(tx, id, now);
    if (loaded.state.endedAt) return false;
    const { fleet, subscription, state, version } = loaded;
    if (fleet.target) await recordReports(tx, { fleet, target: fleet.target, at: now }, reports);
    const members = await holdMembers(tx, loaded, reports, now);
    const decision = decideScaling({
      wish: wishOf(loaded),
      members,
      memory: state,
      pricePerHour: await hourlyPriceOf(tx, fleet, subscription, now),
      obstacle: await obstacleTo(tx, fleet, version.id),
      failures: await failuresOf(tx, fleet),
      now,
    });
    await this.carryOut(tx, loaded, members, decision);
    await this.ringForUpgrade(tx, id);
    return this.remember(tx, loaded, members, decision);
  }

  /** Whatever happened to its machines may be what an upgrade waits for. */
  private async ringForUpgrade(tx: EntityManager, fleetId: string): Promise<void> {
    const upgrade = await tx.findOneBy(FleetUpgrade, { fleetId, endedAt: IsNull() });
    if (upgrade) await this.doorbell.ring(tx, 'launcher.upgrade-fleet', upgrade.id);
  }

  private async carryOut(
    tx: EntityManager,
    loaded: HeldFleet,
    members: Member[],
    { add, drain, terminate }: ScalingDecision,
  ): Promise<void> {
    const now = this.clock.now();
    const added = Array.from({ length: add }, () => plannedMember(loaded, loaded.version.id, now));
    if (added.length > 0) await tx.insert(Instance, added);
    if (drain.length > 0) await tx.update(Instance, { id: In(drain) }, { drainingAt: now });
    for (const id of drain) await this.observations.stopMetering(tx, { id, subscriptionId: loaded.fleet.subscriptionId }, now);
    if (terminate.length > 0) await tx.update(Instance, { id: In(terminate) }, { desired: 'terminated' });
    for (const id of [...added.map((instance) => instance.id), ...terminate])
      await this.doorbell.ring(tx, 'launcher.reconcile-instance', id);
    if (added.length > 0 || drain.length > 0 || terminate.length > 0)
      this.log.info({ fleetId: loaded.fleet.id, had: members.length, add, drain, terminate }, 'a fleet was scaled');
  }

  private async remember(tx: EntityManager, loaded: HeldFleet, members: Member[], decision: ScalingDecision): Promise<boolean> {
    const { fleet, state } = loaded;
    const { desired, why, load, memory } = decision;
    const isGone = isOver(loaded) && members.every((member) => isFinal(member.state));
    if (desired !== state.desired)
      await this.progress.note(tx, { fleetId: fleet.id }, 'scaled', `${stepOf(state.desired, desired)} ${why}`);
    await tx.update(
      FleetState,
      { fleetId: fleet.id },
      {
        ...memory,
        why,
        load,
        changeSeenAt: fleet.changedAt,
        membersSeen: await membersSeen(tx, fleet.id),
        decidedAt: this.clock.now(),
        endedAt: isGone ? this.clock.now() : null,
      },
    );
    return (
      decision.drain.length > 0 ||
      members.some((member) => member.drainingAt !== null && member.isWanted && !isFinal(member.state))
    );
  }
}

const wishOf = ({ fleet, subscription, version: { drainPath } }: HeldFleet): FleetWish => ({
  min: fleet.minMachines,
  max: fleet.maxMachines,
  fixed: fleet.fixedMachines,
  target: fleet.target,
  windows: fleet.windows,
  outSeconds: fleet.scaleOutSeconds,
  inSeconds: fleet.scaleInSeconds,
  hourlyCeiling: fleet.hourlyCeiling,
  idleMinutes: fleet.idleMinutes,
  // Who cannot be told to finish need not be waited for.
  drainSeconds: drainPath === null ? 0 : fleet.drainSeconds,
  isEnded: isOver({ fleet, subscription }),
  wakeRequestedAt: fleet.wakeRequestedAt,
  changedAt: fleet.changedAt,
});

/** Why it gets no machine at all for now. Those that run are kept, as those of a launch are. */
async function obstacleTo(tx: EntityManager, { buyerId, region }: Fleet, versionId: string): Promise<string | null> {
  const standing = await tx.findOneBy(Standing, { buyerId });
  if (standing && isSuspended(standing.state))
    return 'It gets no new machine: the account is suspended until its invoices are paid.';
  if (standing?.state === 'past_due') return 'It gets no new machine: an invoice is past due. Pay it, and it grows again.';
  const image = await tx.findOneBy(Image, { versionId, region });
  return image?.state === 'rejected' ? 'It gets no new machine: the image of its version was rejected in this region.' : null;
}

function stepOf(before: number | null, desired: number): string {
  if (before === null) return `It begins with ${desired}.`;
  return desired > before ? `It grows from ${before} to ${desired}.` : `It shrinks from ${before} to ${desired}.`;
}
