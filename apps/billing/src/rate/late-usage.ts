/**
 * Usage that came or was corrected after its period was rated: becomes charges of that period, which go on the buyer's next invoice and
 * name the days that they are of (docs/MONEY.md, "Late usage").
 */
import { Injectable } from '@nestjs/common';
import { In, LessThanOrEqual, MoreThan, Not, type EntityManager } from 'typeorm';
import { lateCharges } from '#domain/pricing/late.ts';
import { Clock } from '#platform/clock.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { Charge, ChargeSource } from '#tables/billing/charge.ts';
import { Period } from '#tables/billing/period.ts';
import { BillingConfig } from '../config.ts';
import { Agreements, type PricedAgreement } from './agreements.ts';
import { billedOf, rowsOf } from './charge-rows.ts';
import { Metered, type UsageSource } from './metered.ts';
import { billedRows, Rater, sharesInfrastructure, type Rating } from './rater.ts';

const DAY_MS = 86_400_000;
/** EC2 tells of a run within days; two months are enough. */
const RUNS_DAYS = 62;
/** Sums are dated by metering's clock, which may be behind ours. */
const SLACK_MS = 3_600_000;

@Injectable()
export class LateUsage {
  constructor(
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly metered: Metered,
    private readonly agreements: Agreements,
    private readonly rater: Rater,
  ) {}

  /**
   * Charges what the rated periods of a subscription now come to beyond what was charged of them.
   * @param before periods that had ended by then.
   * @param checkedAt when they were last looked at, if later than the last of them was rated.
   * @returns how many charges were made.
   */
  async charge(
    tx: EntityManager,
    subscription: Subscription,
    { before, checkedAt = null }: { before: Date; checkedAt?: Date | null },
  ): Promise<number> {
    // Two periods of one subscription that are rated at once must not both find the same.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`late:${subscription.id}`]);
    const periods = await tx.find(Period, {
      where: {
        subscriptionId: subscription.id,
        endsAt: LessThanOrEqual(before),
        startsAt: MoreThan(this.oldest()),
        state: Not('open'),
      },
      order: { startsAt: 'asc' },
    });
    if (periods.length === 0) return 0;
    const priced = await this.agreements.of(tx, subscription);
    const from = await this.firstChanged(tx, periods, priced, checkedAt);
    let made = 0;
    if (from === null) return made;
    for (const period of periods) if (period.endsAt > from) made += await this.chargePeriod(tx, period, subscription);
    return made;
  }

  /** The same before each of many periods, of which most have nothing to be found late. */
  async chargeEach(tx: EntityManager, wanted: readonly Rating[]): Promise<void> {
    const own = new Map(wanted.map((rating) => [rating.subscription.id, rating]));
    const ids = [...own.keys()].sort();
    // Two periods of one subscription that are rated at once must not both find the same.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('late:' || id, 0)) from unnest($1::text[]) as id`, [ids]);
    const suspects = await this.suspects(tx, own);
    for (const { subscription, period } of suspects) await this.charge(tx, subscription, { before: period.startsAt });
  }

  /** Of which a day was summed up since its month was rated, or of which nothing says so. */
  private async suspects(tx: EntityManager, own: ReadonlyMap<string, Rating>): Promise<Rating[]> {
    const rows: Array<{ id: string; from: Date; to: Date; rated: Date | null }> = await tx.query(
      `select period.subscription_id as id, min(period.starts_at) as "from", max(period.ends_at) as "to", max(period.rated_at) as rated
         from billing.period where period.subscription_id = any($1) and period.state <> 'open' and period.starts_at > $2
        group by period.subscription_id`,
      [[...own.keys()], this.oldest()],
    );
    const summed = await this.metered.summedSince(
      rows.map(({ id, from, to, rated }) => ({
        subscriptionId: id,
        span: { from, to },
        since: new Date((rated?.getTime() ?? 0) - SLACK_MS),
      })),
    );
    return rows
      .map(({ id }) => own.get(id)!)
      .filter(({ subscription, priced }) => summed.has(subscription.id) || sharesInfrastructure(priced));
  }

  private oldest(): Date {
    return new Date(this.clock.now().getTime() - this.config.LATE_DAYS * DAY_MS);
  }

  /** The start of what has to be rated again; null when nothing has. */
  private async firstChanged(
    tx: EntityManager,
    periods: readonly Period[],
    priced: PricedAgreement,
    checkedAt: Date | null,
  ): Promise<Date | null> {
    const span = { from: periods[0]!.startsAt, to: periods.at(-1)!.endsAt };
    const seen = Math.max(...periods.map((period) => period.ratedAt?.getTime() ?? 0), checkedAt?.getTime() ?? 0);
    const summed = await this.metered.usageOf(periods[0]!.subscriptionId, span, new Date(seen - SLACK_MS));
    const billed = summed.length === 0 ? new Map<string, bigint>() : await billedDays(tx, periods);
    const changed = summed.filter((source) => source.quantity !== (billed.get(keyOf(source)) ?? 0n));
    const starts = changed.map((source) => Date.parse(`${source.day}T00:00:00Z`));
    // Nothing says that a run was seen late, so the machines of two months are looked at again.
    if (sharesInfrastructure(priced)) starts.push(this.clock.now().getTime() - RUNS_DAYS * DAY_MS);
    return starts.length === 0 ? null : new Date(Math.min(...starts));
  }

  private async chargePeriod(tx: EntityManager, period: Period, subscription: Subscription): Promise<number> {
    const billed = await billedRows(tx, period.id);
    const { charges } = await this.rater.rate(tx, period, subscription);
    const late = lateCharges<UsageSource>(charges, billedOf(billed));
    if (late.length === 0) return 0;
    const revision = Math.max(0, ...billed.map(({ charge }) => charge.revision)) + 1;
    const rows = rowsOf(late, { period, subscription, revision });
    await tx.insert(Charge, rows.charges);
    if (rows.sources.length > 0) await tx.insert(ChargeSource, rows.sources);
    return late.length;
  }
}

/** What was charged of each day and dimension, over all revisions. */
async function billedDays(tx: EntityManager, periods: readonly Period[]): Promise<Map<string, bigint>> {
  const charges = await tx.findBy(Charge, { periodId: In(periods.map((period) => period.id)) });
  const dimensions = new Map(charges.map((charge) => [charge.id, charge.dimension]));
  const days = new Map<string, bigint>();
  for (const { chargeId, day, quantity } of await tx.findBy(ChargeSource, { chargeId: In([...dimensions.keys()]) })) {
    const key = keyOf({ day, dimension: dimensions.get(chargeId)! });
    days.set(key, (days.get(key) ?? 0n) + quantity);
  }
  return days;
}

const keyOf = ({ day, dimension }: { day: string; dimension: string }): string => `${day} ${dimension}`;
