/**
 * Credit notes: what an invoice that is not paid asks for less, line by line, booked in the transaction that issues them. What was paid is
 * refunded instead.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { creditNoteSeriesOf, invoiceNumber } from '#domain/invoice.ts';
import { creditNoteIssued } from '#domain/ledger/credit-note.ts';
import { refundable, returnOf, type RefundableLine, type ReturnedPart } from '#domain/refund.ts';
import { seesEverybody, type Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { CreditNote, CreditNoteLine } from '#tables/billing/credit-note.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Payment } from '#tables/billing/payment.ts';
import { Settlements } from '../collect/settlements.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { CreditNoteView, NewCreditNote } from './credit-notes.schema.ts';
import { nextCount } from './numbers.ts';

type OpenLine = RefundableLine & { vendorId: string };

@Injectable()
export class CreditNotes {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly settlements: Settlements,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Takes an amount off what is still due of an invoice. The same Idempotency-Key does it once.
   * @throws DomainError `missing`; `invoice_is_paid`, `invoice_being_collected`, `more_than_is_left`, `more_than_is_due`, `idempotency_mismatch`
   */
  async issue(caller: Caller, given: NewCreditNote, key?: string): Promise<CreditNoteView> {
    const id = idFor(caller.organizationId, 'credit_note', key);
    await this.db.transaction(async (tx) => {
      // Notes and payments of one invoice take turns on its row.
      const invoice = await tx.findOne(Invoice, { where: { id: given.invoiceId }, lock: { mode: 'pessimistic_write' } });
      const repeated = await tx.findOneBy(CreditNote, { id });
      if (repeated) return assertSame(await askedOf(tx, repeated), asked(given));
      if (!invoice || invoice.state === 'draft') throw missing('invoice');
      await assertOpen(tx, invoice);
      const lines = await linesOf(tx, invoice.id);
      const parts = partsOf(lines, given);
      const total = parts.reduce((sum, part) => sum + part.amount, 0n);
      const due = invoice.totalMinor - invoice.creditMinor - invoice.creditedMinor;
      if (total > due)
        throw new DomainError(
          'conflict',
          'more_than_is_due',
          `Only ${due} minor units of this invoice are still due; credit no more than that.`,
        );
      await this.record(tx, {
        id,
        invoice,
        parts,
        total,
        reason: given.reason,
        issuedBy: caller.userId ?? caller.organizationId,
      });
      const vendors = new Map(lines.map((line) => [line.lineId, line.vendorId]));
      const { buyerId, currency } = invoice;
      const booked = parts.map(({ lineId, fee, vendor }) => ({ vendorId: vendors.get(lineId)!, fee, vendor }));
      await this.ledger.post(tx, {
        ...creditNoteIssued({ creditNoteId: id, buyerId, currency, lines: booked }),
        effectiveAt: this.clock.now(),
      });
      if (total === due) await this.settle(tx, invoice);
    });
    return this.get(caller, id);
  }

  /** The buyer's own; the operator sees all. */
  async list(caller: Caller): Promise<CreditNoteView[]> {
    const rows: NoteRow[] = await this.db.query(
      `${NOTES} order by credit_note.issued_at desc, credit_note.number desc limit 200`,
      [ownerOf(caller)],
    );
    return rows.map(viewOf);
  }

  /** @throws DomainError `missing`, also when it is another buyer's */
  async get(caller: Caller, id: string): Promise<CreditNoteView> {
    const [row]: NoteRow[] = await this.db.query(`${NOTES} and credit_note.id = $2`, [ownerOf(caller), id]);
    if (!row) throw missing('credit_note');
    return viewOf(row);
  }

  private async record(
    tx: EntityManager,
    {
      id,
      invoice,
      parts,
      total,
      reason,
      issuedBy,
    }: { id: string; invoice: Invoice; parts: ReturnedPart[]; total: bigint; reason: string; issuedBy: string },
  ): Promise<void> {
    const now = this.clock.now();
    const series = creditNoteSeriesOf(now);
    const { id: invoiceId, buyerId, currency } = invoice;
    const number = invoiceNumber(series, await nextCount(tx, series));
    await tx.insert(CreditNote, { id, number, invoiceId, buyerId, currency, totalMinor: total, reason, issuedBy, issuedAt: now });
    await tx.insert(
      CreditNoteLine,
      parts.map(({ lineId, amount, fee, vendor }) => ({
        creditNoteId: id,
        lineId,
        amountMinor: amount,
        feeMinor: fee,
        vendorMinor: vendor,
      })),
    );
    await tx.update(Invoice, { id: invoiceId }, { creditedMinor: invoice.creditedMinor + total });
  }

  /** Nothing is left to collect: whoever was past due for it is not any more, and what is left of shares is released. */
  private async settle(tx: EntityManager, { id, buyerId }: Invoice): Promise<void> {
    await tx.update(Invoice, { id, state: 'open' }, { state: 'paid', paidAt: this.clock.now() });
    await this.settlements.refreshStanding(tx, buyerId);
    await this.doorbell.ring(tx, 'billing.release-shares', id);
  }
}

