/** What billing knows of metering: whether a period's usage is complete, and what it is. With MeteredRecords the only reader of its tables. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { dayOf, daysOf, type Span } from '#domain/period.ts';
import type { DailyUsage } from '#domain/pricing/price.ts';
import { OtherDatabase } from '#platform/tokens.ts';

/** A daily sum, corrections included, with what leads back to where it came from. */
export interface UsageSource extends DailyUsage {
  /** SHA-256 over the records and corrections of the sum. */
  proof: Buffer;
}

interface OpenPeriod {
  id: string;
  subscriptionId: string;
  /** The first day, and the day after the last, UTC. */
  first: string;
  end: string;
  /** Up to when its hours must be counted. */
  until: Date;
}

@Injectable()
export class Metered {
  constructor(
    private readonly db: DataSource,
    private readonly metering: OtherDatabase,
  ) {}

  /**
   * Open periods that ended by `closedBefore` and whose usage is complete: the hours of the subscription's machines are counted up
   * to the end of the period (a machine may outlive its subscription by some hours), and no day of it waits for its roll-up.
   * Metering's tables, which may be in another database, are asked about those that have ended.
   * @param ids of periods to ask about; all of them otherwise, at most 2,000.
   */
  async complete(
    closedBefore: Date,
    ids: readonly string[] | null = null,
    tx: EntityManager = this.db.manager,
  ): Promise<string[]> {
    const ended: OpenPeriod[] = await tx.query(
      `select period.id, period.subscription_id as "subscriptionId", period.ends_at as until,
              to_char(period.starts_at at time zone 'UTC', 'YYYY-MM-DD') as first, to_char(period.ends_at at time zone 'UTC', 'YYYY-MM-DD') as end
         from billing.period
        where period.state = 'open' and period.ends_at <= $1 and ($2::uuid[] is null or period.id = any($2))
        order by period.ends_at, period.id`,
      [closedBefore, ids],
    );
    if (ended.length === 0) return [];
    const rows: Array<{ id: string }> = await this.metering.query(
      `select period.id
         from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::date[], $5::date[]) with ordinality
              as period (id, subscription_id, until, first, "end", place)
        where exists (select from metering.metered_until where metered_until.subscription_id = period.subscription_id
                and metered_until.until >= period.until)
          and not exists (select from metering.usage_dirty where usage_dirty.bucket = right(period.subscription_id::text, 1)
                and usage_dirty.subscription_id = period.subscription_id
                and usage_dirty.day >= period.first and usage_dirty.day < period.end)
        order by period.place limit 2000`,
      [
        ended.map((period) => period.id),
        ended.map((period) => period.subscriptionId),
        ended.map((period) => period.until),
        ended.map((period) => period.first),
        ended.map((period) => period.end),
      ],
    );
    return rows.map((row) => row.id);
  }

  /**
   * The daily sums of a period, in a fixed order: the same usage gives the same list. Corrections are in the sums of their days.
   * @param summedSince only sums that were made after that.
   */
  async usageOf(subscriptionId: string, period: Span, summedSince = new Date(0)): Promise<UsageSource[]> {
    const { first, end } = daysOf(period);
    const rows: Array<{ day: string; dimension: string; quantity: string; proof: Buffer }> = await this.metering.query(
      `select to_char(usage_rollup.day, 'YYYY-MM-DD') as day, usage_rollup.dimension, usage_rollup.quantity::text, usage_rollup.rows_sha as proof
       from metering.usage_rollup where usage_rollup.subscription_id = $1 and usage_rollup.day >= $2 and usage_rollup.day < $3
         and usage_rollup.computed_at > $4
       order by dimension, day`,
      [subscriptionId, first, end, summedSince],
    );
    return rows.map(({ day, dimension, quantity, proof }) => ({ day, dimension, quantity: BigInt(quantity), proof }));
  }

