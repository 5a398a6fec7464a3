/** Sums over the whole marketplace, for its operator: from invoices and the book. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PlatformView } from './platform.schema.ts';

@Injectable()
export class PlatformSummary {
  constructor(private readonly db: DataSource) {}

  async summary(): Promise<PlatformView> {
    const invoiced: Array<{ currency: string; invoices: number; volume: string }> = await this.db.query(
      `select invoice.currency, count(*)::int as invoices, sum(invoice.total_minor)::text as volume
       from billing.invoice group by invoice.currency order by invoice.currency`,
    );
    const balances: Array<{ account: string; currency: string; balance: string }> = await this.db.query(
      `select split_part(posting.account, '/', 1) as account, posting.currency, sum(posting.amount_minor)::text as balance
       from billing.posting group by 1, posting.currency`,
    );
    const debits = (account: string, currency: string): bigint =>
      BigInt(balances.find((row) => row.account === account && row.currency === currency)?.balance ?? 0n);
    return {
      items: invoiced.map(({ currency, invoices, volume }) => ({
        currency,
        invoices,
        volumeMinor: volume,
        takeMinor: String(-debits('platform_revenue', currency)),
        stripeFeesMinor: String(debits('stripe_fees', currency)),
        receivableMinor: String(debits('buyer_receivable', currency)),
        unsettledMinor: String(-debits('vendor_unsettled', currency)),
        payableMinor: String(-debits('vendor_payable', currency)),
        inTransitMinor: String(-debits('payout_in_transit', currency)),
      })),
      stuck: await this.stuck(),
    };
  }

  private async stuck(): Promise<PlatformView['stuck']> {
    const rows: Array<{ queue: string; row_id: string; attempts: number; last_error: string; since: Date }> = await this.db.query(
      'select stuck_work.* from billing.stuck_work order by stuck_work.since limit 100',
    );
    return rows.map((row) => ({
      queue: row.queue,
      rowId: row.row_id,
      attempts: row.attempts,
      lastError: row.last_error,
      since: row.since.toISOString(),
    }));
  }
}
