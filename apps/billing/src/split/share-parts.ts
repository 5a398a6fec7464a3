/**
 * Gives resellers and projects inside products their parts of a line once it is released, out of the fee that the platform has booked;
 * and takes them back as far as the line goes back to its buyer. The parts are those that the line was divided into.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { partLeft } from '#domain/fees/terms.ts';
import { partShared } from '#domain/ledger/payout.ts';
import type { Minor } from '#domain/money.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { LinePart, PartShare } from '#tables/billing/fee-rule.ts';
import { IS_DISPUTED } from '../dispute/holds.ts';
import { Ledger } from '../ledger/ledger.ts';
import { takeVendorTurns } from '../payout/vendor-turns.ts';

/** What of an `invoice_line` is not the buyer's again. */
const LEFT = `(invoice_line.amount_minor
  - coalesce((select sum(credit_note_line.amount_minor) from billing.credit_note_line where credit_note_line.line_id = invoice_line.id), 0)
  - coalesce((select sum(line_return.amount_minor) from billing.line_return
    where line_return.line_id = invoice_line.id and line_return.undone_at is null), 0))`;

@Injectable()
export class ShareParts extends Stage {
  readonly queue = 'billing.share-parts';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of an invoice line. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const parts = await tx.find(LinePart, { where: { lineId: id }, order: { kind: 'asc' } });
      await takeVendorTurns(
        tx,
        parts.map((part) => part.organizationId),
      );
      const line = await lineOf(tx, id);
      if (!line) return;
      for (const part of parts) await this.share(tx, part, line);
    });
  }

  /** Lines with parts that are released, and of which more or less is left than when they were shared. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select distinct invoice_line.id from billing.line_part join billing.invoice_line on invoice_line.id = line_part.line_id
         join billing.invoice on invoice.id = invoice_line.invoice_id
        where invoice_line.released_at is not null and not ${IS_DISPUTED}
          and ${LEFT} is distinct from (select part_share.left_minor from billing.part_share
            where part_share.line_id = line_part.line_id and part_share.kind = line_part.kind order by part_share.created_at desc, part_share.id desc limit 1)
        limit 200`,
    );
    return rows.map((row) => row.id);
  }

  private async share(tx: EntityManager, { lineId, kind, organizationId, amountMinor }: LinePart, line: Line): Promise<void> {
    const before = await tx.find(PartShare, { where: { lineId, kind }, order: { createdAt: 'asc', id: 'asc' } });
    if (before.at(-1)?.leftMinor === line.left) return;
    const owed = before.reduce((sum, share) => sum + share.amountMinor, 0n);
    const id = newId();
    const now = this.clock.now();
    const { currency, left } = line;
    const amount = partLeft(amountMinor, line) - owed;
    await tx.insert(PartShare, {
      id,
      lineId,
      kind,
      organizationId,
      currency,
      amountMinor: amount,
      leftMinor: left,
      createdAt: now,
      payoutId: null,
    });
    await this.ledger.post(tx, { ...partShared({ shareId: id, vendorId: organizationId, currency, amount }), effectiveAt: now });
    await this.doorbell.ring(tx, 'billing.pay-out', organizationId);
  }
}

interface Line {
  currency: string;
  amount: Minor;
  left: Minor;
}

/** Undefined while it is not released, or disputed. */
async function lineOf(tx: EntityManager, id: string): Promise<Line | undefined> {
  const [row]: Array<{ currency: string; amount: string; left: string }> = await tx.query(
    `select invoice.currency, invoice_line.amount_minor::text as amount, ${LEFT}::text as left from billing.invoice_line
       join billing.invoice on invoice.id = invoice_line.invoice_id
      where invoice_line.id = $1 and invoice_line.released_at is not null and not ${IS_DISPUTED}`,
    [id],
  );
  return row && { currency: row.currency, amount: BigInt(row.amount), left: BigInt(row.left) };
}