  /** The same of many spans: for each its sums, in their order. */
  async usageOfEach(spans: ReadonlyArray<{ subscriptionId: string; span: Span }>): Promise<UsageSource[][]> {
    const days = spans.map(({ span }) => daysOf(span));
    const rows: Array<{ place: string; day: string; dimension: string; quantity: string; proof: Buffer }> =
      await this.metering.query(
        `select wanted.place, to_char(usage_rollup.day, 'YYYY-MM-DD') as day, usage_rollup.dimension, usage_rollup.quantity::text, usage_rollup.rows_sha as proof
           from unnest($1::uuid[], $2::date[], $3::date[]) with ordinality as wanted (subscription_id, first, "end", place)
           join metering.usage_rollup on usage_rollup.subscription_id = wanted.subscription_id
            and usage_rollup.day >= wanted.first and usage_rollup.day < wanted."end"
          order by wanted.place, usage_rollup.dimension, usage_rollup.day`,
        [spans.map(({ subscriptionId }) => subscriptionId), days.map(({ first }) => first), days.map(({ end }) => end)],
      );
    const usage: UsageSource[][] = spans.map(() => []);
    for (const { place, day, dimension, quantity, proof } of rows)
      usage[Number(place) - 1]!.push({ day, dimension, quantity: BigInt(quantity), proof });
    return usage;
  }

  /** Those of the subscriptions of which a day of the span was summed up after the instant. */
  async summedSince(asked: ReadonlyArray<{ subscriptionId: string; span: Span; since: Date }>): Promise<Set<string>> {
    const days = asked.map(({ span }) => daysOf(span));
    const rows: Array<{ id: string }> = await this.metering.query(
      `select distinct asked.subscription_id as id
         from unnest($1::uuid[], $2::date[], $3::date[], $4::timestamptz[]) as asked (subscription_id, first, "end", since)
        where exists (select from metering.usage_rollup where usage_rollup.subscription_id = asked.subscription_id
                and usage_rollup.day >= asked.first and usage_rollup.day < asked."end" and usage_rollup.computed_at > asked.since)`,
      [
        asked.map(({ subscriptionId }) => subscriptionId),
        days.map(({ first }) => first),
        days.map(({ end }) => end),
        asked.map(({ since }) => since),
      ],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Quantities of many subscriptions, from one day up to another, exclusive. */
  async usageOfAll(subscriptionIds: readonly string[], days: Span): Promise<Map<string, DailyUsage[]>> {
    const rows: Array<{ id: string; day: string; dimension: string; quantity: string }> = await this.metering.query(
      `select usage_rollup.subscription_id as id, to_char(usage_rollup.day, 'YYYY-MM-DD') as day, usage_rollup.dimension, usage_rollup.quantity::text
         from metering.usage_rollup where usage_rollup.subscription_id = any($1) and usage_rollup.day >= $2 and usage_rollup.day < $3
        order by usage_rollup.subscription_id, usage_rollup.dimension, usage_rollup.day`,
      [subscriptionIds, dayOf(days.from), dayOf(days.to)],
    );
    const usage = rows.map(({ id, day, dimension, quantity }) => ({ id, used: { day, dimension, quantity: BigInt(quantity) } }));
    return new Map([...Map.groupBy(usage, ({ id }) => id)].map(([id, own]) => [id, own.map(({ used }) => used)]));
  }

  /** What was used of a dimension before an instant, in all of the subscription's life. */
  async usedBefore(subscriptionId: string, dimension: string, before: Date): Promise<bigint> {
    const [row]: Array<{ quantity: string }> = await this.metering.query(
      `select coalesce(sum(usage_rollup.quantity), 0)::text as quantity from metering.usage_rollup
        where usage_rollup.subscription_id = $1 and usage_rollup.dimension = $2 and usage_rollup.day < $3`,
      [subscriptionId, dimension, dayOf(before)],
    );
    return BigInt(row!.quantity);
  }
}
