/** What billing knows of metering: whether a period's usage is complete, and its daily sums. The only reader of metering's tables. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { daysOf, type Span } from '#domain/period.ts';

export interface DailySum {
  day: string;
  dimension: string;
  quantity: bigint;
  rowsSha: Buffer;
}

@Injectable()
export class Metered {
  constructor(private readonly db: DataSource) {}

  /** Hours are counted up to the end of the period, and no day of it waits for its roll-up. */
  async isComplete(subscriptionId: string, period: Span, tx: EntityManager = this.db.manager): Promise<boolean> {
    const { first, end } = daysOf(period);
    const [row] = await tx.query(
      `select exists (select from metering.metered_until where metered_until.subscription_id = $1 and metered_until.until >= $2)
         and not exists (select from metering.usage_dirty where usage_dirty.subscription_id = $1 and usage_dirty.day >= $3 and usage_dirty.day < $4) as complete`,
      [subscriptionId, period.to, first, end],
    );
    return row.complete as boolean;
  }

  /** The daily sums of a period, in a fixed order: the same usage gives the same list. */
  async dailySums(subscriptionId: string, period: Span, tx: EntityManager = this.db.manager): Promise<DailySum[]> {
    const { first, end } = daysOf(period);
    const rows: Array<{ day: string; dimension: string; quantity: string; rows_sha: Buffer }> = await tx.query(
      `select to_char(usage_rollup.day, 'YYYY-MM-DD') as day, usage_rollup.dimension, usage_rollup.quantity::text, usage_rollup.rows_sha
       from metering.usage_rollup
       where usage_rollup.subscription_id = $1 and usage_rollup.day >= $2 and usage_rollup.day < $3
       order by usage_rollup.dimension, usage_rollup.day`,
      [subscriptionId, first, end],
    );
    return rows.map((row) => ({ day: row.day, dimension: row.dimension, quantity: BigInt(row.quantity), rowsSha: row.rows_sha }));
  }
}
