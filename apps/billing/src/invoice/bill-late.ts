/**
 * An invoice for what was found late of a buyer who has no month that will be closed: nothing that is owed waits for ever. What is out of
 * line waits for a person (held-closes.ts), as a month does.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { monthOf } from '#domain/period.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { BillingConfig } from '../config.ts';
import { Drafts } from './drafts.ts';
import { HeldCloses, LOOK_AGAIN_MS } from './held-closes.ts';
import { InvoiceMaker, SERIES } from './invoice-maker.ts';

const HOUR_MS = 3_600_000;

/** Late charges without an invoice, in currencies in which no period of the buyer is still to come. */
const WAITING = `from billing.charge
  where charge.revision > 0
    and not exists (select from billing.invoice_line where invoice_line.charge_id = charge.id)
    and not exists (select from billing.period where period.buyer_id = charge.buyer_id and period.currency = charge.currency and period.state <> 'invoiced')
    and not exists (select from api.subscription where subscription.buyer_id = charge.buyer_id and subscription.currency = charge.currency and subscription.ended_at is null)
    and not exists (select from billing.invoice where invoice.buyer_id = charge.buyer_id and invoice.currency = charge.currency
      and invoice.series = '${SERIES}' and invoice.period_start = $1)`;

@Injectable()
export class BillLate extends Stage {
  readonly queue = 'billing.bill-late';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly drafts: Drafts,
    private readonly maker: InvoiceMaker,
    private readonly held: HeldCloses,
  ) {
    super();
  }

  /** @param id of a buyer. */
  async work(id: string): Promise<void> {
    const month = this.lastMonth();
    await this.db.transaction(async (tx) => {
      const rows: Array<{ currency: string }> = await tx.query(
        `select distinct charge.currency ${WAITING} and charge.buyer_id = $2 order by charge.currency`,
        [month.from, id],
      );
      for (const { currency } of rows) {
        await this.maker.takeTurns(tx, [{ buyerId: id, currency }]);
        if (await tx.existsBy(Invoice, { buyerId: id, currency, series: SERIES, periodStart: month.from })) continue;
        const drafts = await this.drafts.each(tx, [{ buyerId: id, currency, month, periods: [] }]);
        await this.maker.finalise(tx, await this.held.letGo(tx, drafts));
      }
    });
  }

  /** Buyers who owe something by it, and of whom nobody decides whether they do. What they get back is for a credit note. */
  async due(): Promise<string[]> {
    const { from, to } = this.lastMonth();
    const rows: Array<{ buyer_id: string }> = await this.db.query(
      `select charge.buyer_id ${WAITING} and charge.model <> 'minimum_spend'
         and not exists (select from billing.held_close where held_close.buyer_id = charge.buyer_id and held_close.currency = charge.currency
           and held_close.period_end = $2 and held_close.state in ('held', 'rejected') and held_close.looked_at > $3)
        group by charge.buyer_id, charge.currency
       having sum(coalesce(charge.amount, charge.quantity * charge.rate) / charge.unit_size) > 0 limit 200`,
      [from, to, new Date(this.clock.now().getTime() - LOOK_AGAIN_MS)],
    );
    return [...new Set(rows.map((row) => row.buyer_id))];
  }

  /** The month that could last be closed. */
  private lastMonth(): { from: Date; to: Date } {
    const closing = new Date(this.clock.now().getTime() - this.config.CLOSE_GRACE_HOURS * HOUR_MS);
    return monthOf(new Date(monthOf(closing).from.getTime() - 1));
  }
}
