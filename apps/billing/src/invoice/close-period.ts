/** Makes the one invoice of a buyer, currency and month over all vendors, from charges. Finalised in the transaction that numbers it. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { invoiceNumber, linesOf, seriesOf } from '#domain/invoice.ts';
import { invoiceFinalised } from '#domain/ledger.ts';
import { monthOf } from '#domain/period.ts';
import { amountPerUnit } from '#domain/pricing.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Charge } from '#tables/billing/charge.ts';
import { Invoice, InvoiceLine } from '#tables/billing/invoice.ts';
import { Period } from '#tables/billing/period.ts';
import { Collection } from '../collect/collection.ts';
import { BillingConfig } from '../config.ts';
import { Ledger } from '../ledger/ledger.ts';

/** One invoice per buyer, currency and month; other series (corrections) would be told apart by this. */
const SERIES = 'usage';

@Injectable()
export class ClosePeriod extends Stage {
  readonly queue = 'billing.close-period';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly ledger: Ledger,
    private readonly collection: Collection,
  ) {
    super();
  }

  /** @param id of any period of the buyer's month; the last one to be rated closes it. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const period = await tx.findOneBy(Period, { id });
      if (!period) return;
      // Two workers on two periods of one month take turns here; the second finds them invoiced.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `close:${period.buyerId}:${period.currency}:${period.endsAt.toISOString()}`,
      ]);
      const { buyerId, currency, endsAt } = period;
      const periods = await tx.findBy(Period, { buyerId, currency, endsAt });
      const rated = periods.filter((candidate) => candidate.state === 'rated');
      if (rated.length === 0 || periods.some((candidate) => candidate.state === 'open') || (await this.isUnopened(tx, period)))
        return;
      await this.invoice(tx, period, rated);
      await tx.update(Period, { id: In(rated.map((candidate) => candidate.id)) }, { state: 'invoiced' });
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
    const series = seriesOf(now);
    const exact = charges.map((charge) => ({ ...charge, amount: amountPerUnit(charge, charge.quantity) }));
    const { lines, totalMinor } = linesOf(exact, this.config.FEE_BASIS_POINTS);
    const invoiceId = newId();
    await tx.insert(Invoice, {
      id: invoiceId,
      buyerId,
      currency,
      periodStart: monthOf(new Date(endsAt.getTime() - 1)).from,
      periodEnd: endsAt,
      series: SERIES,
      number: invoiceNumber(series, await nextCount(tx, series)),
      // Nothing to collect: it is paid by being sent.
      state: totalMinor === 0n ? 'paid' : 'open',
      totalMinor,
      createdAt: now,
      finalisedAt: now,
      dueAt: now,
      paidAt: totalMinor === 0n ? now : null,
      paymentId: null,
    });
    await tx.insert(
      InvoiceLine,
      lines.map(({ charge, ...line }) => ({
        id: newId(),
        invoiceId,
        chargeId: charge.id,
        vendorId: charge.vendorId,
        productId: charge.productId,
        description: charge.description,
        unit: charge.unit,
        quantity: charge.quantity,
        unitSize: charge.unitSize,
        rate: charge.rate,
        ...line,
        releasedAt: null,
        transferId: null,
      })),
    );
    const split = lines.map(({ charge, feeMinor, vendorMinor }) => ({
      vendorId: charge.vendorId,
      fee: feeMinor,
      vendor: vendorMinor,
    }));
    await this.ledger.post(tx, { ...invoiceFinalised({ invoiceId, buyerId, currency, lines: split }), effectiveAt: now });
    await this.collection.plan(tx, buyerId, currency);
  }
}

/** Gapless: the counter's row is locked until the invoice that took the number is committed with it. */
async function nextCount(tx: EntityManager, series: string): Promise<bigint> {
  const [row] = await tx.query(
    `insert into billing.invoice_counter as counter (series, last) values ($1, 1)
     on conflict (series) do update set last = counter.last + 1 returning last::text`,
    [series],
  );
  return BigInt(row.last);
}
