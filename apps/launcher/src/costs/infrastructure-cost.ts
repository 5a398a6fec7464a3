/**
 * What a subscription's machines have cost at AWS so far: their run intervals at the prices of the hours. AWS charges whoever owns the
 * account; here it is only said. Reads launcher.run_interval, launcher.infrastructure_price and api.subscription.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { missing } from '#domain/errors.ts';
import { amountOf, costOfRuns, inOneCurrency, priceAt, type RunCost } from '#domain/infrastructure.ts';
import { formatRate, type Rate } from '#domain/money.ts';
import { monthOf, type Span } from '#domain/period.ts';
import { hourOf } from '#domain/usage.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';
import type { InfrastructureCostQuery, InfrastructureCostView } from './infrastructure-cost.schema.ts';

const MOST_LISTED = 1_000;
const HOUR_MS = 3_600_000;

interface Ran {
  id: string;
  launchId: string | null;
  region: string;
  instanceType: string;
  state: string;
  ec2InstanceId: string | null;
  startedAt: Date;
  endedAt: Date | null;
  seenAt: Date | null;
}

interface Costed {
  machine: Ran;
  currency: string | null;
  cost: RunCost<InfrastructurePrice>;
  /** The price of this hour, for a machine that runs. */
  perHour: Rate | null;
}

@Injectable()
export class InfrastructureCost {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `missing` for a foreign subscription. */
  async of(caller: Caller, { subscriptionId, launchId, from, to }: InfrastructureCostQuery): Promise<InfrastructureCostView> {
    const mine = caller.kind === 'buyer' ? { buyerId: caller.organizationId } : {};
    const subscription = await this.db.manager.findOneBy(Subscription, { id: subscriptionId, ...mine });
    if (!subscription) throw missing('subscription');
    const now = this.clock.now();
    const span = {
      from: from ?? monthOf(to ?? now).from,
      // The hour that has begun is looked at as far as it has run.
      to: to ?? new Date(hourOf(now).getTime() + HOUR_MS),
    };
    const costed = await this.costed(await this.ran(subscriptionId, launchId, span), subscription.currency, span);
    return {
      subscriptionId,
      from: span.from.toISOString(),
      to: (to ?? now).toISOString(),
      totals: totalsOf(costed),
      unpricedSeconds: String(costed.reduce((sum, { cost }) => sum + cost.unpricedSeconds, 0n)),
      instances: costed.slice(0, MOST_LISTED).map(view),
    };
  }

  /** The runs that overlap the span, those of the newest machine first. */
  private ran(subscriptionId: string, launchId: string | undefined, { from, to }: Span): Promise<Ran[]> {
    return this.db.query(
      `select instance.id, instance.launch_id as "launchId", instance.region, instance.instance_type as "instanceType", instance.state,
              instance.ec2_instance_id as "ec2InstanceId", instance.observed_at as "seenAt",
              run_interval.started_at as "startedAt", run_interval.ended_at as "endedAt"
         from launcher.run_interval
         join launcher.instance on instance.id = run_interval.instance_id
        where run_interval.subscription_id = $1 and ($2::uuid is null or instance.launch_id = $2)
          and run_interval.started_at < $4 and (run_interval.ended_at is null or run_interval.ended_at > $3)
        order by instance.created_at desc, instance.id, run_interval.started_at`,
      [subscriptionId, launchId ?? null, from, to],
    );
  }

  private async costed(ran: Ran[], currency: string, span: Span): Promise<Costed[]> {
    const now = this.clock.now();
    const [regions, types] = [new Set(ran.map((each) => each.region)), new Set(ran.map((each) => each.instanceType))];
    const prices = await this.db.manager.findBy(InfrastructurePrice, {
      kind: 'instance',
      region: In([...regions]),
      type: In([...types]),
    });
    return [...Map.groupBy(ran, (each) => each.id).values()].map((runs) => {
      const machine = runs.at(-1)!;
      const known = inOneCurrency(
        prices.filter((price) => price.region === machine.region && price.type === machine.instanceType),
        currency,
      );
      // As far as it was seen: what ended unseen must not count for time it did not run.
      const seen = runs.map(({ startedAt, endedAt, seenAt }) => ({
        from: startedAt,
        to: earlier(endedAt ?? seenAt ?? startedAt, now),
      }));
      return {
        machine,
        currency: known[0]?.currency ?? null,
        cost: costOfRuns(seen, known, span),
        perHour: machine.endedAt ? null : (priceAt(known, hourOf(now))?.rate ?? null),
      };
    });
  }
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

function totalsOf(costed: Costed[]): InfrastructureCostView['totals'] {
  const byCurrency = Map.groupBy(costed, (each) => each.currency);
  return [...byCurrency].flatMap(([currency, each]) =>
    currency === null
      ? []
      : [
          {
            currency,
            amount: written(each.reduce((sum, { cost }) => sum + cost.exact, 0n)),
            perHour: formatRate(each.reduce((sum, { perHour }) => sum + (perHour ?? 0n), 0n)),
          },
        ],
  );
}

const written = (exact: Rate): string => formatRate(amountOf(exact));

const view = ({ machine, currency, cost, perHour }: Costed): InfrastructureCostView['instances'][number] => ({
  id: machine.id,
  launchId: machine.launchId,
  region: machine.region,
  instanceType: machine.instanceType,
  state: machine.state,
  ec2InstanceId: machine.ec2InstanceId,
  currency,
  amount: written(cost.exact),
  perHour: perHour === null ? null : formatRate(perHour),
  unpricedSeconds: String(cost.unpricedSeconds),
  lines: cost.lines.map(({ price, seconds, exact }) => ({
    seconds: String(seconds),
    rate: formatRate(price.rate),
    amount: written(exact),
    effectiveFrom: price.effectiveFrom.toISOString(),
    source: price.source,
  })),
});
