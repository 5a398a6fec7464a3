/** Giving an invoice up: what is still due of it becomes a loss, and is asked for no more. Paid later all the same, the loss is undone. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { invoiceWrittenOff } from '#domain/ledger/write-off.ts';
import { returnOf } from '#domain/refund.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { WriteOff } from '#tables/billing/write-off.ts';
import { Collection } from '../collect/collection.ts';
import { assertOpen, linesOf } from '../invoice/credit-notes.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { NewWriteOff, WriteOffView } from './write-offs.schema.ts';

@Injectable()
export class WriteOffs {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly collection: Collection,
  ) {}

  /**
   * The buyer's standing stays: it owes this on.
   * @throws DomainError `missing`; `invoice_is_paid`, `invoice_being_collected`, `invoice_not_overdue`, `invoice_is_written_off`,
   *   `idempotency_mismatch`
   */
  async write(caller: Caller, given: NewWriteOff, key?: string): Promise<WriteOffView> {
    const id = idFor(caller.organizationId, 'write_off', key);
    await this.db.transaction(async (tx) => {
      const found = await tx.findOneBy(Invoice, { id: given.invoiceId });
      if (!found || found.state === 'draft') throw missing('invoice');
      // Buyer first, then its invoice, as all who collect.
      await this.collection.takeTurns(tx, found.buyerId);
      const invoice = await tx.findOneOrFail(Invoice, { where: { id: found.id }, lock: { mode: 'pessimistic_write' } });
      const repeated = await tx.findOneBy(WriteOff, { id });
      if (repeated) return assertSame({ invoiceId: repeated.invoiceId, reason: repeated.reason }, { ...given });
      await assertOpen(tx, invoice);
      if (!invoice.collectionFailedAt)
        throw new DomainError(
          'conflict',
          'invoice_not_overdue',
          'Its collection has not failed yet; to take something off it, issue a credit note.',
        );
      const { buyerId, currency } = invoice;
      const amountMinor = invoice.totalMinor - invoice.creditMinor - invoice.creditedMinor;
      const lines = await linesOf(tx, invoice.id);
      const vendors = new Map(lines.map((line) => [line.lineId, line.vendorId]));
      const parts = returnOf(lines, amountMinor).map((part) => ({ ...part, vendorId: vendors.get(part.lineId)! }));
      const now = this.clock.now();
      await this.ledger.post(tx, {
        ...invoiceWrittenOff({ invoiceId: invoice.id, buyerId, currency, lines: parts }),
        effectiveAt: now,
      });
      const writtenOffBy = caller.userId ?? caller.organizationId;
      await tx.insert(WriteOff, { id, ...given, amountMinor, writtenOffBy, writtenOffAt: now, recoveredAt: null });
      await tx.update(Invoice, { id: invoice.id, state: 'open' }, { state: 'written_off' });
    });
    return (await this.rows(id))[0]!;
  }

  list(): Promise<WriteOffView[]> {
    return this.rows(null);
  }

  private async rows(id: string | null): Promise<WriteOffView[]> {
    const rows: Row[] = await this.db.query(
      `select write_off.*, invoice.number, invoice.buyer_id, invoice.currency from billing.write_off
         join billing.invoice on invoice.id = write_off.invoice_id
        where $1::uuid is null or write_off.id = $1 order by write_off.written_off_at desc, write_off.id desc limit 200`,
      [id],
    );
    return rows.map((row) => ({
      id: row.id,
      invoiceId: row.invoice_id,
      invoice: row.number,
      buyerId: row.buyer_id,
      currency: row.currency,
      amountMinor: row.amount_minor,
      reason: row.reason,
      writtenOffAt: row.written_off_at.toISOString(),
      recoveredAt: row.recovered_at?.toISOString() ?? null,
    }));
  }
}

interface Row {
  id: string;
  invoice_id: string;
  number: string;
  buyer_id: string;
  currency: string;
  amount_minor: string;
  reason: string;
  written_off_at: Date;
  recovered_at: Date | null;
}
