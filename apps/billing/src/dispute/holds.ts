/**
 * Shares that are held back while something about them is disputed: by the buyer's bank, or with us. A share that is not released
 * stays where it is; of a released one that is not sent, the book says that it is held.
 */
import { Injectable } from '@nestjs/common';
import { In, IsNull, type EntityManager } from 'typeorm';
import { shareHeld, shareUnheld } from '#domain/ledger/payout.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { HeldShare } from '#tables/billing/dispute.ts';
import { Ledger } from '../ledger/ledger.ts';

/** Whether anything about an `invoice_line` of an `invoice` is disputed now. */
export const IS_DISPUTED = `(
  exists (select from billing.line_dispute where line_dispute.line_id = invoice_line.id and line_dispute.state = 'open')
  or exists (select from billing.dispute where dispute.payment_id = invoice.payment_id and dispute.state in ('inquiry', 'open')))`;

/** What a vendor has of an `invoice_line`, less what went back to the buyer and what credit notes took off. */
export const NET_SHARE = `(invoice_line.vendor_minor - coalesce((select sum(line_return.vendor_minor) from billing.line_return
  where line_return.line_id = invoice_line.id and line_return.undone_at is null), 0) - coalesce((select sum(credit_note_line.vendor_minor)
  from billing.credit_note_line where credit_note_line.line_id = invoice_line.id), 0))`;

@Injectable()
export class Holds {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
  ) {}

  /** Makes held shares payable, so that they can be changed. Whoever calls this calls `settle` after. */
  async lift(tx: EntityManager, lineIds: readonly string[]): Promise<void> {
    const held = await tx.find(HeldShare, { where: { lineId: In(lineIds), overAt: IsNull() }, order: { id: 'asc' } });
    const now = this.clock.now();
    for (const { id: holdId, vendorId, currency, amountMinor: amount } of held) {
      await this.ledger.post(tx, { ...shareUnheld({ holdId, vendorId, currency, amount }), effectiveAt: now });
      await tx.update(HeldShare, { id: holdId }, { overAt: now });
    }
  }

  /** Holds what of these lines is disputed, released and not sent, and lets go of the rest. */
  async settle(tx: EntityManager, lineIds: readonly string[]): Promise<void> {
    await this.lift(tx, lineIds);
    const rows: Array<{ id: string; vendor_id: string; currency: string; share: string }> = await tx.query(
      `select invoice_line.id, invoice_line.vendor_id, invoice.currency, ${NET_SHARE}::text as share
         from billing.invoice_line join billing.invoice on invoice.id = invoice_line.invoice_id
        where invoice_line.id = any($1) and invoice_line.released_at is not null and invoice_line.transfer_id is null
          and ${NET_SHARE} > 0 and ${IS_DISPUTED} order by invoice_line.id`,
      [lineIds],
    );
    const now = this.clock.now();
    for (const { id: lineId, vendor_id: vendorId, currency, share } of rows) {
      const hold: HeldShare = { id: newId(), lineId, vendorId, currency, amountMinor: BigInt(share), heldAt: now, overAt: null };
      await tx.insert(HeldShare, hold);
      const entry = shareHeld({ holdId: hold.id, vendorId, currency, amount: hold.amountMinor });
      await this.ledger.post(tx, { ...entry, effectiveAt: now });
    }
  }
}
