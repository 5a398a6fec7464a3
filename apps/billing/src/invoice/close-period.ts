/** Makes the one invoice of a buyer, currency and month over all vendors, from charges. Finalised in the transaction that numbers it. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { toMinor } from '#domain/money.ts';
import { invoiceFinalised } from '#domain/ledger.ts';
import { monthOf } from '#domain/period.ts';
import { splitLine } from '#domain/split.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Charge } from '#tables/billing/charge.ts';
import { Invoice, InvoiceLine } from '#tables/billing/invoice.ts';
import { Period } from '#tables/billing/period.ts';
import { planPayment } from '../collect/plan-payment.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { BillingConfig } from '../config.ts';
import { Ledger } from '../ledger/ledger.ts';
import { Doorbell } from '#platform/doorbell.ts';

@Injectable()
export class ClosePeriod extends Stage {
  readonly queue = 'billing.close-period';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly ledger: Ledger,
    private readonly calls: ExternalCalls,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of any period of the buyer's month; the last one to be rated closes it. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const period = await tx.findOneBy(Period, { id });
      if (!period) return;
      // Two workers on two periods of one month take turns here; the second finds them invoiced.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`close:${period.buyerId}:${period.currency}:${period.endsAt.toISOString()}`]);
      const periods = await tx.findBy(Period, { buyerId: period.buyerId, currency: period.currency, endsAt: period.endsAt });
      if (periods.some((candidate) => candidate.state !== 'rated') || (await this.isUnopened(tx, period))) return;
      await this.invoice(tx, period, periods);
      await tx.update(Period, { id: In(periods.map((candidate) => candidate.id)) }, { state: 'invoiced' });
    });
  }

  /** One period for each buyer, currency and month of which every period is rated. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select (array_agg(period.id order by period.id))[1] as id from billing.period
       where period.state <> 'invoiced' and period.ends_at <= $1
       group by period.buyer_id, period.currency, period.ends_at
       having bool_and(period.state = 'rated') limit 200`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }

  /** Whether a subscription that lived in this month has no period of it yet: then the month is not all there. */
  private async isUnopened(tx: EntityManager, { buyerId, currency, endsAt }: Period): Promise<boolean> {
    const [row] = await tx.query(
      `select exists (select from api.subscription where subscription.buyer_id = $1 and subscription.currency = $2 and subscription.started_at < $3
         and (subscription.ended_at is null or subscription.ended_at >= $4)
         and not exists (select from billing.period where period.subscription_id = subscription.id and period.ends_at = $3)) as unopened`,
      [buyerId, currency, endsAt, monthOf(new Date(endsAt.getTime() - 1)).from],
    );
    return row.unopened as boolean;
  }

  private async invoice(tx: EntityManager, { buyerId, currency, endsAt }: Period, periods: Period[]): Promise<void> {
    const charges = await tx.find(Charge, {
      where: { periodId: In(periods.map((period) => period.id)) },
      order: { vendorId: 'asc', productId: 'asc', subscriptionId: 'asc', dimension: 'asc', priceVersionId: 'asc' },
    });
    if (charges.length === 0) return; // Nothing was used: there is nothing to send.
    const now = this.clock.now();
    const invoiceId = newId();
    const lines = charges.map((charge, index) => this.line(invoiceId, index + 1, charge));
    const totalMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
    const series = `SLW-${now.getUTCFullYear()}`;
    const { from } = monthOf(new Date(endsAt.getTime() - 1));
    const invoice: Invoice = {
      id: invoiceId,
      buyerId,
      currency,
      periodStart: from,
      periodEnd: endsAt,
      series,
      number: await nextNumber(tx, series),
      state: totalMinor === 0n ? 'paid' : 'open',
      totalMinor,
      createdAt: now,
      finalisedAt: now,
      dueAt: now,
      paidAt: totalMinor === 0n ? now : null,
    };
    await tx.insert(Invoice, invoice);
    await tx.insert(InvoiceLine, lines);
    const entry = invoiceFinalised({ invoiceId, buyerId, currency, lines: lines.map((line) => ({ vendorId: line.vendorId, fee: line.feeMinor, vendor: line.vendorMinor })) });
    await this.ledger.post(tx, { ...entry, effectiveAt: now });
    if (totalMinor > 0n) await planPayment(tx, { invoice, calls: this.calls, doorbell: this.doorbell, now });
  }

  /** The one place where a charge becomes minor units, and the line is split. */
  private line(invoiceId: string, ordinal: number, charge: Charge): InvoiceLine {
    const amountMinor = toMinor(charge.amount, charge.currency);
    const { fee, vendor } = splitLine(amountMinor, this.config.FEE_BASIS_POINTS);
    return {
      id: newId(),
      invoiceId,
      ordinal,
      chargeId: charge.id,
      vendorId: charge.vendorId,
      productId: charge.productId,
      description: charge.description,
      unit: charge.unit,
      quantity: charge.quantity,
      rate: charge.rate,
      amountMinor,
      feeBasisPoints: this.config.FEE_BASIS_POINTS,
      feeMinor: fee,
      vendorMinor: vendor,
      releasedAt: null,
      payoutId: null,
    };
  }
}

/** Gapless: the counter's row is locked until the invoice that took the number is committed with it. */
async function nextNumber(tx: EntityManager, series: string): Promise<string> {
  const [row] = await tx.query(
    `insert into billing.invoice_counter as counter (series, last) values ($1, 1) on conflict (series) do update set last = counter.last + 1 returning last::text`,
    [series],
  );
  return `${series}-${String(row.last).padStart(6, '0')}`;
}
