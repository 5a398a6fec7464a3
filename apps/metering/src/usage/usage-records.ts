/** Reads of metering.usage_record and its allocations, for showing them. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Span } from '#domain/period.ts';
import type { Tag } from '#domain/usage.ts';
import type { LastSeen } from './usage-cursor.ts';

export interface RecordRow {
  subscription_id: string;
  hour: Date;
  source_id: string;
  dimension: string;
  quantity: string;
  record_id: string;
  received_at: Date;
}

export interface Filter {
  span: Span;
  dimension: string | null;
  sourceId: string | null;
}

export interface ShownAllocation {
  quantity: string;
  tags: Tag[];
}

@Injectable()
export class UsageRecords {
  constructor(private readonly db: DataSource) {}

  /** In the order of the key, what comes after `after`. */
  page(
    subscriptionIds: readonly string[],
    { span, dimension, sourceId }: Filter,
    { after, limit }: { after: LastSeen | null; limit: number },
  ): Promise<RecordRow[]> {
    const key = after && [after.subscriptionId, after.hour, after.sourceId, after.dimension];
    return this.db.query(
      `select record.subscription_id, record.hour, record.source_id, record.dimension, record.quantity, record.record_id, record.received_at
         from metering.usage_record record
        where record.subscription_id = any($1) and record.hour >= $2 and record.hour < $3
          and ($4::text is null or record.dimension = $4) and ($5::uuid is null or record.source_id = $5)
          ${key ? 'and (record.subscription_id, record.hour, record.source_id, record.dimension) > ($7, $8, $9, $10)' : ''}
        order by record.subscription_id, record.hour, record.source_id, record.dimension limit $6`,
      [subscriptionIds, span.from, span.to, dimension, sourceId, limit, ...(key ?? [])],
    );
  }

  /** By record id; records without allocations are left out. */
  async allocations(rows: readonly RecordRow[]): Promise<Map<string, ShownAllocation[]>> {
    if (rows.length === 0) return new Map();
    const parts: Array<ShownAllocation & { index: number }> = await this.db.query(
      `select given.place::int - 1 as index, part.quantity, part.tags
         from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[]) with ordinality
              as given (subscription_id, hour, source_id, dimension, place)
         join metering.usage_allocation part using (subscription_id, hour, source_id, dimension)
        order by given.place, part.place`,
      [
        rows.map((row) => row.subscription_id),
        rows.map((row) => row.hour),
        rows.map((row) => row.source_id),
        rows.map((row) => row.dimension),
      ],
    );
    const shown = new Map<string, ShownAllocation[]>();
    for (const { index, quantity, tags } of parts) {
      const { record_id: id } = rows[index]!;
      shown.set(id, [...(shown.get(id) ?? []), { quantity, tags }]);
    }
    return shown;
  }

  /** Sums of a subscription's records and adjustments by UTC day and dimension; of one source, whose adjustments are nobody's, records alone. */
  days(
    subscriptionId: string,
    { span, dimension, sourceId }: Filter,
  ): Promise<Array<{ day: string; dimension: string; quantity: string }>> {
    return this.db.query(
      `select to_char(used.hour at time zone 'UTC', 'YYYY-MM-DD') as day, used.dimension, sum(used.quantity) as quantity
         from (
           select record.hour, record.dimension, record.quantity from metering.usage_record record
            where record.subscription_id = $1 and record.hour >= $2 and record.hour < $3
              and ($4::text is null or record.dimension = $4) and ($5::uuid is null or record.source_id = $5)
           union all
           select adjustment.hour, adjustment.dimension, adjustment.delta from metering.usage_adjustment adjustment
            where adjustment.subscription_id = $1 and adjustment.hour >= $2 and adjustment.hour < $3
              and ($4::text is null or adjustment.dimension = $4) and $5::uuid is null
         ) as used
        group by 1, 2 order by 1, 2`,
      [subscriptionId, span.from, span.to, dimension, sourceId],
    );
  }
}
