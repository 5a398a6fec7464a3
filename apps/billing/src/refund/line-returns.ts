/**
 * What of invoice lines goes back to their buyer, by a refund or by a dispute that was lost (docs/MONEY.md R10): divided over the
 * lines, taken from whoever has it, booked, and where a vendor was paid already, asked back.
 */
import { Injectable } from '@nestjs/common';
import { In, IsNull, type EntityManager } from 'typeorm';
import type { Entry } from '#domain/ledger/entry.ts';
import type { ReturnedLine } from '#domain/ledger/refund.ts';
import type { Minor } from '#domain/money.ts';
import { returnOf, type RefundableLine } from '#domain/refund.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { LineReturn } from '#tables/billing/refund.ts';
import { Holds } from '../dispute/holds.ts';
import { Ledger } from '../ledger/ledger.ts';
import { takeVendorTurns } from '../payout/vendor-turns.ts';
import { ClawBacks } from './claw-backs.ts';

export interface LineToReturn extends RefundableLine {
  vendorId: string;
  currency: string;
  isReleased: boolean;
  transferId: string | null;
}

/** Why it goes back: one of the two. */
export type Cause = { refundId: string; disputeId: null } | { refundId: null; disputeId: string };

/** Whose lines; the caller has locked their invoices. */
export interface Which {
  invoiceId?: string;
  paymentId?: string;
  vendorId?: string | null;
  lineId?: string | null;
}

@Injectable()
export class LineReturns {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly holds: Holds,
    private readonly clawBacks: ClawBacks,
    private readonly doorbell: Doorbell,
  ) {}

  async linesOf(tx: EntityManager, { invoiceId, paymentId, vendorId, lineId }: Which): Promise<LineToReturn[]> {
    const rows: LineRow[] = await tx.query(
      `select invoice_line.id, invoice_line.vendor_id, invoice.currency, invoice_line.amount_minor::text as amount, invoice_line.fee_minor::text as fee,
         invoice_line.released_at is not null as is_released, invoice_line.transfer_id,
         (coalesce(sum(line_return.amount_minor), 0) + noted.amount)::text as returned, (coalesce(sum(line_return.fee_minor), 0) + noted.fee)::text as returned_fee
       from billing.invoice_line join billing.invoice on invoice.id = invoice_line.invoice_id
         left join billing.line_return on line_return.line_id = invoice_line.id and line_return.undone_at is null
         cross join lateral (select coalesce(sum(credit_note_line.amount_minor), 0) as amount, coalesce(sum(credit_note_line.fee_minor), 0) as fee
           from billing.credit_note_line where credit_note_line.line_id = invoice_line.id) noted
       where ($1::uuid is null or invoice.id = $1) and ($2::uuid is null or invoice.payment_id = $2)
         and ($3::uuid is null or invoice_line.vendor_id = $3) and ($4::uuid is null or invoice_line.id = $4)
       group by invoice_line.id, invoice.id, noted.amount, noted.fee order by invoice.number, invoice_line.ordinal`,
      [invoiceId ?? null, paymentId ?? null, vendorId ?? null, lineId ?? null],
    );
    return rows.map((row) => ({
      lineId: row.id,
      vendorId: row.vendor_id,
      currency: row.currency,
      amount: BigInt(row.amount),
      fee: BigInt(row.fee),
      isReleased: row.is_released,
      transferId: row.transfer_id,
      returned: { amount: BigInt(row.returned), fee: BigInt(row.returned_fee) },
    }));
  }

  /**
   * Gives back an amount of these lines, in one entry.
   * @param which of lines whose invoices are locked; `amount` is at most what is `refundable` of them
   */
  async give(
    tx: EntityManager,
    which: Which,
    { amount, cause, entryOf }: { amount: Minor; cause: Cause; entryOf: (lines: ReturnedLine[]) => Entry },
  ): Promise<void> {
    await takeVendorTurns(
      tx,
      (await this.linesOf(tx, which)).map((line) => line.vendorId),
    );
    // Read again: a payout that had its turn before may have taken some along.
    const lines = await this.linesOf(tx, which);
    const parts = returnOf(lines, amount).map((part) => ({ ...part, line: lines.find((line) => line.lineId === part.lineId)! }));
    await this.holds.lift(
      tx,
      parts.map((part) => part.lineId),
    );
    const now = this.clock.now();
    const rows = parts.map(({ lineId, line, amount: whole, fee, vendor }): LineReturn => ({
      id: newId(),
      lineId,
      ...cause,
      amountMinor: whole,
      feeMinor: fee,
      vendorMinor: vendor,
      takenFrom: line.isReleased ? 'payable' : 'unsettled',
      createdAt: now,
      undoneAt: null,
      againPayoutId: null,
    }));
    await tx.insert(LineReturn, rows);
    const returned = parts.map(({ line, fee, vendor }) => ({ vendorId: line.vendorId, fee, vendor, from: fromOf(line) }));
    await this.ledger.post(tx, { ...entryOf(returned), effectiveAt: now });
    await this.clawBacks.plan(
      tx,
      parts.flatMap(({ line, vendor }) =>
        line.transferId && vendor > 0n
          ? [{ vendorId: line.vendorId, currency: line.currency, transferId: line.transferId, vendor }]
          : [],
      ),
    );
    await this.holds.settle(
      tx,
      parts.map((part) => part.lineId),
    );
  }

  /** A refund came to nothing: everybody has their part again. Its invoice is locked. */
  async undo(tx: EntityManager, refundId: string, entryOf: (lines: ReturnedLine[]) => Entry): Promise<void> {
    const rows = await tx.find(LineReturn, { where: { refundId, undoneAt: IsNull() }, order: { id: 'asc' } });
    const lineIds = rows.map((row) => row.lineId);
    const lines = new Map<string, LineToReturn>();
    for (const lineId of lineIds) for (const line of await this.linesOf(tx, { lineId })) lines.set(lineId, line);
    const vendorIds = [...new Set([...lines.values()].map((line) => line.vendorId))];
    await takeVendorTurns(tx, vendorIds);
    await this.holds.lift(tx, lineIds);
    const now = this.clock.now();
    await tx.update(LineReturn, { id: In(rows.map((row) => row.id)) }, { undoneAt: now });
    const given = rows.map((row) => {
      const line = lines.get(row.lineId)!;
      return { vendorId: line.vendorId, fee: row.feeMinor, vendor: row.vendorMinor, from: fromOf(line) };
    });
    await this.ledger.post(tx, { ...entryOf(given), effectiveAt: now });
    await this.holds.settle(tx, lineIds);
    for (const vendorId of vendorIds) await this.doorbell.ring(tx, 'billing.pay-out', vendorId);
  }
}

interface LineRow {
  id: string;
  vendor_id: string;
  currency: string;
  amount: string;
  fee: string;
  is_released: boolean;
  transfer_id: string | null;
  returned: string;
  returned_fee: string;
}

const fromOf = ({ isReleased }: LineToReturn): ReturnedLine['from'] => (isReleased ? 'payable' : 'unsettled');
