/**
 * Sums up the days whose usage changed, each from scratch out of metering.usage_record and metering.usage_adjustment. Billing reads
 * nothing but these sums, and the hash by which a sum can be shown to be of exactly these records. A row of work is a bucket of
 * subscriptions, and many of its days are summed in one statement. Nobody rings for it: the sweep finds dirty days, and summing a
 * day a few times a minute is often enough.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { BUCKETS } from '../buckets.ts';
import { holdDays } from '../usage/hold-days.ts';

const SUBSCRIPTIONS_AT_ONCE = 500;
/** A bucket that has more is rung for again; a job may not go on for ever. */
const MOST_STATEMENTS = 200;

/**
 * All of it sees one state of the tables, that of its start: the sums hold exactly the records whose marks are taken away. A record
 * that is committed meanwhile brings a mark of its own, which stays.
 */
export const SUM_UP = `
with chunk as materialized (
  select distinct dirty.subscription_id from metering.usage_dirty dirty
   where dirty.bucket = $1 and dirty.day = $2
   order by dirty.subscription_id limit ${SUBSCRIPTIONS_AT_ONCE}
), mark as (
  delete from metering.usage_dirty dirty using chunk
   where dirty.subscription_id = chunk.subscription_id and dirty.bucket = $1 and dirty.day = $2
), total as (
  insert into metering.usage_rollup (subscription_id, day, dimension, quantity, records, rows_sha, computed_at)
  select chunk.subscription_id, $2::date, sum.dimension, sum.quantity, sum.records, sum.rows_sha, $5::timestamptz
    -- One subscription after the other, each by its key: the rest of the day is not read.
    from chunk cross join lateral (
      select row.dimension, sum(row.quantity) as quantity, count(*) filter (where row.source <> 'adjustment') as records,
             sha256(convert_to(string_agg(
               concat_ws(' ', to_char(row.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24'), row.source, row.dimension, row.quantity, row.id),
               E'\\n' order by row.hour, row.source collate "C", row.id), 'UTF8')) as rows_sha
        from (
          select record.hour, record.source_id::text as source, record.dimension, record.quantity, record.record_id as id
            from metering.usage_record record
           where record.subscription_id = chunk.subscription_id and record.hour >= $3 and record.hour < $4
          union all
          select adjustment.hour, 'adjustment', adjustment.dimension, adjustment.delta, adjustment.id
            from metering.usage_adjustment adjustment
           where adjustment.subscription_id = chunk.subscription_id and adjustment.hour >= $3 and adjustment.hour < $4
        ) as row
       group by row.dimension
    ) as sum
  on conflict (subscription_id, day, dimension) do update
    set quantity = excluded.quantity, records = excluded.records, rows_sha = excluded.rows_sha, computed_at = excluded.computed_at
), receipts as (
  -- Their new records have no receipt yet.
  insert into metering.usage_unreceipted (subscription_id, day) select chunk.subscription_id, $2 from chunk on conflict do nothing
)
select count(*)::int as subscriptions from chunk`;

@Injectable()
export class RollUp extends Stage {
  readonly queue = 'metering.roll-up';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @param bucket of subscriptions. */
  async work(bucket: string): Promise<void> {
    for (let statements = 0; statements < MOST_STATEMENTS; statements += 1) {
      const [dirty]: Array<{ day: string }> = await this.db.query(
        `select to_char(dirty.day, 'YYYY-MM-DD') as day from metering.usage_dirty dirty
          where dirty.bucket = $1 limit 1`,
        [bucket],
      );
      if (!dirty) return;
      await this.sumUp(bucket, dirty.day);
    }
  }

  /** Buckets with a dirty day. */
  async due(): Promise<string[]> {
    const rows: Array<{ bucket: string }> = await this.db.query(
      `select given.bucket from unnest($1::text[]) as given (bucket)
        where exists (select from metering.usage_dirty dirty where dirty.bucket = given.bucket)`,
      [BUCKETS],
    );
    return rows.map((row) => row.bucket);
  }

  private async sumUp(bucket: string, day: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      // One at a time, by a statement of its own before: an older state must not be written over a newer one.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('metering.usage_rollup ' || $1, 0))`, [bucket]);
      await holdDays(tx);
      await tx.query(SUM_UP, [bucket, day, ...hoursOf(day), this.clock.now()]);
    });
  }
}

/** The instants a UTC day is made of, half-open. */
function hoursOf(day: string): [Date, Date] {
  const start = new Date(`${day}T00:00:00Z`);
  return [start, new Date(start.getTime() + 86_400_000)];
}
