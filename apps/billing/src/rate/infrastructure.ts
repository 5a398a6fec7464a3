/**
 * What an agreement's machines cost at the cloud, day by day or each: their runs as launcher saw them, at the prices of the hours. The
 * only reader of launcher's tables.
 */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { amountOf, costOfRuns, inOneCurrency } from '#domain/infrastructure.ts';
import type { Rate } from '#domain/money.ts';
import { dayOf, type Span } from '#domain/period.ts';
import type { Tags } from '#domain/pricing/attribution.ts';
import type { DailyCost } from '#domain/pricing/price.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';

const DAY_MS = 86_400_000;

/** A run of a machine, as far as it was seen. */
export interface Ran {
  instanceId: string;
  region: string;
  instanceType: string;
  /** In the platform's account, and not in the buyer's. */
  isPlatforms: boolean;
  from: Date;
  to: Date;
}

export interface Machine {
  id: string;
  ec2InstanceId: string | null;
  region: string;
  instanceType: string;
  /** The buyer's, for cost allocation. */
  tags: Tags;
}

export interface MachineCosts {
  currency: string;
  machines: Array<{ instanceId: string; amount: Rate; unpricedSeconds: bigint }>;
}

@Injectable()
export class Infrastructure {
  /**
   * The exact cost of each UTC day of a period on which something ran, in the currency of the agreement.
   * @param isPlatforms only machines in the platform's own account
   * @throws DomainError `no_infrastructure_cost` where a machine ran without a price: missing is not nothing.
   */
  async costsOf(
    tx: EntityManager,
    { id, currency }: Subscription,
    period: Span,
    { isPlatforms = false } = {},
  ): Promise<DailyCost[]> {
    const ran = (await this.runs(tx, id, period)).filter((run) => !isPlatforms || run.isPlatforms);
    const prices = (await pricesOf(tx, ran)).filter((price) => price.currency === currency);
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

  /** What each machine has cost in whole hours of a span; in the agreement's currency where prices are in it, else in one other. */
  async costByMachine(tx: EntityManager, { id, currency }: Subscription, span: Span): Promise<MachineCosts> {
    const ran = await this.runs(tx, id, span);
    const prices = inOneCurrency(await pricesOf(tx, ran), currency);
    const machines = [...Map.groupBy(ran, (each) => each.instanceId)].map(([instanceId, runs]) => {
      const { region, instanceType } = runs[0]!;
      const own = prices.filter((price) => price.region === region && price.type === instanceType);
      const { exact, unpricedSeconds } = costOfRuns(runs, own, span);
      return { instanceId, amount: amountOf(exact), unpricedSeconds };
    });
    return { currency: prices[0]?.currency ?? currency, machines };
  }

  /** As far as each was seen: what ended unseen must not count for time it did not run. */
  runs(tx: EntityManager, subscriptionId: string, { from, to }: Span): Promise<Ran[]> {
    return tx.query(
      `select run_interval.instance_id as "instanceId", instance.region, instance.instance_type as "instanceType",
              instance.aws_connection_id is null and instance.origin = 'launched' as "isPlatforms", run_interval.started_at as "from",
              coalesce(run_interval.ended_at, instance.observed_at, run_interval.started_at) as "to"
         from launcher.run_interval join launcher.instance on instance.id = run_interval.instance_id
        where run_interval.subscription_id = $1 and run_interval.started_at < $3
          and (run_interval.ended_at is null or run_interval.ended_at > $2)
        order by run_interval.instance_id, run_interval.started_at`,
      [subscriptionId, from, to],
    );
  }

  /** What the machines are, and the tags that their launch or fleet was given. */
  machines(tx: EntityManager, ids: readonly string[]): Promise<Machine[]> {
    return tx.query(
      `select instance.id, instance.ec2_instance_id as "ec2InstanceId", instance.region, instance.instance_type as "instanceType",
              coalesce(launch.tags, fleet.tags, '{}') as tags
         from launcher.instance
         left join api.launch on launch.id = instance.launch_id
         left join api.fleet on fleet.id = instance.fleet_id
        where instance.id = any($1) order by instance.created_at, instance.id`,
      [ids],
    );
  }

  /** When the machine that was not looked at for longest was last seen; null where none runs. */
  async seenAt(tx: EntityManager, subscriptionId: string): Promise<Date | null> {
    const [row]: Array<{ seen: Date | null }> = await tx.query(
      `select min(instance.observed_at) as seen from launcher.run_interval join launcher.instance on instance.id = run_interval.instance_id
        where run_interval.subscription_id = $1 and run_interval.ended_at is null`,
      [subscriptionId],
    );
    return row!.seen;
  }
}

const pricesOf = (tx: EntityManager, ran: readonly Ran[]): Promise<InfrastructurePrice[]> =>
  tx.findBy(InfrastructurePrice, {
    kind: 'instance',
    region: In([...new Set(ran.map((each) => each.region))]),
    type: In([...new Set(ran.map((each) => each.instanceType))]),
  });

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
