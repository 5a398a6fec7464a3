/** What a vendor can expect to be paid, line by line and day by day, with the date or with what it waits for. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PayoutState } from '#domain/payout.ts';
import { forecastOf, nextRun, type Forecast, type ForecastTerms } from '#domain/payout-forecast.ts';
import type { ApprovalState } from '#domain/payout-policy.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { StripeAccount } from '#tables/billing/stripe-account.ts';
import { BillingConfig } from '../config.ts';
import { IS_DISPUTED, NET_SHARE } from '../dispute/holds.ts';
import type { PayoutForecastView } from './payout-forecast.schema.ts';
import { PayoutPolicies } from './payout-policies.ts';

type Item = PayoutForecastView['items'][number];

const LINE = `invoice_line.id as line_id, invoice.number as invoice, product.name as product, invoice_line.description, charge.dimension,
    period.starts_at as used_from, period.ends_at as used_to, invoice.currency`;
const OF_LINE = `join billing.invoice on invoice.id = invoice_line.invoice_id join billing.charge on charge.id = invoice_line.charge_id
    join billing.period on period.id = charge.period_id join api.product on product.id = invoice_line.product_id`;

/** Shares that are not at the vendor's bank, without what of them is in reserve. */
const SHARES = `select ${LINE}, (${NET_SHARE} - coalesce((select sum(reserve.amount_minor) from billing.reserve
      where reserve.line_id = invoice_line.id and not reserve.is_absorbed), 0))::text as amount,
    invoice.due_at, invoice.paid_at, invoice.collection_failed_at is not null and coalesce(payment.state, 'failed') = 'failed' as is_overdue,
    ${IS_DISPUTED} as is_disputed, invoice_line.released_at, payment.available_at,
    payout.state as payout_state, payout.approval, payout.due_at as payout_due_at, payout.paid_at as payout_paid_at
  from billing.invoice_line ${OF_LINE}
  left join billing.payment on payment.id = invoice.payment_id
  left join billing.transfer on transfer.id = invoice_line.transfer_id
  left join billing.payout on payout.id = transfer.payout_id
 where invoice_line.vendor_id = $1 and invoice.state in ('open', 'paid') and (payout.state is null or payout.state <> 'paid') and ${NET_SHARE} <> 0
 order by invoice.finalised_at, invoice.number, invoice_line.ordinal limit 500`;

/** What has no line of the vendor's own to go with: reserves, and parts of others' lines. */
const REST = `select 'reserve' as kind, ${LINE}, reserve.amount_minor::text as amount, reserve.until as at from billing.reserve
    join billing.invoice_line on invoice_line.id = reserve.line_id ${OF_LINE}
   where reserve.vendor_id = $1 and not reserve.is_absorbed and reserve.payout_id is null
  union all select 'part', ${LINE}, part_share.amount_minor::text, part_share.created_at from billing.part_share
    join billing.invoice_line on invoice_line.id = part_share.line_id ${OF_LINE}
   where part_share.organization_id = $1 and part_share.payout_id is null and part_share.amount_minor <> 0
  order by at limit 500`;

@Injectable()
export class PayoutForecast {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly policies: PayoutPolicies,
  ) {}

  async get({ organizationId: vendorId }: Caller): Promise<PayoutForecastView> {
    const now = this.clock.now();
    const { interval } = await this.policies.of(this.db.manager, vendorId);
    const hasAccount = await this.db.manager.existsBy(StripeAccount, { vendorId, payoutsEnabled: true });
    const terms: ForecastTerms = { interval, holdDays: this.config.HOLD_DAYS, hasAccount };
    const shares: ShareRow[] = await this.db.query(SHARES, [vendorId]);
    const rest: RestRow[] = await this.db.query(REST, [vendorId]);
    const items = [
      ...shares.map((row) => itemOf(row, 'share', forecastOf(soFar(row), terms, now))),
      ...rest.map((row) => itemOf(row, row.kind, ofRest(row, terms, now))),
    ];
    const dated = items.filter((item) => item.expectedAt !== null);
    return {
      asOf: now.toISOString(),
      interval,
      items,
      days: summed(dated, (item) => ({ day: item.expectedAt!.slice(0, 10), currency: item.currency })).sort((a, b) =>
        a.day < b.day ? -1 : 1,
      ),
      undated: summed(
        items.filter((item) => item.expectedAt === null),
        ({ currency }) => ({ currency }),
      ),
    };
  }
}

interface LineRow {
  line_id: string;
  invoice: string;
  product: string;
  description: string;
  dimension: string;
  used_from: Date;
  used_to: Date;
  currency: string;
  amount: string;
}

interface ShareRow extends LineRow {
  due_at: Date;
  paid_at: Date | null;
  is_overdue: boolean;
  is_disputed: boolean;
  released_at: Date | null;
  available_at: Date | null;
  payout_state: PayoutState | null;
  approval: ApprovalState;
  payout_due_at: Date;
  payout_paid_at: Date | null;
}

interface RestRow extends LineRow {
  kind: 'reserve' | 'part';
  at: Date;
}

const soFar = (row: ShareRow): Parameters<typeof forecastOf>[0] => ({
  invoiceDueAt: row.due_at,
  paidAt: row.paid_at,
  isOverdue: row.is_overdue,
  isDisputed: row.is_disputed,
  releasedAt: row.released_at,
  availableAt: row.available_at,
  payout:
    row.payout_state === null
      ? null
      : { state: row.payout_state, approval: row.approval, dueAt: row.payout_due_at, paidAt: row.payout_paid_at },
});

/** It is payable at that time, from the platform's own balance. */
function ofRest({ at, kind }: RestRow, terms: ForecastTerms, now: Date): Forecast {
  if (!terms.hasAccount) return { waitsFor: 'payout_account', expectedAt: null };
  const from = at > now ? at : now;
  return { waitsFor: kind === 'reserve' && at > now ? 'hold' : 'payout', expectedAt: nextRun(from, terms, now) };
}

const itemOf = (row: LineRow, kind: Item['kind'], { waitsFor, expectedAt }: Forecast): Item => ({
  kind,
  lineId: row.line_id,
  invoice: row.invoice,
  product: row.product,
  description: row.description,
  dimension: row.dimension,
  usedFrom: row.used_from.toISOString(),
  usedTo: row.used_to.toISOString(),
  currency: row.currency,
  amountMinor: row.amount,
  waitsFor,
  expectedAt: expectedAt?.toISOString() ?? null,
});

function summed<K extends object>(items: readonly Item[], keyOf: (item: Item) => K): Array<K & { amountMinor: string }> {
  return [...Map.groupBy(items, (item) => JSON.stringify(keyOf(item))).values()].map((own) => ({
    ...keyOf(own[0]!),
    amountMinor: String(own.reduce((sum, item) => sum + BigInt(item.amountMinor), 0n)),
  }));
}
