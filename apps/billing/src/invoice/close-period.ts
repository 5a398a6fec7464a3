/**
 * Closes a month of a buyer: when every period of it is rated, its charges become the one invoice over all vendors. A month whose total
 * is out of line waits for a person (held-closes.ts).
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { monthOf } from '#domain/period.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Period } from '#tables/billing/period.ts';
import { HeldCloses, LOOK_AGAIN_MS } from './held-closes.ts';
import { InvoiceMaker } from './invoice-maker.ts';

@Injectable()
export class ClosePeriod extends Stage {
  readonly queue = 'billing.close-period';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly maker: InvoiceMaker,
    private readonly held: HeldCloses,
  ) {
    super();
  }

  /** @param id of any period of the buyer's month; the last one to be rated closes it. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const period = await tx.findOneBy(Period, { id });
      if (!period) return;
      const { buyerId, currency, endsAt } = period;
      // Two workers on two periods of one month take turns here; the second finds them invoiced.
      await this.maker.takeTurns(tx, { buyerId, currency });
      const periods = await tx.findBy(Period, { buyerId, currency, endsAt });
      const rated = periods.filter((candidate) => candidate.state === 'rated');
      if (rated.length === 0 || periods.some((candidate) => candidate.state === 'open') || (await this.isUnopened(tx, period)))
        return;
      await this.held.lookAgain(tx, rated);
      const month = { from: monthOf(new Date(endsAt.getTime() - 1)).from, to: endsAt };
      const draft = await this.maker.draft(tx, { buyerId, currency, month, periods: rated });
      if (await this.held.holds(tx, draft)) return;
      await this.maker.finalise(tx, draft);
      await tx.update(Period, { id: In(rated.map((candidate) => candidate.id)) }, { state: 'invoiced' });
    });
  }

  /** One period for each buyer, currency and month of which every period is rated; a month that is held, once an hour. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select (array_agg(period.id order by period.id))[1] as id from billing.period
       where period.state <> 'invoiced' and period.ends_at <= $1
       group by period.buyer_id, period.currency, period.ends_at
       having bool_and(period.state = 'rated')
         and not exists (select from billing.held_close where held_close.buyer_id = period.buyer_id and held_close.currency = period.currency
           and held_close.period_end = period.ends_at and held_close.state in ('held', 'rejected') and held_close.looked_at > $2)
       limit 200`,
      [this.clock.now(), new Date(this.clock.now().getTime() - LOOK_AGAIN_MS)],
    );
    return rows.map((row) => row.id);
  }

  /** Whether a subscription that lived in this month has no period of it yet: then the month is not all there. */
  private async isUnopened(tx: EntityManager, { buyerId, currency, endsAt }: Period): Promise<boolean> {
    const [row] = await tx.query(
      `select exists (select from api.subscription where subscription.buyer_id = $1 and subscription.currency = $2 and subscription.started_at < $3
         and (subscription.ended_at is null or subscription.ended_at >= $4)
         and not exists (select from billing.period where period.subscription_id = subscription.id and period.ends_at = $3)) as unopened`,
      [buyerId, currency, endsAt, monthOf(new Date(endsAt.getTime() - 1)).from],
    );
    return row.unopened as boolean;
  }
}
