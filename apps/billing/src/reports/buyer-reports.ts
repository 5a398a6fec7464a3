/** What a buyer wants to know of its cost, from its invoices: each report is one query, and its parts sum to the lines that they are of. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#platform/auth.ts';
import { BACK, spanOf } from './report.ts';
import type { CostByDayRow, CostByProductRow, CostByTagRow, RangeQuery, TagQuery } from './reports.schema.ts';

/** The lines of a buyer's months, less what credit notes and refunds took off them since. */
const LINES = `
  select line.id, line.charge_id, line.amount_minor - back.amount as amount_minor, charge.dimension, charge.model, charge.subscription_id, period.starts_at, period.ends_at,
         product.name as product, coalesce(line.vendor_name, vendor.name) as vendor, invoice.currency,
         to_char(invoice.period_start at time zone 'UTC', 'YYYY-MM') as month
    from billing.invoice_line line join billing.invoice on invoice.id = line.invoice_id
    join billing.charge on charge.id = line.charge_id join billing.period on period.id = charge.period_id
    join api.product on product.id = line.product_id join api.organization vendor on vendor.id = line.vendor_id ${BACK}
   where invoice.buyer_id = $1 and invoice.period_start >= $2 and invoice.period_start < $3`;

const BY_PRODUCT = `
  with line as (${LINES})
  select line.month, line.product, line.vendor, line.currency, sum(line.amount_minor)::text as "amountMinor"
    from line group by line.month, line.product, line.vendor, line.currency order by line.month, line.product, line.vendor, line.currency`;

/**
 * A line is divided by what was counted on each day: each day gets what the sum up to it rounds to, less what the days before got
 * (docs/MONEY.md R11). A line without counted days, or whose days cancel each other out, is of no day.
 */
const BY_DAY = `
  with line as (${LINES}),
  counted as (
    select line.*, source.day, sum(source.quantity) over (partition by line.id order by source.day) as upto, sum(source.quantity) over (partition by line.id) as whole
      from line left join billing.charge_source source on source.charge_id = line.charge_id),
  part as (
    select counted.day, counted.product, counted.dimension, counted.currency,
           round(amount_minor * upto / whole) - coalesce(lag(round(amount_minor * upto / whole)) over (partition by id order by day), 0) as amount
      from counted where whole <> 0
    union all
    select distinct on (counted.id) null, counted.product, counted.dimension, counted.currency, counted.amount_minor
      from counted where whole is null or whole = 0)
  select to_char(part.day, 'YYYY-MM-DD') as day, part.product, part.dimension, part.currency, sum(part.amount)::text as "amountMinor"
    from part group by part.day, part.product, part.dimension, part.currency having sum(part.amount) <> 0
   order by part.day nulls last, part.product, part.dimension, part.currency limit 10000`;

/**
 * A line for running machines is divided by how long machines of each value ran in its period (of its instance type, where it is for
 * one), rounded as above. Everything else is of no value.
 */
const BY_TAG = `
  with line as (${LINES}),
  ran as (
    select line.id, coalesce(launch.tags, fleet.tags) ->> $4 as value,
           sum(extract(epoch from least(coalesce(run.ended_at, line.ends_at), line.ends_at) - greatest(run.started_at, line.starts_at))) as seconds
      from line join launcher.run_interval run on run.subscription_id = line.subscription_id and run.started_at < line.ends_at
       and (run.ended_at is null or run.ended_at > line.starts_at)
      join launcher.instance on instance.id = run.instance_id
       and (strpos(line.dimension, '.') = 0 or instance.instance_type = substr(line.dimension, strpos(line.dimension, '.') + 1))
      left join api.launch on launch.id = instance.launch_id left join api.fleet on fleet.id = instance.fleet_id
     where line.model in ('hourly', 'annual', 'infrastructure')
     group by line.id, value),
  shared as (
    select ran.id, ran.value, sum(ran.seconds) over (partition by ran.id order by ran.value nulls last) as upto, sum(ran.seconds) over (partition by ran.id) as whole from ran),
  part as (
    select line.month, line.product, line.currency, shared.value,
           case when shared.id is null then line.amount_minor
                else round(line.amount_minor * upto / whole)
                     - coalesce(lag(round(line.amount_minor * upto / whole)) over (partition by line.id order by shared.value nulls last), 0) end as amount
      from line left join shared on shared.id = line.id and shared.whole > 0)
  select part.month, part.value, part.product, part.currency, sum(part.amount)::text as "amountMinor"
    from part group by part.month, part.value, part.product, part.currency having sum(part.amount) <> 0
   order by part.month, part.value nulls last, part.product, part.currency limit 10000`;

@Injectable()
export class BuyerReports {
  constructor(private readonly db: DataSource) {}

  byProduct({ organizationId }: Caller, range: RangeQuery): Promise<Array<z.output<typeof CostByProductRow>>> {
    return this.db.query(BY_PRODUCT, [organizationId, ...spanOf(range)]);
  }

  byDay({ organizationId }: Caller, range: RangeQuery): Promise<Array<z.output<typeof CostByDayRow>>> {
    return this.db.query(BY_DAY, [organizationId, ...spanOf(range)]);
  }

  /** By the values of one tag of launches and fleets. */
  byTag({ organizationId }: Caller, query: TagQuery): Promise<Array<z.output<typeof CostByTagRow>>> {
    return this.db.query(BY_TAG, [organizationId, ...spanOf(query), query.tag]);
  }
}
