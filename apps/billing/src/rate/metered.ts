/** What billing knows of metering: whether a period's usage is complete, and what it is. The only reader of metering's tables. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { daysOf, type Span } from '#domain/period.ts';
import type { DailyUsage } from '#domain/pricing.ts';

/** A daily sum or a correction of one, with what leads back to where it came from. */
export interface UsageSource extends DailyUsage {
  /** SHA-256 over the records of a sum; the id of a correction. */
  proof: Buffer;
}

@Injectable()
export class Metered {
  constructor(private readonly db: DataSource) {}

  /**
   * Open periods that ended by `closedBefore` and whose usage is complete: the hours of the subscription's machines are counted up
   * to the end of the period (or of the subscription), and no day of it waits for its roll-up.
   * @param id of one period to ask about; all of them otherwise, at most 200.
   */
  async complete(closedBefore: Date, id: string | null = null, tx: EntityManager = this.db.manager): Promise<string[]> {
    const rows: Array<{ id: string }> = await tx.query(
      `select period.id from billing.period join api.subscription on subscription.id = period.subscription_id
       where period.state = 'open' and period.ends_at <= $1 and ($2::uuid is null or period.id = $2)
         and exists (select from metering.metered_until where metered_until.subscription_id = period.subscription_id
           and metered_until.until >= least(period.ends_at, subscription.ended_at))
         and not exists (select from metering.usage_dirty where usage_dirty.subscription_id = period.subscription_id
           and usage_dirty.day >= (period.starts_at at time zone 'UTC')::date and usage_dirty.day < (period.ends_at at time zone 'UTC')::date)
       order by period.ends_at, period.id limit 200`,
      [closedBefore, id],
    );
    return rows.map((row) => row.id);
  }

  /** The daily sums of a period, then their corrections, each in a fixed order: the same usage gives the same list. */
  async usageOf(subscriptionId: string, period: Span, tx: EntityManager = this.db.manager): Promise<UsageSource[]> {
    const { first, end } = daysOf(period);
    const rows: Array<{ day: string; dimension: string; quantity: string; proof: Buffer }> = await tx.query(
      `select to_char(usage_rollup.day, 'YYYY-MM-DD') as day, usage_rollup.dimension, usage_rollup.quantity::text, usage_rollup.rows_sha as proof, 1 as part
       from metering.usage_rollup where usage_rollup.subscription_id = $1 and usage_rollup.day >= $2 and usage_rollup.day < $3
       union all
       select to_char(usage_adjustment.hour at time zone 'UTC', 'YYYY-MM-DD'), usage_adjustment.dimension, usage_adjustment.delta::text,
         convert_to(usage_adjustment.id::text, 'UTF8'), 2
       from metering.usage_adjustment where usage_adjustment.subscription_id = $1
         and (usage_adjustment.hour at time zone 'UTC')::date >= $2 and (usage_adjustment.hour at time zone 'UTC')::date < $3
       order by dimension, part, day, proof`,
      [subscriptionId, first, end],
    );
    return rows.map(({ day, dimension, quantity, proof }) => ({ day, dimension, quantity: BigInt(quantity), proof }));
  }
}
