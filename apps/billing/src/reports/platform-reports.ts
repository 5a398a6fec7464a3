/** What the operator wants to know of the marketplace: each report is one query. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { Clock } from '#platform/clock.ts';
import { BACK, OTHERS, spanOf } from './report.ts';
import type { RangeQuery, ReceivableRow, VolumeRow } from './reports.schema.ts';

const VOLUME = `
  select to_char(invoice.period_start at time zone 'UTC', 'YYYY-MM') as month, invoice.currency, count(distinct invoice.buyer_id)::int as buyers,
         count(*)::int as invoices, sum(invoice.total_minor)::text as "volumeMinor", sum(line.discount)::text as "discountMinor",
         sum(invoice.credit_minor)::text as "creditMinor", sum(line.returned)::text as "returnedMinor", sum(line.take)::text as "takeMinor",
         round(10000 * sum(line.take) / nullif(sum(invoice.total_minor - line.returned), 0))::int as "takeBasisPoints"
    from billing.invoice
    cross join lateral (select sum(line.fee_minor - back.fee - others.amount) as take, sum(line.discount_minor) as discount, sum(back.amount) as returned
                          from billing.invoice_line line ${BACK} ${OTHERS} where line.invoice_id = invoice.id) line
   where invoice.state <> 'draft' and invoice.period_start >= $1 and invoice.period_start < $2
   group by 1, invoice.currency order by 1, invoice.currency`;

/** By how long it is overdue; together what the book has as owed by buyers. */
const RECEIVABLES = `
  select organization.name as buyer, owed.currency, coalesce(sum(due) filter (where late is null), 0)::text as "notDueMinor",
         coalesce(sum(due) filter (where late <= 30), 0)::text as "upTo30DaysMinor", coalesce(sum(due) filter (where late > 30 and late <= 60), 0)::text as "upTo60DaysMinor",
         coalesce(sum(due) filter (where late > 60 and late <= 90), 0)::text as "upTo90DaysMinor", coalesce(sum(due) filter (where late > 90), 0)::text as "olderMinor",
         sum(due)::text as "totalMinor"
    from (select invoice.buyer_id, invoice.currency, invoice.total_minor - invoice.credit_minor - invoice.credited_minor as due,
                 case when invoice.due_at < $1 then extract(epoch from $1 - invoice.due_at) / 86400 end as late
            from billing.invoice where invoice.state = 'open') owed
    join api.organization on organization.id = owed.buyer_id
   group by owed.buyer_id, organization.name, owed.currency having sum(due) <> 0 order by organization.name, owed.buyer_id, owed.currency limit 10000`;

@Injectable()
export class PlatformReports {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  volume(range: RangeQuery): Promise<Array<z.output<typeof VolumeRow>>> {
    return this.db.query(VOLUME, spanOf(range));
  }

  /** As of now. */
  receivables(): Promise<Array<z.output<typeof ReceivableRow>>> {
    return this.db.query(RECEIVABLES, [this.clock.now()]);
  }
}
