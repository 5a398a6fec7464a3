/** Sums up the days whose usage has changed, each from scratch: what comes out depends on the records alone, not on what was here. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';

interface DirtyDay {
  day: string;
  touched: string;
}

@Injectable()
export class RollUp extends Stage {
  readonly queue = 'metering.roll-up';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @param id of a subscription. */
  async work(id: string): Promise<void> {
    const days: DirtyDay[] = await this.db.query(
      `select to_char(usage_dirty.day, 'YYYY-MM-DD') as day, usage_dirty.touched::text from metering.usage_dirty where usage_dirty.subscription_id = $1 order by usage_dirty.day`,
      [id],
    );
    for (const day of days) await this.db.transaction((tx) => this.sumUp(tx, id, day));
  }

  async due(): Promise<string[]> {
    const rows: Array<{ subscription_id: string }> = await this.db.query('select distinct usage_dirty.subscription_id from metering.usage_dirty limit 500');
    return rows.map((row) => row.subscription_id);
  }

  private async sumUp(tx: EntityManager, subscriptionId: string, { day, touched }: DirtyDay): Promise<void> {
    await tx.query('delete from metering.usage_rollup where usage_rollup.subscription_id = $1 and usage_rollup.day = $2', [subscriptionId, day]);
    await tx.query(
      `with sums as (
         select record.dimension, sum(record.quantity) as quantity, count(*) as records,
           sha256(convert_to(string_agg(concat_ws(' ', extract(epoch from record.hour)::bigint, record.source_id, record.quantity, record.record_id), E'\\n'
             order by record.hour, record.source_id), 'UTF8')) as rows_sha
         from metering.usage_record record
         where record.subscription_id = $1 and record.hour >= $2::text::timestamptz and record.hour < $2::text::timestamptz + interval '1 day'
         group by record.dimension),
       corrections as (
         select adjustment.dimension, sum(adjustment.delta) as delta from metering.usage_adjustment adjustment
         where adjustment.subscription_id = $1 and adjustment.hour >= $2::text::timestamptz and adjustment.hour < $2::text::timestamptz + interval '1 day'
         group by adjustment.dimension)
       insert into metering.usage_rollup (subscription_id, day, dimension, quantity, records, rows_sha, computed_at)
       select $1, ($2::text::timestamptz at time zone 'UTC')::date, coalesce(sums.dimension, corrections.dimension), coalesce(sums.quantity, 0) + coalesce(corrections.delta, 0),
         coalesce(sums.records, 0), coalesce(sums.rows_sha, sha256('')), $3
       from sums full join corrections on corrections.dimension = sums.dimension`,
      [subscriptionId, `${day}T00:00:00Z`, this.clock.now()],
    );
    // A change that came in after we looked has counted up, and keeps the day dirty for the next round.
    await tx.query('delete from metering.usage_dirty where usage_dirty.subscription_id = $1 and usage_dirty.day = $2 and usage_dirty.touched = $3', [subscriptionId, day, touched]);
  }
}
