/**
 * What an agreement's machines cost at the cloud, day by day: their runs as launcher saw them, at the prices of the hours. The only
 * reader of launcher's tables.
 */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { amountOf, costOfRuns } from '#domain/infrastructure.ts';
import { dayOf, type Span } from '#domain/period.ts';
import type { DailyCost } from '#domain/pricing/price.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';

const DAY_MS = 86_400_000;

interface Ran {
  instanceId: string;
  region: string;
  instanceType: string;
  from: Date;
  to: Date;
}

@Injectable()
export class Infrastructure {
  /**
   * The exact cost of each UTC day of a period on which something ran, in the currency of the agreement.
   * @throws DomainError `no_infrastructure_cost` where a machine ran without a price: missing is not nothing.
   */
  async costsOf(tx: EntityManager, { id, currency }: Subscription, period: Span): Promise<DailyCost[]> {
    const ran = await runsIn(tx, id, period);
    const prices = await tx.findBy(InfrastructurePrice, {
      kind: 'instance',
      currency,
      region: In([...new Set(ran.map((each) => each.region))]),
      type: In([...new Set(ran.map((each) => each.instanceType))]),
    });
    const machines = [...Map.groupBy(ran, (each) => each.instanceId).values()].map((runs) => ({ runs, ...runs[0]! }));
    return daysIn(period).flatMap((day) => {
      const exact = machines.reduce((sum, { runs, region, instanceType }) => {
        const own = prices.filter((price) => price.region === region && price.type === instanceType);
        const cost = costOfRuns(runs, own, day);
        if (cost.unpricedSeconds > 0n) throw unpriced({ region, instanceType, currency, day });
        return sum + cost.exact;
      }, 0n);
      return exact === 0n ? [] : [{ day: dayOf(day.from), amount: amountOf(exact) }];
    });
  }
}

/** As far as each was seen: what ended unseen must not count for time it did not run. */
const runsIn = (tx: EntityManager, subscriptionId: string, { from, to }: Span): Promise<Ran[]> =>
  tx.query(
    `select run_interval.instance_id as "instanceId", instance.region, instance.instance_type as "instanceType", run_interval.started_at as "from",
            coalesce(run_interval.ended_at, instance.observed_at, run_interval.started_at) as "to"
       from launcher.run_interval join launcher.instance on instance.id = run_interval.instance_id
      where run_interval.subscription_id = $1 and run_interval.started_at < $3
        and (run_interval.ended_at is null or run_interval.ended_at > $2)
      order by run_interval.instance_id, run_interval.started_at`,
    [subscriptionId, from, to],
  );

/** Whole UTC days; the first and the last as far as the month goes. */
function daysIn({ from, to }: Span): Span[] {
  const days: Span[] = [];
  const first = Math.floor(from.getTime() / DAY_MS) * DAY_MS;
  for (let start = first; start < to.getTime(); start += DAY_MS)
    days.push({ from: new Date(start), to: new Date(start + DAY_MS) });
  return days;
}

const unpriced = (what: { region: string; instanceType: string; currency: string; day: Span }): DomainError =>
  new DomainError(
    'unavailable',
    'no_infrastructure_cost',
    `A ${what.instanceType} ran in ${what.region} on ${dayOf(what.day.from)}, and its price in ${what.currency} is not known: import it.`,
  );
