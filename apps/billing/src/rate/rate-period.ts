/** Turns a period that is over into charges: exact, for every price of its offer, and for what was found late of the periods before. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { insertAll } from '#platform/insert-all.ts';
import { Stage } from '#platform/stage.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Charge, ChargeSource } from '#tables/billing/charge.ts';
import { Period } from '#tables/billing/period.ts';
import { BillingConfig } from '../config.ts';
import { Agreements } from './agreements.ts';
import { hashOf, keptCharge, rowsOf, type Rated } from './charge-rows.ts';
import { LateUsage } from './late-usage.ts';
import { Metered } from './metered.ts';
import { billedRows, Rater, type Rating } from './rater.ts';

@Injectable()
export class RatePeriod extends Stage {
  readonly queue = 'billing.rate-period';
  override readonly batch = 100;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly metered: Metered,
    private readonly agreements: Agreements,
    private readonly rater: Rater,
    private readonly late: LateUsage,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a period. Rating it again, or by two workers at once, changes nothing. */
  work(id: string): Promise<void> {
    return this.workAll([id]);
  }

  override async workAll(ids: readonly string[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      // In the order of their ids, in which others take them too.
      const found = await tx.find(Period, { where: { id: In(ids) }, order: { id: 'asc' }, lock: { mode: 'pessimistic_write' } });
      const complete = new Set(await this.metered.complete(this.closedBefore(), ids, tx));
      const periods = found.filter(({ id }) => complete.has(id));
      if (periods.length === 0) return;
      const wanted = await this.ratings(tx, periods);
      await this.late.chargeEach(tx, wanted);
      const rated = await this.rater.rateEach(tx, wanted);
      const rows = wanted.map((rating, index) => rowsOf(rated[index]!.charges, { ...rating, revision: 0 }));
      await insertAll(
        tx,
        Charge,
        rows.flatMap(({ charges }) => charges),
      );
      await insertAll(
        tx,
        ChargeSource,
        rows.flatMap(({ sources }) => sources),
      );
      await tx.query(
        `update billing.period set state = 'rated', input_sha = rated.input_sha, rated_from = rated.rated_from, rated_at = $4
           from unnest($1::uuid[], $2::bytea[], $3::jsonb[]) as rated (id, input_sha, rated_from) where period.id = rated.id`,
        [
          periods.map(({ id }) => id),
          rated.map(({ charges }) => hashOf(charges)),
          rated.map(({ ratedFrom }) => JSON.stringify(ratedFrom)),
          this.clock.now(),
        ],
      );
      await this.doorbell.ringAll(
        tx,
        'billing.close-period',
        periods.map(({ id }) => id),
      );
    });
  }

  due(): Promise<string[]> {
    return this.metered.complete(this.closedBefore());
  }

  /** What the period rates to again. @returns the hash to compare with the one that was kept: the same usage gives the same bytes. */
  async rerate(id: string): Promise<{ charges: Rated[]; inputSha: Buffer }> {
    const period = await this.db.manager.findOneByOrFail(Period, { id });
    const subscription = await this.db.manager.findOneByOrFail(Subscription, { id: period.subscriptionId });
    const charges = await this.rater.rateAgain(this.db.manager, period, subscription);
    return { charges, inputSha: hashOf(charges) };
  }

  /**
   * The charges of one revision as they are kept, and what they rate to again, as hashes over everything that they say.
   * @param revision 0 for what the period was rated to, higher for what was found later.
   */
  async compare(id: string, revision: number): Promise<{ keptSha: Buffer; reratedSha: Buffer }> {
    const tx = this.db.manager;
    const period = await tx.findOneByOrFail(Period, { id });
    const subscription = await tx.findOneByOrFail(Subscription, { id: period.subscriptionId });
    const kept = (await billedRows(tx, id)).filter(({ charge }) => charge.revision === revision);
    const again = await this.rater.rateAgain(tx, period, subscription, revision);
    return { keptSha: hashOf(kept.map(keptCharge)), reratedSha: hashOf(again) };
  }

  private async ratings(tx: EntityManager, periods: readonly Period[]): Promise<Rating[]> {
    const subscriptions = await tx.findBy(Subscription, { id: In(periods.map((period) => period.subscriptionId)) });
    const priced = await this.agreements.ofEach(tx, subscriptions);
    const known = new Map(subscriptions.map((subscription) => [subscription.id, subscription]));
    return periods.map((period) => ({
      period,
      subscription: known.get(period.subscriptionId)!,
      priced: priced.get(period.subscriptionId)!,
    }));
  }

  /** Periods that ended by then may be rated: AWS too accepts a month's usage until 06:00 UTC on the 1st. */
  private closedBefore(): Date {
    return new Date(this.clock.now().getTime() - this.config.CLOSE_GRACE_HOURS * 3_600_000);
  }
}
