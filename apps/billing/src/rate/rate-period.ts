/** Turns a period that is over into charges: exact, for every price of its offer, and for what was found late of the periods before. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Charge, ChargeSource } from '#tables/billing/charge.ts';
import { Period } from '#tables/billing/period.ts';
import { BillingConfig } from '../config.ts';
import { hashOf, keptCharge, rowsOf, type Rated } from './charge-rows.ts';
import { LateUsage } from './late-usage.ts';
import { Metered } from './metered.ts';
import { billedRows, Rater } from './rater.ts';

@Injectable()
export class RatePeriod extends Stage {
  readonly queue = 'billing.rate-period';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly metered: Metered,
    private readonly rater: Rater,
    private readonly late: LateUsage,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a period. Rating it again, or by two workers at once, changes nothing. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const period = await tx.findOne(Period, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!period || (await this.metered.complete(this.closedBefore(), id, tx)).length === 0) return;
      const subscription = await tx.findOneByOrFail(Subscription, { id: period.subscriptionId });
      await this.late.charge(tx, subscription, { before: period.startsAt });
      const { charges, ratedFrom } = await this.rater.rate(tx, period, subscription);
      const rows = rowsOf(charges, { period, subscription, revision: 0 });
      if (rows.charges.length > 0) await tx.insert(Charge, rows.charges);
      if (rows.sources.length > 0) await tx.insert(ChargeSource, rows.sources);
      await tx.update(Period, { id }, { state: 'rated', inputSha: hashOf(charges), ratedFrom, ratedAt: this.clock.now() });
      await this.doorbell.ring(tx, 'billing.close-period', id);
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

  /** Periods that ended by then may be rated: AWS too accepts a month's usage until 06:00 UTC on the 1st. */
  private closedBefore(): Date {
    return new Date(this.clock.now().getTime() - this.config.CLOSE_GRACE_HOURS * 3_600_000);
  }
}
