/** Sums over the whole marketplace, for its operator. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PlatformView } from './platform.schema.ts';

@Injectable()
export class PlatformSummary {
  constructor(private readonly db: DataSource) {}

  async summary(): Promise<PlatformView> {
    const currencies: Array<{ currency: string; volume: string; take: string; receivable: string; invoices: number }> = await this.db.query(
      `select invoice.currency, count(*)::int as invoices, sum(invoice.total_minor)::text as volume,
         sum((select coalesce(sum(invoice_line.fee_minor), 0) from billing.invoice_line where invoice_line.invoice_id = invoice.id))::text as take,
         coalesce(sum(invoice.total_minor) filter (where invoice.state = 'open'), 0)::text as receivable
       from billing.invoice group by invoice.currency order by invoice.currency`,
    );
    const stuck: Array<{ queue: string; row_id: string; attempts: number; last_error: string; since: Date }> = await this.db.query(
      'select stuck_work.* from billing.stuck_work order by stuck_work.since limit 100',
    );
    return {
      currencies: currencies.map(({ currency, invoices, volume, take, receivable }) => ({ currency, invoices, volumeMinor: volume, takeMinor: take, receivableMinor: receivable })),
      stuck: stuck.map((row) => ({ queue: row.queue, rowId: row.row_id, attempts: row.attempts, lastError: row.last_error, since: row.since.toISOString() })),
    };
  }
}
