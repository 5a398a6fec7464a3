/** Pulls launcher.run_interval into usage: every hour that a machine ran in, however briefly, is one unit of the hourly dimension. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { monthOf } from '#domain/period.ts';
import { hourOf, hoursRun } from '#domain/usage.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { Core, type Run } from '../core.ts';
import { Usage } from '../usage/usage.ts';

/** How far back intervals are read again: the launcher may learn late that a machine ran, or when it stopped. */
const LOOK_BACK_MS = 45 * 86_400_000;
const MOST_DUE = 500;

@Injectable()
export class MeterRuntime extends Stage {
  readonly queue = 'metering.meter-runtime';

  constructor(
    private readonly db: DataSource,
    private readonly core: Core,
    private readonly usage: Usage,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @param id of a subscription. Hours that are recorded already stay as they are. */
  async work(id: string): Promise<void> {
    const subscription = await this.core.subscription(id);
    if (!subscription) return;
    const now = this.clock.now();
    const known = await this.meteredUntil(id);
    const runs = await this.core.runs(id, new Date((known ?? subscription.startedAt).getTime() - LOOK_BACK_MS));
    const dimension = await this.core.hourlyDimension(subscription.priceVersionId);
    if (dimension) {
      const rows = runs.flatMap((run) =>
        hoursRun({ from: run.startedAt, to: seenUntil(run, now) }).map((at) => ({ subscriptionId: id, at, sourceId: run.instanceId, dimension, quantity: 1, signedBy: 'platform' })),
      );
      await this.usage.record(rows);
    }
    await this.remember(id, isOver(subscription, runs, now) ? 'infinity' : hourOf(earliest([now, ...runs.map((run) => (run.endedAt ? now : seenUntil(run, now)))])));
  }

  /** Subscriptions whose hours are not counted up to this one, and the newest that were never counted. */
  async due(): Promise<string[]> {
    const behind: Array<{ subscription_id: string }> = await this.db.query(
      'select metered_until.subscription_id from metering.metered_until where metered_until.until < $1 order by metered_until.until limit $2',
      [hourOf(this.clock.now()), MOST_DUE],
    );
    const newest = await this.core.newestSubscriptions(MOST_DUE);
    const counted: Array<{ subscription_id: string }> = await this.db.query(
      'select metered_until.subscription_id from metering.metered_until where metered_until.subscription_id = any($1)',
      [newest],
    );
    const known = new Set(counted.map((row) => row.subscription_id));
    return [...behind.map((row) => row.subscription_id), ...newest.filter((id) => !known.has(id))];
  }

  private async meteredUntil(id: string): Promise<Date | null> {
    const [row] = await this.db.query(
      `select metered_until.until from metering.metered_until where metered_until.subscription_id = $1 and metered_until.until <> 'infinity'`,
      [id],
    );
    return (row?.until as Date | undefined) ?? null;
  }

  private async remember(id: string, until: Date | 'infinity'): Promise<void> {
    await this.db.query(
      `insert into metering.metered_until as known (subscription_id, until) values ($1, $2)
       on conflict (subscription_id) do update set until = greatest(known.until, excluded.until)`,
      [id, until],
    );
  }
}

/**
 * Up to when a machine is known to have run. While the launcher does not look, nothing is billed that nobody saw, and the count
 * does not move past that instant.
 */
const seenUntil = ({ startedAt, endedAt, observedAt }: Run, now: Date): Date => endedAt ?? earliest([now, observedAt ?? startedAt]);

/** The subscription's last month is over and all its machines have stopped: there is nothing left to count. */
const isOver = ({ endedAt }: Subscription, runs: Run[], now: Date): boolean => endedAt !== null && now >= monthOf(endedAt).to && runs.every((run) => run.endedAt !== null);

const earliest = (instants: Date[]): Date => new Date(Math.min(...instants.map((instant) => instant.getTime())));
