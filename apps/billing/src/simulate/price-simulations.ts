/**
 * What a vendor's proposed prices would have come to over the last 90 days of real usage, for each buyer and in all, before anybody is
 * told of them. Nothing is written.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { Span } from '#domain/period.ts';
import { changeOf, earliestFrom } from '#domain/pricing/change.ts';
import type { PriceVersion } from '#domain/pricing/price.ts';
import { monthsIn, simulate, windowBefore, type SimulatedLine, type SimulatedMonth } from '#domain/pricing/simulation.ts';
import { versionAt } from '#domain/pricing/versions.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { listOf } from '#platform/price-list.schema.ts';
import { Organization } from '#tables/api/organization.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Agreements, type PricedAgreement } from '../rate/agreements.ts';
import { Metered } from '../rate/metered.ts';
import { Rater } from '../rate/rater.ts';
import type { NewPriceSimulation, PriceSimulationView } from './price-simulations.schema.ts';

const MOST_BUYERS = 200;
const SUBSCRIPTIONS_AT_ONCE = 500;

interface Simulated {
  buyerId: string;
  lines: SimulatedLine[];
}

@Injectable()
export class PriceSimulations {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly agreements: Agreements,
    private readonly metered: Metered,
    private readonly rater: Rater,
  ) {}

  /**
   * @throws DomainError `missing` for a foreign offer; `other_prices`, `nothing_changes` as when they are announced; `no_price`,
   *   `negative_quantity`, `no_infrastructure_cost` as when a month is rated.
   */
  async run(caller: Caller, given: NewPriceSimulation): Promise<PriceSimulationView> {
    const tx = this.db.manager;
    const { offerId } = given;
    const currency = await ownOffer(tx, caller, offerId);
    const now = this.clock.now();
    const window = windowBefore(now);
    const { versions } = await this.agreements.ofAll(tx, offerId, []);
    const inForce = versionAt(versions, now);
    const proposed: PriceVersion = { id: newId(), effectiveFrom: now, ...listOf(given) };
    const change = changeOf(inForce, proposed);
    const simulated = await this.simulated(tx, { offerId, window, versions, proposed });
    const buyers = [...Map.groupBy(simulated, ({ buyerId }) => buyerId)].map(([buyerId, own]) => ({
      buyerId,
      subscriptions: own.length,
      lines: merged(own.flatMap(({ lines }) => lines)),
    }));
    const most = buyers.sort((a, b) => descending(magnitude(a.lines), magnitude(b.lines))).slice(0, MOST_BUYERS);
    const names = await tx.findBy(Organization, { id: In(most.map(({ buyerId }) => buyerId)) });
    const all = merged(buyers.flatMap(({ lines }) => lines));
    return {
      offerId,
      currency,
      from: window.from.toISOString(),
      to: window.to.toISOString(),
      change,
      earliestFrom: earliestFrom(change, { now, newest: inForce.effectiveFrom }).toISOString(),
      ...amountsOf(all),
      lines: all.map(lineView),
      buyers: most.map(({ buyerId, subscriptions, lines }) => ({
        buyerId,
        name: names.find(({ id }) => id === buyerId)?.name ?? buyerId,
        subscriptions,
        ...amountsOf(lines),
        lines: lines.map(lineView),
      })),
      buyersInAll: buyers.length,
    };
  }

  private async simulated(
    tx: EntityManager,
    { offerId, window, versions, proposed }: { offerId: string; window: Span; versions: PriceVersion[]; proposed: PriceVersion },
  ): Promise<Simulated[]> {
    const all = await subscriptionsIn(tx, offerId, window);
    const simulated: Simulated[] = [];
    for (let done = 0; done < all.length; done += SUBSCRIPTIONS_AT_ONCE) {
      const some = all.slice(done, done + SUBSCRIPTIONS_AT_ONCE);
      const { agreements } = await this.agreements.ofAll(tx, offerId, some);
      const usage = await this.metered.usageOfAll(
        some.map(({ id }) => id),
        window,
      );
      for (const subscription of some) {
        const agreement = agreements.get(subscription.id)!;
        const months = await this.months(tx, subscription, { agreement, versions: [...versions, proposed] }, window);
        const lines = simulate({ agreement, months, usage: usage.get(subscription.id) ?? [], versions, proposed });
        simulated.push({ buyerId: subscription.buyerId, lines });
      }
    }
    return simulated;
  }

  private async months(
    tx: EntityManager,
    subscription: Subscription,
    priced: PricedAgreement,
    window: Span,
  ): Promise<SimulatedMonth[]> {
    const months: SimulatedMonth[] = [];
    for (const span of monthsIn(subscription, window)) {
      const { usedBefore, infrastructure } = await this.rater.factsOf(tx, subscription, priced, span);
      months.push({ span, infrastructure, usedBefore: (dimension) => BigInt(usedBefore[dimension] ?? 0) });
    }
    return months;
  }
}

/** @returns its currency. @throws DomainError `missing`, also when it is another vendor's. */
async function ownOffer(tx: EntityManager, caller: Caller, id: string): Promise<string> {
  const [offer]: Array<{ currency: string }> = await tx.query(
    `select offer.currency from api.offer join api.product on product.id = offer.product_id
      where offer.id = $1 and product.vendor_id = $2`,
    [id, caller.organizationId],
  );
  if (!offer) throw missing('offer');
  return offer.currency;
}

const subscriptionsIn = (tx: EntityManager, offerId: string, { from, to }: Span): Promise<Subscription[]> =>
  tx
    .createQueryBuilder(Subscription, 'subscription')
    .where('subscription.offer_id = :offerId and subscription.started_at < :to', { offerId, to })
    .andWhere('(subscription.ended_at is null or subscription.ended_at > :from)', { from })
    .orderBy('subscription.id')
    .getMany();

/** By dimension. */
/** By dimension, as the lines of one subscription are. */
const merged = (lines: readonly SimulatedLine[]): SimulatedLine[] =>
  [...Map.groupBy(lines, ({ dimension }) => dimension).values()]
    .map((own) => ({
      ...own[0]!,
      quantity: own.reduce((sum, { quantity }) => sum + quantity, 0n),
      before: own.reduce((sum, { before }) => sum + before, 0n),
      after: own.reduce((sum, { after }) => sum + after, 0n),
    }))
    .sort((a, b) => (a.dimension < b.dimension ? -1 : 1));

const descending = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);

function magnitude(lines: readonly SimulatedLine[]): bigint {
  const difference = lines.reduce((sum, { before, after }) => sum + after - before, 0n);
  return difference < 0n ? -difference : difference;
}

function amountsOf(
  lines: ReadonlyArray<Pick<SimulatedLine, 'before' | 'after'>>,
): Pick<PriceSimulationView, 'beforeMinor' | 'afterMinor' | 'differenceMinor'> {
  const before = lines.reduce((sum, line) => sum + line.before, 0n);
  const after = lines.reduce((sum, line) => sum + line.after, 0n);
  return { beforeMinor: String(before), afterMinor: String(after), differenceMinor: String(after - before) };
}

const lineView = (line: SimulatedLine): PriceSimulationView['lines'][number] => ({
  dimension: line.dimension,
  description: line.description,
  quantity: String(line.quantity),
  ...amountsOf([line]),
});
