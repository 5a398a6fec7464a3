/**
 * Counts what a subscription's machines ran, in whole hours or in seconds as its price says, as usage that the platform itself reports.
 * Reads launcher's run intervals through Core; writes usage, corrections of hours about which EC2 said something else later, and, for
 * billing, up to when all is counted (metering.metered_until).
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { priceOfType } from '#domain/pricing/hourly.ts';
import { finalUntil, quantities, type RuntimeRule } from '#domain/runtime.ts';
import { hourOf } from '#domain/usage.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import type { Price } from '#tables/api/price-version.ts';
import { Core, type Fleet, type MachineRun } from '../core.ts';
import { UsageWriter, type NewUsage } from '../usage/usage-writer.ts';
import { compare, RecordedHours, type Account, type Counted, type MachineHour } from './recorded-hours.ts';

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
    private readonly usage: UsageWriter,
    private readonly recorded: RecordedHours,
  ) {
    super();
  }

  /** @param id of a subscription. When its runs changed, everything is counted anew; what is recorded already stays. */
  async work(id: string): Promise<void> {
    const now = this.clock.now();
    // Before the runs are read: one that opens meanwhile makes the next look at the fleet differ, and is found then.
    const [fleet] = await this.core.fleets({ subscriptionId: id });
    if (!fleet) return;
    await this.count(fleet, await this.countFrom(fleet, now));
    // Last: until the hours are recorded, billing must not take them for complete. A start that is seen late may take some back.
    await this.db.query(
      `insert into metering.metered_until (subscription_id, until, runs_seen) values ($1, $2, $3)
       on conflict (subscription_id) do update set until = excluded.until, runs_seen = excluded.runs_seen`,
      [id, countedUntil(fleet, now) ?? 'infinity', fleet.runs],
    );
  }

  /** Subscriptions with an hour that is over and not counted, or with runs that changed since they were counted. */
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

  /** The hour from which on to count: with the same runs as last time, nothing before has changed. */
  private async countFrom({ subscriptionId, runs }: Fleet, now: Date): Promise<Date> {
    const [known]: Array<{ until: Date }> = await this.db.query(
      `select known.until from metering.metered_until known
        where known.subscription_id = $1 and known.runs_seen = $2 and known.until <> 'infinity'`,
      [subscriptionId, runs],
    );
    const from = hourOf(lookBack(now));
    return known ? later(from, known.until) : from;
  }

  /** Records the hours that are new, and corrects those that are recorded and are now known to be otherwise. */
  private async count({ subscriptionId, priceVersionId }: Fleet, from: Date): Promise<void> {
    const prices = await this.core.hourlyPrices(priceVersionId);
    if (prices.length === 0) return;
    const account = { subscriptionId, dimensions: prices.map((price) => price.dimension), from };
    const recorded = await this.recorded.of(account);
    const { fresh, changed } = compare(await this.counted(account, prices), recorded);
    let differs = changed.length > 0;
    for (let done = 0; done < fresh.length; done += ROWS_AT_ONCE) {
      const receipts = await this.usage.record(fresh.slice(done, done + ROWS_AT_ONCE).map((each) => usageOf(each, account)));
      // Another worker was quicker, and knew something else.
      differs ||= receipts.some((receipt) => receipt.outcome === 'differs');
    }
    if (differs) await this.recorded.correct(account, () => this.counted(account, prices));
  }

  /** Each machine by the price of its type. */
  private async counted({ subscriptionId, from }: Account, prices: readonly Price[]): Promise<Map<string, Counted>> {
    const [runs, now] = [await this.core.runs(subscriptionId, from), this.clock.now()];
    const counted = new Map<string, Counted>();
    for (const [instanceId, own] of Map.groupBy(runs, (run) => run.instanceId)) {
      const price = priceOfType(prices, own[0]!.instanceType ?? '');
      if (price) counted.set(instanceId, { dimension: price.dimension, ...countedOf(own, price, { from, now }) });
    }
    return counted;
  }
}

const usageOf = ({ instanceId, hour, dimension, quantity }: MachineHour, { subscriptionId }: Account): NewUsage => ({
  subscriptionId,
  at: new Date(hour),
  sourceId: instanceId,
  dimension,
  quantity,
  signedBy: 'platform',
});

/** What one machine's runs come to as far as it was seen: what stopped unseen must not be billed for time it did not run. */
function countedOf(runs: MachineRun[], rule: RuntimeRule, { from, now }: { from: Date; now: Date }): Omit<Counted, 'dimension'> {
  const spans = runs.map(({ startedAt, endedAt, seenAt }) => ({
    from: startedAt,
    to: earlier(endedAt ?? seenAt ?? startedAt, now),
  }));
  const byHour = quantities(spans, rule, from);
  // An hour begun is an hour, whatever still comes of it.
  if (rule.increment === 'hour') return { byHour, finalUntil: now };
  const { isGone, seenAt, startedAt } = runs.at(-1)!;
  const openSince = runs.find((run) => run.endedAt === null)?.startedAt ?? null;
  const known = isGone ? now : earlier(seenAt ?? startedAt, now);
  return { byHour, finalUntil: finalUntil({ seenAt: known, openSince }, rule.minimumSeconds) };
}

/**
 * Up to which whole hour all that ran is known: no later than each machine that may still run was last seen, nor than the hour of a
 * start whose minimum is not over.
 * @returns null when nothing can run any more.
 */
function countedUntil({ endedAt, machines, seenAt, openSince }: Fleet, now: Date): Date | null {
  if (endedAt && machines === 0) return null;
  const seen = earlier(seenAt ?? now, now);
  return hourOf(openSince ? earlier(seen, openSince) : seen);
}

const HOUR_MS = 3_600_000;
const lookBack = (now: Date): Date => new Date(now.getTime() - LOOK_BACK_DAYS * 24 * HOUR_MS);
const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
const later = (a: Date, b: Date): Date => (a > b ? a : b);
