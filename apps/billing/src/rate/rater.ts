/** Loads what a period is rated from, and rates it: from what is known now, or from what was kept when it was rated. */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { parseRate } from '#domain/money.ts';
import type { Span } from '#domain/period.ts';
import { lateCharges } from '#domain/pricing/late.ts';
import type { DailyCost, DailyUsage, RatedCharge } from '#domain/pricing/price.ts';
import { ratePeriod } from '#domain/pricing/rate-period.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { Charge, ChargeSource } from '#tables/billing/charge.ts';
import type { Period } from '#tables/billing/period.ts';
import { Agreements, type PricedAgreement } from './agreements.ts';
import { billedOf, type BilledRow, type Rated } from './charge-rows.ts';
import { Infrastructure } from './infrastructure.ts';
import { Metered, type UsageSource } from './metered.ts';

/** All that a period is rated from beside the agreement itself. */
export interface Facts<U extends DailyUsage> {
  usage: readonly U[];
  /** By dimension: used in all periods before. */
  usedBefore: Record<string, string>;
  infrastructure: DailyCost[] | null;
}

export interface RatedPeriod {
  charges: Rated[];
  ratedFrom: Period['ratedFrom'];
}

/** A period to be rated, at the prices of its agreement. */
export interface Rating {
  period: Period;
  subscription: Subscription;
  priced: PricedAgreement;
}

@Injectable()
export class Rater {
  constructor(
    private readonly agreements: Agreements,
    private readonly metered: Metered,
    private readonly infrastructure: Infrastructure,
  ) {}

  /** From what metering and launcher say now. @throws DomainError `no_price`, `negative_quantity`, `no_infrastructure_cost` */
  async rate(tx: EntityManager, period: Period, subscription: Subscription): Promise<RatedPeriod> {
    const [rated] = await this.rateEach(tx, [{ period, subscription, priced: await this.agreements.of(tx, subscription) }]);
    return rated!;
  }

  /** The same of many periods, in their order. */
  async rateEach(tx: EntityManager, wanted: readonly Rating[]): Promise<RatedPeriod[]> {
    const usages = await this.metered.usageOfEach(
      wanted.map(({ period }) => ({ subscriptionId: period.subscriptionId, span: spanOf(period) })),
    );
    const rated: RatedPeriod[] = [];
    for (const [index, { period, subscription, priced }] of wanted.entries()) {
      const facts = await this.factsOf(tx, subscription, priced, spanOf(period));
      const charges = rateFrom(spanOf(period), priced, { usage: usages[index]!, ...facts });
      rated.push({ charges, ratedFrom: Object.keys(facts.usedBefore).length > 0 ? { usedBefore: facts.usedBefore } : {} });
    }
    return rated;
  }

  /**
   * What a span of a month that may not be over has come to, from usage that is given.
   * @throws DomainError as `rate`
   */
  async rateSpan<U extends DailyUsage>(
    tx: EntityManager,
    subscription: Subscription,
    { priced, span, usage }: { priced: PricedAgreement; span: Span; usage: readonly U[] },
  ): Promise<RatedCharge<U>[]> {
    return rateFrom(span, priced, { usage, ...(await this.factsOf(tx, subscription, priced, span)) });
  }

  /** What else a span is rated from: what was used before it, where a trial is of a quantity, and costs at the cloud, where a price asks. */
  async factsOf(
    tx: EntityManager,
    subscription: Subscription,
    priced: PricedAgreement,
    span: Span,
  ): Promise<Omit<Facts<DailyUsage>, 'usage'>> {
    const usedBefore: Record<string, string> = {};
    for (const dimension of trialDimensions(priced))
      usedBefore[dimension] = String(await this.metered.usedBefore(subscription.id, dimension, span.from));
    const infrastructure = sharesInfrastructure(priced) ? await this.infrastructure.costsOf(tx, subscription, span) : null;
    return { usedBefore, infrastructure };
  }

  /**
   * From the daily sums and costs that were kept with its charges: the same charges as then, whatever was corrected since.
   * @param revision 0 for what the period was rated to, higher for what was found later.
   */
  async rateAgain(tx: EntityManager, period: Period, subscription: Subscription, revision = 0): Promise<Rated[]> {
    const priced = await this.agreements.of(tx, subscription);
    const kept = (await billedRows(tx, period.id)).filter(({ charge }) => charge.revision <= revision);
    const costs = kept.flatMap(({ charge }) => charge.costs.map(({ day, amount }) => ({ day, amount: parseRate(amount) })));
    const charges = rateFrom(spanOf(period), priced, {
      usage: knownUsage(kept),
      usedBefore: period.ratedFrom.usedBefore ?? {},
      infrastructure: sharesInfrastructure(priced) ? onceADay(costs) : null,
    });
    if (revision === 0) return charges;
    return lateCharges<UsageSource>(charges, billedOf(kept.filter(({ charge }) => charge.revision < revision)));
  }
}

/** The daily sums as they stood: what was kept first, and by how much each later revision differed, with the newest proof. */
function knownUsage(kept: readonly BilledRow[]): UsageSource[] {
  const all = kept.flatMap(({ charge, sources }) =>
    sources.map(({ day, quantity, rowsSha }) => ({ day, dimension: charge.dimension, quantity, proof: rowsSha })),
  );
  return [...Map.groupBy(all, ({ dimension, day }) => `${dimension} ${day}`).values()]
    .map((own) => ({ ...own.at(-1)!, quantity: own.reduce((sum, { quantity }) => sum + quantity, 0n) }))
    .sort(byDimensionAndDay);
}

/** The charges of a period with their daily sums, in the order of their revisions. */
export async function billedRows(tx: EntityManager, periodId: string): Promise<BilledRow[]> {
  const charges = await tx.find(Charge, { where: { periodId }, order: { revision: 'asc', ordinal: 'asc' } });
  const sources = Map.groupBy(
    await tx.find(ChargeSource, { where: { chargeId: In(charges.map((charge) => charge.id)) }, order: { day: 'asc' } }),
    (source) => source.chargeId,
  );
  return charges.map((charge) => ({ charge, sources: sources.get(charge.id) ?? [] }));
}

const spanOf = ({ startsAt, endsAt }: Period): Span => ({ from: startsAt, to: endsAt });

const rateFrom = <U extends DailyUsage>(
  period: Span,
  { agreement, versions }: PricedAgreement,
  facts: Facts<U>,
): RatedCharge<U>[] =>
  ratePeriod<U>({
    period,
    agreement,
    versions,
    usage: facts.usage,
    usedBefore: (dimension) => BigInt(facts.usedBefore[dimension] ?? 0),
    infrastructure: facts.infrastructure,
  });

const trialDimensions = ({ agreement: { trial } }: PricedAgreement): string[] =>
  trial !== null && 'dimension' in trial.of ? [trial.of.dimension] : [];

export const sharesInfrastructure = ({ versions }: PricedAgreement): boolean =>
  versions.some((version) => version.prices.some((price) => price.model === 'infrastructure'));

/** Two versions of a price in one period have each kept their own days, and a later revision all of them again. */
const onceADay = (costs: readonly DailyCost[]): DailyCost[] => [...new Map(costs.map((cost) => [cost.day, cost])).values()];

const byDimensionAndDay = (a: UsageSource, b: UsageSource): number => compare(a.dimension, b.dimension) || compare(a.day, b.day);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
