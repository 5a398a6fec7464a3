/** The buyer has paid and the hold is over: the vendors' shares of the invoice become payable. */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { shareReleased } from '#domain/ledger/payout.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Invoice, InvoiceLine } from '#tables/billing/invoice.ts';
import { BillingConfig } from '../config.ts';
import { Ledger } from '../ledger/ledger.ts';

const DAY_MS = 86_400_000;

@Injectable()
export class ReleaseShares extends Stage {
  readonly queue = 'billing.release-shares';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly ledger: Ledger,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of an invoice. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const invoice = await tx.findOne(Invoice, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (invoice?.state !== 'paid' || invoice.paidAt! > this.paidBefore()) return;
      const lines = await tx.findBy(InvoiceLine, { invoiceId: id, releasedAt: IsNull() });
      const credited = await creditedShares(tx, id);
      const now = this.clock.now();
      for (const line of lines) {
        const entry = shareReleased({
          lineId: line.id,
          vendorId: line.vendorId,
          currency: invoice.currency,
          amount: line.vendorMinor - (credited.get(line.id) ?? 0n),
        });
        await this.ledger.post(tx, { ...entry, effectiveAt: now });
        await tx.update(InvoiceLine, { id: line.id }, { releasedAt: now });
      }
      for (const vendorId of new Set(lines.map((line) => line.vendorId)))
        await this.doorbell.ring(tx, 'billing.pay-out', vendorId);
    });
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select invoice.id from billing.invoice where invoice.state = 'paid' and invoice.paid_at <= $1
         and exists (select from billing.invoice_line where invoice_line.invoice_id = invoice.id and invoice_line.released_at is null) limit 200`,
      [this.paidBefore()],
    );
    return rows.map((row) => row.id);
  }

  private paidBefore(): Date {
    return new Date(this.clock.now().getTime() - this.config.HOLD_DAYS * DAY_MS);
  }
}

/** What credit notes took off vendors' parts, by line. */
async function creditedShares(tx: EntityManager, invoiceId: string): Promise<Map<string, bigint>> {
  const rows: Array<{ line_id: string; credited: string }> = await tx.query(
    `select credit_note_line.line_id, sum(credit_note_line.vendor_minor)::text as credited from billing.credit_note_line
       join billing.invoice_line on invoice_line.id = credit_note_line.line_id
      where invoice_line.invoice_id = $1 group by credit_note_line.line_id`,
    [invoiceId],
  );
  return new Map(rows.map((row) => [row.line_id, BigInt(row.credited)]));
}
