/** What fees depend on beside rules: what a line's agreement is, when its period began, the vendor's volume, and what its machines cost the platform. */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { ruleFor, type FeeCase } from '#domain/fees/rule.ts';
import { percentOf, type Beneficiary } from '#domain/fees/terms.ts';
import type { FeeOfLine } from '#domain/invoice.ts';
import { toMinor, type Minor } from '#domain/money.ts';
import { monthOf } from '#domain/period.ts';
import { allocate } from '#domain/split.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Period } from '#tables/billing/period.ts';
import { BillingConfig } from '../config.ts';
import type { ExactCharge } from '../invoice/line-facts.ts';
import { Infrastructure } from '../rate/infrastructure.ts';
import { feeRulesIn } from './fee-rules.ts';

type FeeOf = (charge: ExactCharge) => FeeOfLine | null;

@Injectable()
export class FeeFacts {
  constructor(
    private readonly config: BillingConfig,
    private readonly infrastructure: Infrastructure,
  ) {}

  /** A line is charged by the version that held when its period began, also one that is found later. */
  async feesFor(tx: EntityManager, charges: readonly ExactCharge[]): Promise<FeeOf> {
    if (charges.length === 0) return () => null;
    const rules = await feeRulesIn(tx);
    const agreed = await agreedIn(tx, charges);
    if (rules.length === 0 && ![...agreed.values()].some((each) => each.reseller)) return () => null;
    const periods = await tx.findBy(Period, { id: In([...new Set(charges.map((charge) => charge.periodId))]) });
    const byId = new Map(periods.map((period) => [period.id, period]));
    const volumes = rules.some((rule) => rule.volumeFromMinor !== null) ? await volumesOf(tx, charges, byId) : new Map();
    const fees = new Map<ExactCharge, FeeOfLine>();
    for (const charge of charges) {
      const period = byId.get(charge.periodId)!;
      const own = agreed.get(charge.subscriptionId)!;
      const found = ruleFor(rules, caseOf(charge, own, volumes.get(volumeKey(charge, period)) ?? 0n), period.startsAt)?.version;
      if (!found && !own.reseller) continue;
      fees.set(charge, {
        ruleVersionId: found?.id ?? null,
        product: charge.productId,
        terms: found?.terms ?? percentOf(this.config.FEE_BASIS_POINTS),
        infrastructureMinor: 0n,
        reseller: own.reseller,
      });
    }
    await this.addCosts(tx, fees, byId);
    return (charge) => fees.get(charge) ?? null;
  }

  /** Of machines in the platform's own account, which the platform pays for: over the lines of their agreement and period by amount. */
  private async addCosts(tx: EntityManager, fees: Map<ExactCharge, FeeOfLine>, periods: Map<string, Period>): Promise<void> {
    const asked = [...fees].filter(([charge, fee]) => fee.terms.model === 'devpay' && charge.revision === 0);
    for (const [periodId, own] of Map.groupBy(asked, ([charge]) => charge.periodId)) {
      const { startsAt, endsAt, subscriptionId } = periods.get(periodId)!;
      const subscription = await tx.findOneByOrFail(Subscription, { id: subscriptionId });
      const span = { from: startsAt, to: endsAt };
      const days = await this.infrastructure.costsOf(tx, subscription, span, { isPlatforms: true });
      const cost = toMinor(
        days.reduce((sum, day) => sum + day.amount, 0n),
        subscription.currency,
      );
      const weights = own.map(([{ amount, currency, unitSize }]) => {
        const gross = toMinor(amount, currency, unitSize);
        return gross > 0n ? gross : 0n;
      });
      if (weights.every((weight) => weight === 0n)) continue;
      const parts = allocate(cost, weights);
      for (const [index, [charge, fee]] of own.entries()) fees.set(charge, { ...fee, infrastructureMinor: parts[index]! });
    }
  }
}

interface Agreed {
  kind: FeeCase['offerKind'];
  category: string | null;
  reseller: Beneficiary | null;
}

const caseOf = (
  { productId, vendorId, currency }: ExactCharge,
  { kind, category, reseller }: Agreed,
  volumeMinor: Minor,
): FeeCase => ({
  productId,
  vendorId,
  category,
  offerKind: kind,
  isResale: reseller !== null,
  volumeMinor,
  currency,
});

/** By subscription. */
async function agreedIn(tx: EntityManager, charges: readonly ExactCharge[]): Promise<Map<string, Agreed>> {
  const rows: Array<Agreed & { id: string }> = await tx.query(
    `select subscription.id, offer.kind, listing.category,
            case when offer.reseller_id is not null then json_build_object('organizationId', offer.reseller_id, 'basisPoints', offer.reseller_basis_points) end as reseller
       from api.subscription join api.offer on offer.id = subscription.offer_id
       left join api.listing on listing.product_id = subscription.product_id where subscription.id = any($1)`,
    [[...new Set(charges.map((charge) => charge.subscriptionId))]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

const volumeKey = ({ vendorId, currency }: ExactCharge, { startsAt }: Period): string =>
  `${vendorId} ${currency} ${monthOf(startsAt).from.toISOString()}`;

/** What each vendor was invoiced for, net of discounts, in the twelve months before the month of a period. */
async function volumesOf(
  tx: EntityManager,
  charges: readonly ExactCharge[],
  periods: Map<string, Period>,
): Promise<Map<string, Minor>> {
  const volumes = new Map<string, Minor>();
  for (const charge of charges) {
    const key = volumeKey(charge, periods.get(charge.periodId)!);
    if (volumes.has(key)) continue;
    const until = monthOf(periods.get(charge.periodId)!.startsAt).from;
    const [row] = await tx.query(
      `select coalesce(sum(invoice_line.amount_minor), 0)::text as volume from billing.invoice_line
         join billing.invoice on invoice.id = invoice_line.invoice_id
        where invoice_line.vendor_id = $1 and invoice.currency = $2 and invoice.period_end <= $3 and invoice.period_end > $3::timestamptz - interval '12 months'`,
      [charge.vendorId, charge.currency, until],
    );
    volumes.set(key, BigInt(row.volume));
  }
  return volumes;
}
