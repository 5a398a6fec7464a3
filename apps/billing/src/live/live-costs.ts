/**
 * What a subscription has come to and is on no invoice yet, asked at any moment: rated by what rates a period at its close, from what has
 * been used up to now. Nothing is kept.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { missing } from '#domain/errors.ts';
import { formatRate, type Rate } from '#domain/money.ts';
import { periodsOf, type Span } from '#domain/period.ts';
import {
  byTag,
  dueOf,
  missingSpend,
  partsOf,
  type AttributedUsage,
  type CostPart,
  type Tags,
} from '#domain/pricing/attribution.ts';
import { MINIMUM_SPEND, type RatedCharge } from '#domain/pricing/price.ts';
import { hourOf } from '#domain/usage.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Period } from '#tables/billing/period.ts';
import { Agreements, type PricedAgreement } from '../rate/agreements.ts';
import { storedPart } from '../rate/charge-rows.ts';
import { Infrastructure, type Machine, type MachineCosts } from '../rate/infrastructure.ts';
import { Rater } from '../rate/rater.ts';
import type { AccruedLineView, AccruedPeriodView, LiveCostView } from './live-costs.schema.ts';
import { LiveUsage } from './live-usage.ts';

const HOUR_MS = 3_600_000;

type Charge = RatedCharge<AttributedUsage>;

@Injectable()
export class LiveCosts {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly agreements: Agreements,
    private readonly usage: LiveUsage,
    private readonly rater: Rater,
    private readonly infrastructure: Infrastructure,
  ) {}

  /**
   * The buyer's own subscription, or any for the operator.
   * @throws DomainError `missing` for a foreign one; `no_price`, `negative_quantity`, `no_infrastructure_cost` as at the close.
   */
  async of(caller: Caller, subscriptionId: string): Promise<LiveCostView> {
    const mine = caller.kind === 'buyer' ? { buyerId: caller.organizationId } : {};
    const tx = this.db.manager;
    const subscription = await tx.findOneBy(Subscription, { id: subscriptionId, ...mine });
    if (!subscription) throw missing('subscription');
    const now = this.clock.now();
    const priced = await this.agreements.of(tx, subscription);
    const periods: AccruedPeriodView[] = [];
    for (const period of await this.uninvoiced(tx, subscription))
      periods.push(await this.accrued(tx, subscription, priced, period));
    const seenAt = await this.infrastructure.seenAt(tx, subscriptionId);
    return {
      subscriptionId,
      currency: subscription.currency,
      asOf: (seenAt !== null && seenAt < now ? seenAt : now).toISOString(),
      periods,
    };
  }

  private async uninvoiced(tx: EntityManager, { id, startedAt, endedAt }: Subscription): Promise<Span[]> {
    const invoiced = await tx.findBy(Period, { subscriptionId: id, state: 'invoiced' });
    const ends = new Set(invoiced.map((period) => period.endsAt.getTime()));
    return periodsOf({ startedAt, endedAt, until: this.clock.now() }).filter(({ to }) => !ends.has(to.getTime()));
  }

  private async accrued(
    tx: EntityManager,
    subscription: Subscription,
    priced: PricedAgreement,
    period: Span,
  ): Promise<AccruedPeriodView> {
    const now = this.clock.now();
    const span = { from: period.from, to: period.to < now ? period.to : now };
    const usage = await this.usage.of(tx, subscription, period, priced.versions);
    const charges = await this.rater.rateSpan<AttributedUsage>(tx, subscription, { priced, span, usage });
    const costs = await this.infrastructure.costByMachine(tx, subscription, wholeHours(span));
    const software = [
      ...charges.filter(({ model }) => model !== MINIMUM_SPEND).flatMap(partsOf),
      { dimension: MINIMUM_SPEND, instanceId: null, tags: {}, amount: missingSpend(charges) },
    ].filter(({ amount }) => amount !== 0n);
    const cloud = costs.machines.map(({ instanceId, amount }) => ({ dimension: '', instanceId, tags: {}, amount }));
    const ids = new Set([...software, ...cloud].flatMap(({ instanceId }) => instanceId ?? []));
    const machines = await this.infrastructure.machines(tx, [...ids]);
    return {
      from: span.from.toISOString(),
      to: span.to.toISOString(),
      software: {
        amount: total(software),
        missingSpend: formatRate(missingSpend(charges)),
        lines: charges.filter(({ model }) => model !== MINIMUM_SPEND).map(lineView),
      },
      infrastructure: {
        currency: costs.currency,
        amount: total(cloud),
        unpricedSeconds: String(costs.machines.reduce((sum, { unpricedSeconds }) => sum + unpricedSeconds, 0n)),
      },
      instances: instancesOf(machines, software, costs),
      tags: tagsOf(withTags(software, machines), withTags(cloud, machines)),
    };
  }
}

/** Prices of infrastructure are by the hour; the one that has begun is looked at as far as it has run. */
const wholeHours = ({ from, to }: Span): Span => ({
  from: hourOf(from),
  to: new Date(Math.ceil(to.getTime() / HOUR_MS) * HOUR_MS),
});

const total = (parts: ReadonlyArray<{ amount: Rate }>): string => formatRate(parts.reduce((sum, { amount }) => sum + amount, 0n));

const lineView = (charge: Charge): AccruedLineView => ({
  dimension: charge.dimension,
  model: charge.model,
  description: charge.description,
  unit: charge.unit,
  priceVersionId: charge.priceVersionId,
  quantity: String(charge.quantity),
  unitSize: String(charge.unitSize),
  rate: charge.rate === null ? null : formatRate(charge.rate),
  parts: charge.parts.map(storedPart),
  amount: formatRate(dueOf(charge)),
});

function instancesOf(
  machines: readonly Machine[],
  software: readonly CostPart[],
  costs: MachineCosts,
): AccruedPeriodView['instances'] {
  const nobody = software.some(({ instanceId }) => instanceId === null)
    ? [{ id: null, ec2InstanceId: null, region: null, instanceType: null }]
    : [];
  return [...machines, ...nobody].map(({ id, ec2InstanceId, region, instanceType }) => {
    const own = software.filter(({ instanceId }) => instanceId === id);
    const dimensions = [...Map.groupBy(own, ({ dimension }) => dimension)].map(([dimension, some]) => [dimension, total(some)]);
    return {
      id,
      ec2InstanceId,
      region,
      instanceType,
      software: total(own),
      dimensions: Object.fromEntries(dimensions) as Record<string, string>,
      infrastructure: total(costs.machines.filter(({ instanceId }) => instanceId === id)),
    };
  });
}

/** The tags of the use, and of the machine's launch or fleet where the use says nothing else. */
function withTags(parts: readonly CostPart[], machines: readonly Machine[]): CostPart[] {
  const tags = new Map<string | null, Tags>(machines.map((machine) => [machine.id, machine.tags]));
  return parts.map((part) => ({ ...part, tags: { ...tags.get(part.instanceId), ...part.tags } }));
}

function tagsOf(software: readonly CostPart[], cloud: readonly CostPart[]): AccruedPeriodView['tags'] {
  const zero = (parts: readonly CostPart[]): CostPart[] => parts.map((part) => ({ ...part, amount: 0n }));
  // Both have the same keys and values, so that a tag that only one of them has is zero in the other.
  const paid = byTag([...software, ...zero(cloud)]);
  const ran = byTag([...zero(software), ...cloud]);
  return paid.map(({ key, value, amount }, index) => ({
    key,
    value,
    software: formatRate(amount),
    infrastructure: formatRate(ran[index]!.amount),
  }));
}
