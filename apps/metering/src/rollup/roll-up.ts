/**
 * Sums up the days whose usage changed, each from scratch out of metering.usage_record and metering.usage_adjustment. Billing reads
 * nothing but these sums, and the hash by which a sum can be shown to be of exactly these records.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';

const MOST_DUE = 300;

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

  /** @param id of a subscription. A day at a time, so that whoever reports usage meanwhile hardly waits. */
  async work(id: string): Promise<void> {
    const dirty: DirtyDay[] = await this.db.query(
      `select to_char(dirty.day, 'YYYY-MM-DD') as day, dirty.touched from metering.usage_dirty dirty
        where dirty.subscription_id = $1 order by dirty.day`,
      [id],
    );
    for (const { day } of dirty) await this.db.transaction((tx) => this.sumUp(tx, id, day));
  }

  async due(): Promise<string[]> {
    const rows: Array<{ subscription_id: string }> = await this.db.query(
      `select distinct dirty.subscription_id from metering.usage_dirty dirty limit ${MOST_DUE}`,
    );
    return rows.map((row) => row.subscription_id);
  }

  private async sumUp(tx: EntityManager, id: string, day: string): Promise<void> {
    // One at a time: an older sum must not be written over a newer one. The dirty row is left free for those who report usage.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('metering.usage_rollup ' || $1, 0))`, [id]);
    const [seen]: DirtyDay[] = await tx.query(
      `select dirty.touched from metering.usage_dirty dirty where dirty.subscription_id = $1 and dirty.day = $2`,
      [id, day],
    );
    if (!seen) return;
    await tx.query(`delete from metering.usage_rollup rollup where rollup.subscription_id = $1 and rollup.day = $2`, [id, day]);
    await tx.query(
      `insert into metering.usage_rollup (subscription_id, day, dimension, quantity, records, rows_sha, computed_at)
       select $1::uuid, $2::date, row.dimension, sum(row.quantity), count(*) filter (where row.source <> 'adjustment'),
              sha256(convert_to(string_agg(
                concat_ws(' ', to_char(row.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24'), row.source, row.dimension, row.quantity, row.id),
                E'\\n' order by row.hour, row.source collate "C", row.id), 'UTF8')),
              $3::timestamptz
         from (
           select record.hour, record.source_id::text as source, record.dimension, record.quantity, record.record_id as id
             from metering.usage_record record
            where record.subscription_id = $1 and record.hour >= $4 and record.hour < $5
           union all
           select adjustment.hour, 'adjustment', adjustment.dimension, adjustment.delta, adjustment.id
             from metering.usage_adjustment adjustment
            where adjustment.subscription_id = $1 and adjustment.hour >= $4 and adjustment.hour < $5
         ) as row
        group by row.dimension`,
      [id, day, this.clock.now(), ...hoursOf(day)],
    );
    // Touched again since, the day stays dirty: what came may not be in the sum.
    await tx.query(
      `delete from metering.usage_dirty dirty where dirty.subscription_id = $1 and dirty.day = $2 and dirty.touched = $3`,
      [id, day, seen.touched],
    );
  }
}

/** The instants a UTC day is made of, half-open. */
function hoursOf(day: string): [Date, Date] {
  const start = new Date(`${day}T00:00:00Z`);
  return [start, new Date(start.getTime() + 86_400_000)];
}
