/** The buyer has paid and the hold is over: the vendors' shares of the invoice become payable, less what went back to the buyer and what is kept in reserve. What is disputed waits. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { shareReleased } from '#domain/ledger/payout.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Invoice, InvoiceLine } from '#tables/billing/invoice.ts';
import { BillingConfig } from '../config.ts';
import { IS_DISPUTED, NET_SHARE } from '../dispute/holds.ts';
import { Ledger } from '../ledger/ledger.ts';
import { Reserves } from '../payout/reserves.ts';

const DAY_MS = 86_400_000;

/** Lines of an invoice that are not released and about which nothing is disputed. */
const WAITING = `invoice_line.released_at is null and not ${IS_DISPUTED}`;

@Injectable()
export class ReleaseShares extends Stage {
  readonly queue = 'billing.release-shares';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly ledger: Ledger,
    private readonly reserves: Reserves,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of an invoice. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const invoice = await tx.findOne(Invoice, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (invoice?.state !== 'paid' || invoice.paidAt! > this.paidBefore()) return;
      const lines: Array<{ id: string; vendor_id: string; share: string }> = await tx.query(
        `select invoice_line.id, invoice_line.vendor_id, ${NET_SHARE}::text as share from billing.invoice_line
           join billing.invoice on invoice.id = invoice_line.invoice_id
          where invoice.id = $1 and ${WAITING} order by invoice_line.ordinal`,
        [id],
      );
      const now = this.clock.now();
      for (const { id: lineId, vendor_id: vendorId, share } of lines) {
        const entry = shareReleased({ lineId, vendorId, currency: invoice.currency, amount: BigInt(share) });
        await this.ledger.post(tx, { ...entry, effectiveAt: now });
        await tx.update(InvoiceLine, { id: lineId }, { releasedAt: now });
        await this.reserves.keep(tx, { lineId, vendorId, currency: invoice.currency, share: BigInt(share) });
        await this.doorbell.ring(tx, 'billing.share-parts', lineId);
      }
      for (const vendorId of new Set(lines.map((line) => line.vendor_id)))
        await this.doorbell.ring(tx, 'billing.pay-out', vendorId);
    });
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select invoice.id from billing.invoice where invoice.state = 'paid' and invoice.paid_at <= $1
         and exists (select from billing.invoice_line where invoice_line.invoice_id = invoice.id and ${WAITING}) limit 200`,
      [this.paidBefore()],
    );
    return rows.map((row) => row.id);
  }

  private paidBefore(): Date {
    return new Date(this.clock.now().getTime() - this.config.HOLD_DAYS * DAY_MS);
  }
}
