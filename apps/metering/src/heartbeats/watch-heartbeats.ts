/**
 * Notices machines that run and should report usage but say nothing, and those that speak again. Reads machines through Core, reports
 * and heartbeats; writes metering.silence. A row of work is a bucket of subscriptions; what silence is, is libs/domain/heartbeat.ts.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { silentFrom, silentSince } from '#domain/heartbeat.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { BUCKETS } from '../buckets.ts';
import { MeteringConfig } from '../config.ts';
import { Core, type MeteredMachine } from '../core.ts';

const LOOK_EVERY_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const MACHINES_AT_ONCE = 5_000;

@Injectable()
export class WatchHeartbeats extends Stage {
  readonly queue = 'metering.watch-heartbeats';
  /** When this copy last asked for a look; each copy asks, and who works a bucket is decided by its lock. */
  private askedAt: Date | undefined;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly core: Core,
    private readonly config: MeteringConfig,
  ) {
    super();
  }

  /** @param bucket of subscriptions. */
  async work(bucket: string): Promise<void> {
    const now = this.clock.now();
    const from = silentFrom(now, this.config.HEARTBEAT_SILENT_HOURS);
    const machines = await this.core.meteredMachines(bucket);
    const silent: SilentMachine[] = [];
    for (let done = 0; done < machines.length; done += MACHINES_AT_ONCE)
      silent.push(...(await this.silent(machines.slice(done, done + MACHINES_AT_ONCE), from)));
    await this.endOthers(bucket, silent, now);
    await this.notice(silent, now);
  }

  /** All buckets, every few minutes: silence comes by itself, nobody rings for it. */
  async due(): Promise<string[]> {
    const now = this.clock.now();
    if (this.askedAt && Math.abs(now.getTime() - this.askedAt.getTime()) < LOOK_EVERY_MS) return [];
    this.askedAt = now;
    return [...BUCKETS];
  }

  /** Those of the machines that are silent, with since when. Nearly all have spoken lately, so only the others are looked up far back. */
  private async silent(machines: MeteredMachine[], from: Date): Promise<SilentMachine[]> {
    const alive = await this.heartbeats(machines);
    const suspects = (reported: SpokeAt, among: MeteredMachine[]): SilentMachine[] =>
      among.flatMap((machine) => {
        const since = silentSince({ startedAt: machine.startedAt, spokeAt: later(alive(machine), reported(machine)) }, from);
        return since ? [{ ...machine, since }] : [];
      });
    const unheard = suspects(() => null, machines);
    const silent = suspects(await this.reports(unheard, from), unheard);
    const takenHours = Math.max(this.config.METER_WINDOW_HOURS, this.config.BATCH_WINDOW_HOURS);
    // A report of an hour long past, sent a moment ago, was sent by somebody who is alive.
    return suspects(await this.reports(silent, new Date(from.getTime() - takenHours * HOUR_MS)), silent);
  }

  private async heartbeats(machines: MeteredMachine[]): Promise<SpokeAt> {
    const rows: Array<{ instance_id: string; last_alive_at: Date }> = await this.db.query(
      `select heartbeat.instance_id, heartbeat.last_alive_at
         from unnest($1::uuid[], $2::uuid[]) as machine (subscription_id, instance_id)
         join metering.heartbeat using (subscription_id, instance_id)`,
      [machines.map((machine) => machine.subscriptionId), machines.map((machine) => machine.instanceId)],
    );
    const known = new Map(rows.map((row) => [row.instance_id, row.last_alive_at]));
    return (machine) => known.get(machine.instanceId) ?? null;
  }

  /**
   * When usage was last reported, by the machine or by the vendor for the whole subscription; hours that the platform counts say
   * nothing of the software.
   * @param from the first hour of use that is looked at.
   */
  private async reports(machines: MeteredMachine[], from: Date): Promise<SpokeAt> {
    if (machines.length === 0) return () => null;
    const rows: Array<{ source_id: string; at: Date }> = await this.db.query(
      `select record.source_id, max(greatest(record.received_at, record.hour)) as at from metering.usage_record record
        where record.subscription_id = any($1::uuid[]) and record.hour >= $2 and record.signed_by <> 'platform'
        group by record.subscription_id, record.source_id`,
      [[...new Set(machines.map((machine) => machine.subscriptionId))], from],
    );
    const known = new Map(rows.map((row) => [row.source_id, row.at]));
    return (machine) => later(known.get(machine.instanceId) ?? null, known.get(machine.subscriptionId) ?? null);
  }

  /** Ends the silence of machines that spoke, stopped or were started again. */
  private async endOthers(bucket: string, silent: SilentMachine[], now: Date): Promise<void> {
    await this.db.query(
      `update metering.silence set ended_at = greatest($2, silence.since)
        where silence.ended_at is null and right(silence.subscription_id::text, 1) = $1
          and (silence.subscription_id, silence.instance_id, silence.since) not in (
            select given.subscription_id, given.instance_id, given.since
              from unnest($3::uuid[], $4::uuid[], $5::timestamptz[]) as given (subscription_id, instance_id, since))`,
      [bucket, now, ...keysOf(silent)],
    );
  }

  /** A silence that ended because EC2 showed the machine as gone for a moment goes on. */
  private async notice(silent: SilentMachine[], now: Date): Promise<void> {
    await this.db.query(
      `insert into metering.silence as known (subscription_id, instance_id, since, buyer_id, vendor_id, product_id, ec2_instance_id, noticed_at)
       select given.subscription_id, given.instance_id, given.since, given.buyer_id, given.vendor_id, given.product_id, given.ec2_instance_id, $8
         from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[])
           as given (subscription_id, instance_id, since, buyer_id, vendor_id, product_id, ec2_instance_id)
        order by given.subscription_id, given.instance_id
       on conflict (subscription_id, instance_id, since) do update set ended_at = null where known.ended_at is not null`,
      [
        ...keysOf(silent),
        silent.map((machine) => machine.buyerId),
        silent.map((machine) => machine.vendorId),
        silent.map((machine) => machine.productId),
        silent.map((machine) => machine.ec2InstanceId),
        now,
      ],
    );
  }
}

type SilentMachine = MeteredMachine & { since: Date };
/** When a machine was last heard of, if at all. */
type SpokeAt = (machine: MeteredMachine) => Date | null;

const keysOf = (silent: SilentMachine[]): [string[], string[], Date[]] => [
  silent.map((machine) => machine.subscriptionId),
  silent.map((machine) => machine.instanceId),
  silent.map((machine) => machine.since),
];

const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);
