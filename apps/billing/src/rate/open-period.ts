/** Pulls api.subscription into billing.period: each subscription has a period for every calendar month it has lived in. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { periodsOf } from '#domain/period.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Period } from '#tables/billing/period.ts';

@Injectable()
export class OpenPeriod extends Stage {
  readonly queue = 'billing.open-period';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @param id of a subscription. */
  async work(id: string): Promise<void> {
    const subscription = await this.db.manager.findOneBy(Subscription, { id });
    if (!subscription) return;
    const periods = periodsOf({ startedAt: subscription.startedAt, endedAt: subscription.endedAt, until: this.clock.now() });
    const rows = periods.map(({ from, to }) => ({
      id: newId(),
      subscriptionId: id,
      buyerId: subscription.buyerId,
      currency: subscription.currency,
      startsAt: from,
      endsAt: to,
      state: 'open' as const,
      inputSha: null,
      ratedFrom: {},
      ratedAt: null,
    }));
    // Periods that are there are left alone: the exclusion constraint knows them by their time.
    await this.db.createQueryBuilder().insert().into(Period).values(rows).orIgnore().execute();
  }

  /** Subscriptions with no period of the present month, or of the month they ended in. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select subscription.id from api.subscription
       where not exists (
         select from billing.period where period.subscription_id = subscription.id
           and period.ends_at > least(coalesce(subscription.ended_at, $1), $1))
       limit 200`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }
}
