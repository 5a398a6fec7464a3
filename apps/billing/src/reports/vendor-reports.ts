/** What a vendor wants to know of its business: each report is one query over what billing and api have written. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#platform/auth.ts';
import { monthOf } from '#domain/period.ts';
import { Clock } from '#platform/clock.ts';
import { BACK, spanOf } from './report.ts';
import type { ChurnRow, CustomerRow, ForecastRow, RangeQuery, RevenueRow, UsageRow } from './reports.schema.ts';

const REVENUE = `
  select to_char(invoice.period_start at time zone 'UTC', 'YYYY-MM') as month, product.name as product, invoice.currency,
         count(distinct invoice.id)::int as invoices, sum(line.amount_minor)::text as "amountMinor", sum(line.fee_minor)::text as "feeMinor",
         sum(line.vendor_minor)::text as "vendorMinor", sum(back.amount)::text as "returnedMinor", sum(line.vendor_minor - back.vendor)::text as "keptMinor",
         coalesce(sum(line.vendor_minor - back.vendor) filter (where line.released_at is not null), 0)::text as "releasedMinor"
    from billing.invoice_line line join billing.invoice on invoice.id = line.invoice_id join api.product on product.id = line.product_id ${BACK}
   where line.vendor_id = $1 and invoice.period_start >= $2 and invoice.period_start < $3
   group by 1, product.id, invoice.currency order by 1, product.name, product.id, invoice.currency`;

const USAGE = `
  select to_char(period.ends_at at time zone 'UTC' - interval '1 second', 'YYYY-MM') as month, product.name as product, charge.dimension, charge.unit,
         charge.unit_size::text as "unitSize", sum(charge.quantity)::text as quantity, count(distinct charge.buyer_id)::int as customers
    from billing.charge join billing.period on period.id = charge.period_id join api.product on product.id = charge.product_id
   where charge.vendor_id = $1 and period.ends_at > $2 and period.ends_at <= $3
     and exists (select from billing.charge_source where charge_source.charge_id = charge.id)
   group by 1, product.id, charge.dimension, charge.unit, charge.unit_size order by 1, product.name, product.id, charge.dimension`;

const CUSTOMERS = `
  select buyer.name as customer, product.name as product, subscription.currency, subscription.started_at as since, subscription.ended_at as "endedAt",
         coalesce(sum(line.amount_minor - back.amount), 0)::text as "invoicedMinor", coalesce(sum(line.vendor_minor - back.vendor), 0)::text as "vendorMinor",
         max(invoice.finalised_at) as "lastInvoicedAt"
    from api.subscription join api.organization buyer on buyer.id = subscription.buyer_id join api.product on product.id = subscription.product_id
    left join billing.charge on charge.subscription_id = subscription.id
    left join billing.invoice_line line on line.charge_id = charge.id
    left join billing.invoice on invoice.id = line.invoice_id ${BACK}
   where subscription.vendor_id = $1
   group by subscription.id, buyer.name, product.name order by subscription.started_at, subscription.id limit 10000`;

const CHURN = `
  select to_char(month.start at time zone 'UTC', 'YYYY-MM') as month, month.at_start as "subscriptionsAtStart", month.started, month.ended,
         month.at_end as "subscriptionsAtEnd", round(10000.0 * month.lost / nullif(month.at_start, 0))::int as "churnBasisPoints"
    from (
      select span.start, count(*) filter (where started_at < span.start and (ended_at is null or ended_at >= span.start))::int as at_start,
             count(*) filter (where started_at >= span.start and started_at < span.stop)::int as started,
             count(*) filter (where ended_at >= span.start and ended_at < span.stop)::int as ended,
             count(*) filter (where started_at < span.start and ended_at >= span.start and ended_at < span.stop)::int as lost,
             count(*) filter (where started_at < span.stop and (ended_at is null or ended_at >= span.stop))::int as at_end
        from (select start at time zone 'UTC' as start, (start + interval '1 month') at time zone 'UTC' as stop
                from generate_series($2::timestamptz at time zone 'UTC', $3::timestamptz at time zone 'UTC' - interval '1 day', interval '1 month') start) span
        left join api.subscription on subscription.vendor_id = $1
       group by span.start, span.stop) month
   order by month.start`;

/** Shares of the last three months, those before the first sale left out, in proportion to who is subscribed now. */
const FORECAST = `
  with sold as (
    select line.product_id, invoice.currency, min(invoice.period_start) as first, sum(line.vendor_minor - back.vendor) filter (where invoice.period_start >= $2::timestamptz - interval '3 months') as shares
      from billing.invoice_line line join billing.invoice on invoice.id = line.invoice_id ${BACK}
     where line.vendor_id = $1 and invoice.period_start < $2
     group by line.product_id, invoice.currency),
  basis as (
    select sold.*, least(3, (select count(*) from generate_series(sold.first, $2::timestamptz - interval '1 day', interval '1 month')))::int as months,
           (select count(*) from api.subscription where subscription.product_id = sold.product_id and subscription.currency = sold.currency
              and started_at < $2 and (ended_at is null or ended_at >= $2))::int as alive_then,
           (select count(*) from api.subscription where subscription.product_id = sold.product_id and subscription.currency = sold.currency
              and started_at <= $3 and (ended_at is null or ended_at > $3))::int as alive_now
      from sold)
  select to_char($2::timestamptz at time zone 'UTC', 'YYYY-MM') as month, product.name as product, basis.currency, basis.months,
         round(coalesce(shares, 0) / basis.months)::text as "averageMinor", alive_then as "subscriptionsThen", alive_now as "subscriptionsNow",
         round(coalesce(shares, 0) * coalesce(alive_now / nullif(alive_then, 0)::numeric, 1) / basis.months)::text as "forecastMinor"
    from basis join api.product on product.id = basis.product_id order by product.name, product.id, basis.currency`;

@Injectable()
export class VendorReports {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  revenue({ organizationId }: Caller, range: RangeQuery): Promise<Array<z.output<typeof RevenueRow>>> {
    return this.db.query(REVENUE, [organizationId, ...spanOf(range)]);
  }

  usage({ organizationId }: Caller, range: RangeQuery): Promise<Array<z.output<typeof UsageRow>>> {
    return this.db.query(USAGE, [organizationId, ...spanOf(range)]);
  }

  async customers({ organizationId }: Caller): Promise<Array<z.output<typeof CustomerRow>>> {
    type Row = z.output<typeof CustomerRow>;
    const rows: Array<
      Omit<Row, 'since' | 'endedAt' | 'lastInvoicedAt'> & { since: Date; endedAt: Date | null; lastInvoicedAt: Date | null }
    > = await this.db.query(CUSTOMERS, [organizationId]);
    return rows.map((row) => ({
      ...row,
      since: row.since.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
      lastInvoicedAt: row.lastInvoicedAt?.toISOString() ?? null,
    }));
  }

  churn({ organizationId }: Caller, range: RangeQuery): Promise<Array<z.output<typeof ChurnRow>>> {
    return this.db.query(CHURN, [organizationId, ...spanOf(range)]);
  }

  /** Of the present month, which will be invoiced when it is over. */
  forecast({ organizationId }: Caller): Promise<Array<z.output<typeof ForecastRow>>> {
    const now = this.clock.now();
    return this.db.query(FORECAST, [organizationId, monthOf(now).from, now]);
  }
}
