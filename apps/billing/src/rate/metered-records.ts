/**
 * Single records of metering's, where daily sums do not say enough: by machine and tag for what accrues now. Beside Metered the only
 * reader of metering's tables.
 */
import { Injectable } from '@nestjs/common';
import { dayOf, type Span } from '#domain/period.ts';
import type { Tags } from '#domain/pricing/attribution.ts';
import { OtherDatabase } from '#platform/tokens.ts';

/** What a source used of a dimension on a UTC day. */
export interface SourceSum {
  day: string;
  dimension: string;
  /** A machine, or the subscription for what its vendor reported; null for a correction of nobody in particular. */
  sourceId: string | null;
  quantity: bigint;
}

export interface TaggedSum extends SourceSum {
  tags: Tags;
}

export interface RecordedHour {
  sourceId: string;
  hour: Date;
}

@Injectable()
export class MeteredRecords {
  constructor(private readonly metering: OtherDatabase) {}

  /** From the records and corrections themselves, so that nothing has to be summed up before. */
  async sums(subscriptionId: string, days: Span): Promise<SourceSum[]> {
    const rows: Array<{ day: string; dimension: string; source: string | null; quantity: string }> = await this.metering.query(
      `select to_char(part.hour at time zone 'UTC', 'YYYY-MM-DD') as day, part.dimension, part.source, sum(part.quantity)::text as quantity
         from (
           select record.hour, record.dimension, record.source_id::text as source, record.quantity
             from metering.usage_record record
            where record.subscription_id = $1 and record.hour >= $2 and record.hour < $3
           union all
           -- A correction of a machine's running names it in its key.
           select adjustment.hour, adjustment.dimension,
                  case when adjustment.idem_key like 'runtime %' then split_part(adjustment.idem_key, ' ', 2) end, adjustment.delta
             from metering.usage_adjustment adjustment
            where adjustment.subscription_id = $1 and adjustment.hour >= $2 and adjustment.hour < $3
         ) as part
        group by 1, 2, 3 order by 2, 1, 3 nulls last`,
      [subscriptionId, ...edges(days)],
    );
    return rows.map(({ day, dimension, source, quantity }) => ({ day, dimension, sourceId: source, quantity: BigInt(quantity) }));
  }

  /** What of it was reported under tags. */
  async tagged(subscriptionId: string, days: Span): Promise<TaggedSum[]> {
    const rows: Array<{ day: string; dimension: string; source: string; tags: Tag[]; quantity: string }> =
      await this.metering.query(
        `select to_char(usage_allocation.hour at time zone 'UTC', 'YYYY-MM-DD') as day, usage_allocation.dimension,
                usage_allocation.source_id::text as source, usage_allocation.tags, sum(usage_allocation.quantity)::text as quantity
           from metering.usage_allocation
          where usage_allocation.subscription_id = $1 and usage_allocation.hour >= $2 and usage_allocation.hour < $3
          group by 1, 2, 3, 4 order by 2, 1, 3, 4`,
        [subscriptionId, ...edges(days)],
      );
    return rows.map(({ day, dimension, source, tags, quantity }) => ({
      day,
      dimension,
      sourceId: source,
      tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
      quantity: BigInt(quantity),
    }));
  }

  /** Up to when a subscription's running hours are counted, no later than `now`; null when they were never. */
  async countedUntil(subscriptionId: string, now: Date): Promise<Date | null> {
    const [row]: Array<{ until: Date }> = await this.metering.query(
      'select least(metered_until.until, $2) as until from metering.metered_until where metered_until.subscription_id = $1',
      [subscriptionId, now],
    );
    return row?.until ?? null;
  }

  /** Machines' hours that are recorded, from an hour on. */
  recordedHours(subscriptionId: string, dimensions: readonly string[], from: Date): Promise<RecordedHour[]> {
    return this.metering.query(
      `select record.source_id::text as "sourceId", record.hour from metering.usage_record record
        where record.subscription_id = $1 and record.dimension = any($2) and record.hour >= $3`,
      [subscriptionId, dimensions, from],
    );
  }
}

interface Tag {
  key: string;
  value: string;
}

/** Whole UTC days: that of the start, up to and with that of the last instant. */
const edges = ({ from, to }: Span): [Date, Date] => [
  new Date(`${dayOf(from)}T00:00:00Z`),
  new Date(new Date(`${dayOf(new Date(to.getTime() - 1))}T00:00:00Z`).getTime() + 86_400_000),
];