/** What a repeat must ask for too: lines only when it names some. */
const asked = ({ invoiceId, reason, lines }: NewCreditNote): Record<string, unknown> => ({
  invoiceId,
  reason,
  ...(lines && { lines: inOneText(lines) }),
});

async function askedOf(tx: EntityManager, { id, invoiceId, reason }: CreditNote): Promise<Record<string, unknown>> {
  return { invoiceId, reason, lines: inOneText(await tx.findBy(CreditNoteLine, { creditNoteId: id })) };
}

const inOneText = (lines: ReadonlyArray<{ lineId: string; amountMinor: bigint }>): string =>
  lines
    .map(({ lineId, amountMinor }) => `${lineId} ${amountMinor}`)
    .sort()
    .join();

/** @throws DomainError `invoice_is_paid`, `invoice_is_written_off`, `invoice_being_collected` */
export async function assertOpen(tx: EntityManager, invoice: Invoice): Promise<void> {
  if (invoice.state === 'paid')
    throw new DomainError('conflict', 'invoice_is_paid', 'This invoice is paid; refund the buyer instead of crediting it.');
  if (invoice.state === 'written_off')
    throw new DomainError('conflict', 'invoice_is_written_off', 'This invoice was written off; nothing of it is due any more.');
  const payment = invoice.paymentId === null ? null : await tx.findOneBy(Payment, { id: invoice.paymentId });
  if (payment && payment.state !== 'failed')
    throw new DomainError(
      'conflict',
      'invoice_being_collected',
      'This invoice is being collected; refund the buyer once it is paid, or credit it if that fails.',
    );
}

/** With what earlier notes took off each. */
export async function linesOf(tx: EntityManager, invoiceId: string): Promise<OpenLine[]> {
  const rows: Array<{ id: string; vendor_id: string; amount: string; fee: string; credited: string; credited_fee: string }> =
    await tx.query(
      `select invoice_line.id, invoice_line.vendor_id, invoice_line.amount_minor::text as amount, invoice_line.fee_minor::text as fee,
            coalesce(sum(credit_note_line.amount_minor), 0)::text as credited, coalesce(sum(credit_note_line.fee_minor), 0)::text as credited_fee
       from billing.invoice_line left join billing.credit_note_line on credit_note_line.line_id = invoice_line.id
      where invoice_line.invoice_id = $1 group by invoice_line.id order by invoice_line.ordinal`,
      [invoiceId],
    );
  return rows.map((row) => ({
    lineId: row.id,
    vendorId: row.vendor_id,
    amount: BigInt(row.amount),
    fee: BigInt(row.fee),
    returned: { amount: BigInt(row.credited), fee: BigInt(row.credited_fee) },
  }));
}

/** Fees go back in proportion (docs/MONEY.md R10). @throws DomainError `missing`, `more_than_is_left` */
function partsOf(lines: readonly OpenLine[], { lines: asked }: NewCreditNote): ReturnedPart[] {
  if (asked === undefined) {
    const left = refundable(lines);
    if (left <= 0n) throw new DomainError('conflict', 'more_than_is_left', 'Nothing is left of this invoice to be credited.');
    return returnOf(lines, left);
  }
  return asked.flatMap(({ lineId, amountMinor }) => {
    const line = lines.find((candidate) => candidate.lineId === lineId);
    if (!line) throw missing('line');
    const left = refundable([line]);
    if (amountMinor > left)
      throw new DomainError(
        'conflict',
        'more_than_is_left',
        `Only ${left} minor units are left of line ${lineId}; credit no more than that.`,
      );
    return returnOf([line], amountMinor);
  });
}

const ownerOf = (caller: Caller): string | null => (seesEverybody(caller) ? null : caller.organizationId);

const NOTES = `select credit_note.*, invoice.number as invoice, coalesce(invoice.bill_to ->> 'name', organization.name) as buyer,
    (select json_agg(json_build_object('lineId', part.line_id, 'ordinal', line.ordinal, 'description', line.description, 'amountMinor', part.amount_minor::text) order by line.ordinal)
       from billing.credit_note_line part join billing.invoice_line line on line.id = part.line_id where part.credit_note_id = credit_note.id) as lines
  from billing.credit_note join billing.invoice on invoice.id = credit_note.invoice_id join api.organization on organization.id = credit_note.buyer_id
 where ($1::uuid is null or credit_note.buyer_id = $1)`;

interface NoteRow {
  id: string;
  number: string;
  invoice_id: string;
  invoice: string;
  buyer: string;
  currency: string;
  total_minor: string;
  reason: string;
  issued_at: Date;
  lines: CreditNoteView['lines'];
}

const viewOf = (row: NoteRow): CreditNoteView => ({
  id: row.id,
  number: row.number,
  invoiceId: row.invoice_id,
  invoice: row.invoice,
  buyer: row.buyer,
  currency: row.currency,
  totalMinor: row.total_minor,
  reason: row.reason,
  issuedAt: row.issued_at.toISOString(),
  lines: row.lines,
});
