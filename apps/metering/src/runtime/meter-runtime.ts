/**
 * Counts the hours that a subscription's machines ran, as usage that the platform itself reports. Reads launcher's run intervals
 * through Core; writes usage and, for billing, up to when the hours are counted (metering.metered_until).
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { hourOf, hoursRun } from '#domain/usage.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Core, type Fleet } from '../core.ts';
import { Usage, type NewUsage } from '../usage/usage.ts';

/** How far back a run that was seen late is still counted; longer than any period waits to be closed. */
const LOOK_BACK_DAYS = 45;
const ROWS_AT_ONCE = 500;
const MOST_DUE = 300;

@Injectable()
export class MeterRuntime extends Stage {
  readonly queue = 'metering.meter-runtime';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly core: Core,
    private readonly usage: Usage,
  ) {
    super();
  }

  /** @param id of a subscription. Everything is counted anew from the start of each run; what is recorded already stays. */
  async work(id: string): Promise<void> {
    const now = this.clock.now();
    // Before the runs are read: one that opens meanwhile makes the next look at the fleet differ, and is found then.
    const [fleet] = await this.core.fleets({ subscriptionId: id });
    if (!fleet) return;
    const rows = await this.uncounted(fleet, now);
    for (let done = 0; done < rows.length; done += ROWS_AT_ONCE) await this.usage.record(rows.slice(done, done + ROWS_AT_ONCE));
    // Last: until the hours are recorded, billing must not take them for complete.
    await this.db.query(
      `insert into metering.metered_until as known (subscription_id, until, runs_seen) values ($1, $2, $3)
       on conflict (subscription_id) do update set until = greatest(known.until, excluded.until), runs_seen = excluded.runs_seen`,
      [id, countedUntil(fleet, now) ?? 'infinity', fleet.runs],
    );
  }

  /** Subscriptions with an hour that is over and not counted, or with runs that began or ended since they were counted. */
  async due(): Promise<string[]> {
    const now = this.clock.now();
    const fleets = await this.core.fleets({ endedAfter: lookBack(now) });
    const counted: Array<{ subscription_id: string; until: Date; is_final: boolean; runs_seen: string }> = await this.db.query(
      `select known.subscription_id, known.until, known.until = 'infinity' as is_final, known.runs_seen
         from metering.metered_until known where known.subscription_id = any($1::uuid[])`,
      [fleets.map((fleet) => fleet.subscriptionId)],
    );
    const known = new Map(counted.map((row) => [row.subscription_id, row]));
    const isDue = (fleet: Fleet): boolean => {
      const row = known.get(fleet.subscriptionId);
      if (!row || row.runs_seen !== fleet.runs) return true;
      const until = countedUntil(fleet, now);
      return !row.is_final && (until === null || until > row.until);
    };
    return fleets
      .filter(isDue)
      .slice(0, MOST_DUE)
      .map((fleet) => fleet.subscriptionId);
  }

  /** Hours that its machines ran in and that are not recorded yet. */
  private async uncounted({ subscriptionId, priceVersionId }: Fleet, now: Date): Promise<NewUsage[]> {
    const dimension = await this.core.hourlyDimension(priceVersionId);
    if (!dimension) return [];
    const from = hourOf(lookBack(now));
    const runs = await this.core.runs(subscriptionId, from);
    const recorded: Array<{ source_id: string; hour: Date }> = await this.db.query(
      `select record.source_id, record.hour from metering.usage_record record
        where record.subscription_id = $1 and record.hour >= $2 and record.dimension = $3`,
      [subscriptionId, from, dimension],
    );
    const known = new Set(recorded.map((row) => `${row.source_id} ${row.hour.getTime()}`));
    const rows = new Map<string, NewUsage>();
    for (const { instanceId, startedAt, endedAt, seenAt } of runs) {
      // What stopped unseen must not be billed for hours it did not run, so an open run counts up to when it was last seen.
      const to = earlier(endedAt ?? seenAt ?? startedAt, now);
      for (const hour of hoursRun({ from: later(startedAt, from), to })) {
        const key = `${instanceId} ${hour.getTime()}`;
        // Stopped and started again within the hour, it is the same hour.
        if (known.has(key)) continue;
        rows.set(key, { subscriptionId, at: hour, sourceId: instanceId, dimension, quantity: 1, signedBy: 'platform' });
      }
    }
    return [...rows.values()];
  }
}

/**
 * Up to which whole hour all that ran is known: no later than each machine that may still run was last seen.
 * @returns null when nothing can run any more.
 */
function countedUntil({ endedAt, machines, seenAt }: Fleet, now: Date): Date | null {
  if (endedAt && machines === 0) return null;
  return hourOf(earlier(seenAt ?? now, now));
}

const lookBack = (now: Date): Date => new Date(now.getTime() - LOOK_BACK_DAYS * 86_400_000);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
const later = (a: Date, b: Date): Date => (a > b ? a : b);
