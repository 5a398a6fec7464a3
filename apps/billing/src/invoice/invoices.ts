/** Invoices as a buyer (or the operator) reads them. They are made by the stage ClosePeriod, never through HTTP; a buyer may pay one before it is asked to. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { Party } from '#domain/invoice.ts';
import { formatRate, parseRate } from '#domain/money.ts';
import { seesEverybody, type Caller } from '#platform/auth.ts';
import { Collection } from '../collect/collection.ts';
import type { InvoiceSummary, InvoiceView } from './invoices.schema.ts';

const SUMMARY = `select invoice.*, organization.name as buyer,
    (select payment.failure from billing.payment where payment.id = invoice.payment_id) as payment_failure
  from billing.invoice join api.organization on organization.id = invoice.buyer_id
  where invoice.state <> 'draft' and ($1::uuid is null or invoice.buyer_id = $1)`;

@Injectable()
export class Invoices {
  constructor(
    private readonly db: DataSource,
    private readonly collection: Collection,
  ) {}

  async list(caller: Caller): Promise<InvoiceSummary[]> {
    const rows: SummaryRow[] = await this.db.query(
      `${SUMMARY} order by invoice.finalised_at desc, invoice.number desc limit 200`,
      [ownerOf(caller)],
    );
    return rows.map(summary);
  }

  /** @throws DomainError `missing`, also when it is another buyer's. */
  async get(caller: Caller, id: string): Promise<InvoiceView> {
    const [row]: SummaryRow[] = await this.db.query(`${SUMMARY} and invoice.id = $2`, [ownerOf(caller), id]);
    if (!row) throw missing('invoice');
    const lines: LineRow[] = await this.db.query(
      `select invoice_line.*, coalesce(invoice_line.product_name, product.name) as product, coalesce(invoice_line.vendor_name, vendor.name) as vendor, charge.price_version_id, period.starts_at, period.ends_at,
         (select coalesce(json_agg(json_build_object('code', line_discount.code, 'amountMinor', line_discount.amount_minor::text) order by line_discount.ordinal), '[]')
            from billing.line_discount where line_discount.line_id = invoice_line.id) as discounts,
         (select coalesce(json_agg(json_build_object('day', charge_source.day, 'quantity', charge_source.quantity::text) order by charge_source.day), '[]')
            from billing.charge_source where charge_source.charge_id = charge.id and charge.revision > 0) as late_days
       from billing.invoice_line
       join billing.charge on charge.id = invoice_line.charge_id join billing.period on period.id = charge.period_id
       join api.product on product.id = invoice_line.product_id join api.organization vendor on vendor.id = invoice_line.vendor_id
       where invoice_line.invoice_id = $1 order by invoice_line.ordinal`,
      [id],
    );
    return {
      ...summary(row),
      issuer: row.issuer,
      billTo: row.bill_to,
      lines: lines.map((line) => ({
        id: line.id,
        ordinal: line.ordinal,
        product: line.product,
        vendor: line.vendor,
        description: line.description,
        quantity: line.quantity,
        unitSize: line.unit_size,
        unit: line.unit,
        rate: line.rate === null ? null : formatRate(parseRate(line.rate)),
        parts: line.parts,
        discounts: line.discounts,
        amountMinor: line.amount_minor,
        priceVersionId: line.price_version_id,
        usedFrom: line.starts_at.toISOString(),
        usedTo: line.ends_at.toISOString(),
        lateDays: line.late_days,
      })),
    };
  }

  /**
   * Charges one to the payment method now, before it is due or after it was written off.
   * @throws DomainError `missing`, `invoice_is_paid`, `invoice_being_collected`, `too_small_to_collect`
   */
  async pay(caller: Caller, id: string): Promise<InvoiceView> {
    await this.db.transaction((tx) => this.collection.planOne(tx, caller.organizationId, id));
    return this.get(caller, id);
  }
}

/** Buyers see their own; the operator sees all. */
const ownerOf = (caller: Caller): string | null => (seesEverybody(caller) ? null : caller.organizationId);

interface SummaryRow {
  id: string;
  number: string;
  buyer: string;
  state: InvoiceSummary['state'];
  currency: string;
  period_start: Date;
  period_end: Date;
  total_minor: string;
  credit_minor: string;
  credited_minor: string;
  finalised_at: Date;
  due_at: Date;
  issuer: Party | null;
  bill_to: Party | null;
  purchase_order: string | null;
  terms_days: number;
  paid_at: Date | null;
  payment_failure: string | null;
}

interface LineRow {
  id: string;
  ordinal: number;
  product: string;
  vendor: string;
  description: string;
  quantity: string;
  unit_size: string;
  unit: string;
  rate: string | null;
  parts: InvoiceView['lines'][number]['parts'];
  discounts: InvoiceView['lines'][number]['discounts'];
  amount_minor: string;
  price_version_id: string;
  starts_at: Date;
  ends_at: Date;
  late_days: InvoiceView['lines'][number]['lateDays'];
}

const summary = (row: SummaryRow): InvoiceSummary => ({
  id: row.id,
  number: row.number,
  buyer: row.buyer,
  state: row.state,
  currency: row.currency,
  periodStart: row.period_start.toISOString(),
  periodEnd: row.period_end.toISOString(),
  totalMinor: row.total_minor,
  creditMinor: row.credit_minor,
  creditedMinor: row.credited_minor,
  finalisedAt: row.finalised_at.toISOString(),
  dueAt: row.due_at.toISOString(),
  purchaseOrder: row.purchase_order,
  termsDays: row.terms_days,
  paidAt: row.paid_at?.toISOString() ?? null,
  paymentFailure: row.state === 'paid' ? null : row.payment_failure,
});
