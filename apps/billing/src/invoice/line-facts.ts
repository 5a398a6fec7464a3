/** What lines depend on beside their charges: redeemed coupons, and what earlier invoices said of the same periods. */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { LineRules, MinimumSoFar } from '#domain/invoice.ts';
import type { Minor, Rate } from '#domain/money.ts';
import type { Coupon as DomainCoupon } from '#domain/pricing/coupon.ts';
import { countsAsSpend, MINIMUM_SPEND } from '#domain/pricing/price.ts';
import { Coupon, CouponRedemption } from '#tables/api/coupon.ts';
import type { Charge } from '#tables/billing/charge.ts';

/** A charge whose exact amount is known. */
export type ExactCharge = Charge & { amount: Rate };

type Rules = LineRules<ExactCharge>;
type Coupons = NonNullable<Rules['coupons']>;

interface EarlierLine {
  period_id: string;
  dimension: string;
  price_version_id: string;
  item: string;
  model: Charge['model'];
  gross: string;
  discount: string;
}

@Injectable()
export class LineFacts {
  async rulesFor(tx: EntityManager, charges: readonly ExactCharge[]): Promise<Rules> {
    // What is found before its period is invoiced is on the same invoice, and discounted as the rest.
    const first = new Set(charges.filter((charge) => charge.revision === 0).map((charge) => charge.periodId));
    const late = charges.filter((charge) => charge.revision > 0 && !first.has(charge.periodId));
    const earlier = late.length === 0 ? [] : await earlierLines(tx, late);
    return {
      segmentOf: (charge) => (charge.isSegment ? `${charge.periodId} ${charge.dimension}` : null),
      coupons: await couponsFor(tx, charges),
      earlier: (charge) => (late.includes(charge) ? sumOf(earlier.filter((line) => keyOfLine(line) === keyOf(charge))) : null),
      minimumOf: (charge) => (charge.model === MINIMUM_SPEND ? charge.periodId : null),
      countsTowards: (charge) => (countsAsSpend(charge.model) ? charge.periodId : null),
      soFar: (periodId) => soFar(earlier.filter((line) => line.period_id === periodId)),
    };
  }
}

/** Of each period that something late is of, the lines that earlier invoices had, summed up. */
const earlierLines = (tx: EntityManager, late: readonly Charge[]): Promise<EarlierLine[]> =>
  tx.query(
    `select charge.period_id, charge.dimension, charge.price_version_id, charge.item, charge.model,
            sum(invoice_line.amount_minor + invoice_line.discount_minor)::text as gross, sum(invoice_line.discount_minor)::text as discount
       from billing.charge join billing.invoice_line on invoice_line.charge_id = charge.id
      where charge.period_id = any($1)
      group by charge.period_id, charge.dimension, charge.price_version_id, charge.item, charge.model`,
    [[...new Set(late.map((charge) => charge.periodId))]],
  );

const keyOf = ({ periodId, dimension, priceVersionId, item }: Charge): string =>
  JSON.stringify([periodId, dimension, priceVersionId, item]);
const keyOfLine = (line: EarlierLine): string =>
  JSON.stringify([line.period_id, line.dimension, line.price_version_id, line.item]);

const sumOf = (lines: readonly EarlierLine[]): { gross: Minor; discount: Minor } => ({
  gross: lines.reduce((sum, line) => sum + BigInt(line.gross), 0n),
  discount: lines.reduce((sum, line) => sum + BigInt(line.discount), 0n),
});

function soFar(lines: readonly EarlierLine[]): MinimumSoFar {
  const spent = sumOf(lines.filter((line) => countsAsSpend(line.model)));
  return { spent: spent.gross - spent.discount, trueUp: sumOf(lines.filter((line) => line.model === MINIMUM_SPEND)).gross };
}

/** Coupons that the charged subscriptions redeemed, and that have invoices left to be taken off. */
async function couponsFor(tx: EntityManager, charges: readonly ExactCharge[]): Promise<Coupons> {
  const subscriptionIds = [...new Set(charges.map((charge) => charge.subscriptionId))];
  const redemptions = await tx.find(CouponRedemption, {
    where: { subscriptionId: In(subscriptionIds) },
    order: { redeemedAt: 'asc', couponId: 'asc', subscriptionId: 'asc' },
  });
  if (redemptions.length === 0) return [];
  const coupons = new Map(
    (await tx.findBy(Coupon, { id: In(redemptions.map(({ couponId }) => couponId)) })).map((coupon) => [coupon.id, coupon]),
  );
  const used = await invoicesOf(tx, redemptions);
  return redemptions.flatMap(({ couponId, subscriptionId }) => {
    const coupon = coupons.get(couponId)!;
    const times = used.get(`${couponId} ${subscriptionId}`) ?? 0;
    if (coupon.invoices !== null && times >= coupon.invoices) return [];
    const isFor = (charge: ExactCharge): boolean =>
      charge.subscriptionId === subscriptionId &&
      (coupon.dimension === null || charge.dimension === coupon.dimension) &&
      (coupon.currency === null || charge.currency === coupon.currency);
    return [{ coupon: domainCoupon(coupon), isFor }];
  });
}

const domainCoupon = ({ id, code, basisPoints, amountMinor, dimension }: Coupon): DomainCoupon => ({
  id,
  code,
  off: amountMinor === null ? { basisPoints: BigInt(basisPoints!) } : { amount: amountMinor },
  dimension,
});

/** How many invoices each redemption was taken off, by coupon and subscription. */
async function invoicesOf(tx: EntityManager, redemptions: readonly CouponRedemption[]): Promise<Map<string, number>> {
  const rows: Array<{ coupon_id: string; subscription_id: string; invoices: number }> = await tx.query(
    `select line_discount.coupon_id, charge.subscription_id, count(distinct invoice_line.invoice_id)::int as invoices
       from billing.line_discount join billing.invoice_line on invoice_line.id = line_discount.line_id
       join billing.charge on charge.id = invoice_line.charge_id
      where line_discount.coupon_id = any($1) and charge.subscription_id = any($2)
      group by line_discount.coupon_id, charge.subscription_id`,
    [redemptions.map(({ couponId }) => couponId), redemptions.map(({ subscriptionId }) => subscriptionId)],
  );
  return new Map(rows.map((row) => [`${row.coupon_id} ${row.subscription_id}`, row.invoices]));
}
