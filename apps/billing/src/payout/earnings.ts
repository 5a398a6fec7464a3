/** What a vendor has earned and been paid: from invoice lines, the book and payouts. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { account } from '#domain/ledger/entry.ts';
import type { Caller } from '#platform/auth.ts';
import { Payout } from '#tables/billing/payout.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { EarningsView, PayoutView } from './earnings.schema.ts';

const MOST_LINES = 200;

@Injectable()
export class Earnings {
  constructor(
    private readonly db: DataSource,
    private readonly ledger: Ledger,
  ) {}

  async earnings({ organizationId: vendorId }: Caller): Promise<EarningsView> {
    const sums: Array<{ currency: string; earned: string; parts: string }> = await this.db.query(
      `select currency, sum(earned)::text as earned, sum(parts)::text as parts from (
         select invoice.currency, invoice_line.vendor_minor as earned, 0 as parts from billing.invoice_line join billing.invoice on invoice.id = invoice_line.invoice_id
          where invoice_line.vendor_id = $1
         union all select part_share.currency, 0, part_share.amount_minor from billing.part_share where part_share.organization_id = $1) as sums
       group by currency order by currency`,
      [vendorId],
    );
    return {
      items: await Promise.all(sums.map((sum) => this.position(vendorId, sum))),
      lines: await this.lines(vendorId),
    };
  }

  async payouts({ organizationId: vendorId }: Caller): Promise<PayoutView[]> {
    const payouts = await this.db.manager.find(Payout, {
      where: { vendorId },
      order: { createdAt: 'desc', id: 'desc' },
      take: MOST_LINES,
    });
    return payouts.map((payout) => ({
      id: payout.id,
      amountMinor: String(payout.amountMinor),
      currency: payout.currency,
      sentMinor: payout.sentMinor === null ? null : String(payout.sentMinor),
      reversedMinor: String(payout.reversedMinor),
      state: payout.state,
      failure: payout.failure,
      createdAt: payout.createdAt.toISOString(),
      sentAt: payout.sentAt?.toISOString() ?? null,
      paidAt: payout.paidAt?.toISOString() ?? null,
    }));
  }

  private async position(
    vendorId: string,
    { currency, earned: earnedMinor, parts: partsMinor }: { currency: string; earned: string; parts: string },
  ): Promise<EarningsView['items'][number]> {
    const [unsettled, payable, held, reserved] = await Promise.all([
      this.ledger.balance(account.vendorUnsettled(vendorId), currency),
      this.ledger.balance(account.vendorPayable(vendorId), currency),
      this.ledger.balance(account.vendorHeld(vendorId), currency),
      this.ledger.balance(account.vendorReserve(vendorId), currency),
    ]);
    const [sent] = await this.db.query(
      `select coalesce(sum(coalesce(payout.sent_minor, payout.amount_minor) - payout.reversed_minor) filter (where payout.state in ('reserved', 'sent', 'returned')), 0)::text as in_transit,
         coalesce(sum(payout.sent_minor - payout.reversed_minor) filter (where payout.state = 'paid'), 0)::text as paid_out
       from billing.payout where payout.vendor_id = $1 and payout.currency = $2`,
      [vendorId, currency],
    );
    const [back] = await this.db.query(
      `select coalesce(sum(line_return.vendor_minor), 0)::text as returned from billing.line_return
         join billing.invoice_line on invoice_line.id = line_return.line_id join billing.invoice on invoice.id = invoice_line.invoice_id
        where invoice_line.vendor_id = $1 and invoice.currency = $2 and line_return.undone_at is null`,
      [vendorId, currency],
    );
    // The book shows what is owed to a vendor as a credit, below zero.
    return {
      currency,
      earnedMinor,
      partsMinor,
      unsettledMinor: String(-unsettled),
      returnedMinor: back.returned,
      payableMinor: String(-payable),
      heldMinor: String(-held),
      reservedMinor: String(-reserved),
      inTransitMinor: sent.in_transit,
      paidOutMinor: sent.paid_out,
    };
  }

  private async lines(vendorId: string): Promise<EarningsView['lines']> {
    const rows: LineRow[] = await this.db.query(
      `select invoice_line.id, invoice.number, invoice.currency, invoice.finalised_at, product.name as product, invoice_line.description, invoice_line.amount_minor,
         invoice_line.fee_minor, invoice_line.vendor_minor, invoice_line.released_at, transfer.payout_id
       from billing.invoice_line join billing.invoice on invoice.id = invoice_line.invoice_id join api.product on product.id = invoice_line.product_id
         left join billing.transfer on transfer.id = invoice_line.transfer_id
       where invoice_line.vendor_id = $1 order by invoice.finalised_at desc, invoice.number desc, invoice_line.ordinal limit ${MOST_LINES}`,
      [vendorId],
    );
    return rows.map((row) => ({
      id: row.id,
      invoice: row.number,
      product: row.product,
      description: row.description,
      currency: row.currency,
      amountMinor: row.amount_minor,
      feeMinor: row.fee_minor,
      vendorMinor: row.vendor_minor,
      finalisedAt: row.finalised_at.toISOString(),
      releasedAt: row.released_at?.toISOString() ?? null,
      payoutId: row.payout_id,
    }));
  }
}

interface LineRow {
  id: string;
  number: string;
  currency: string;
  finalised_at: Date;
  product: string;
  description: string;
  amount_minor: string;
  fee_minor: string;
  vendor_minor: string;
  released_at: Date | null;
  payout_id: string | null;
}
