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
import { Drafts, type Wanted } from './drafts.ts';
import { HeldCloses, LOOK_AGAIN_MS } from './held-closes.ts';
import { InvoiceMaker } from './invoice-maker.ts';

@Injectable()
export class ClosePeriod extends Stage {
  readonly queue = 'billing.close-period';
  override readonly batch = 100;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly drafts: Drafts,
    private readonly maker: InvoiceMaker,
    private readonly held: HeldCloses,
  ) {
    super();
  }

  /** @param id of any period of the buyer's month; the last one to be rated closes it. */
  work(id: string): Promise<void> {
    return this.workAll([id]);
  }

  override async workAll(ids: readonly string[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      const asked = await tx.findBy(Period, { id: In(ids) });
      if (asked.length === 0) return;
      // Two workers on two periods of one month take turns here; the second finds them invoiced.
      await this.maker.takeTurns(tx, asked);
      // A buyer's months one after the other: an invoice may take up what the one before left.
      for (let left = await this.ready(tx, asked); left.length > 0;) {
        const next = earliestOfEach(left);
        await this.close(tx, next);
        left = left.filter((wanted) => !next.includes(wanted));
      }
    });
  }

  private async close(tx: EntityManager, months: readonly Wanted[]): Promise<void> {
    await this.held.lookAgain(tx, months);
    const free = await this.held.letGo(tx, await this.drafts.each(tx, months));
    await this.maker.finalise(tx, free);
    const invoiced = free.flatMap(({ wanted }) => wanted.periods.map(({ id }) => id));
    if (invoiced.length > 0) await tx.update(Period, { id: In(invoiced) }, { state: 'invoiced' });
  }

  /** Those of the months of which every period is there and rated, and some not invoiced. */
  private async ready(tx: EntityManager, asked: readonly Period[]): Promise<Wanted[]> {
    const ends = [...new Set(asked.map(({ endsAt }) => endsAt.getTime()))].map((end) => new Date(end));
    const periods = await tx.find(Period, {
      where: { buyerId: In(asked.map(({ buyerId }) => buyerId)), endsAt: In(ends) },
      order: { id: 'asc' },
    });
    const months = Map.groupBy(periods, nameOf);
    const names = new Set(asked.map(nameOf));
    const wanted = [...months]
      .filter(([name, own]) => names.has(name) && own.every(({ state }) => state !== 'open'))
      .map(([, own]) => own.filter(({ state }) => state === 'rated'))
      .filter((rated) => rated.length > 0)
      .map((rated): Wanted => {
        const { buyerId, currency, endsAt } = rated[0]!;
        return { buyerId, currency, month: { from: monthOf(new Date(endsAt.getTime() - 1)).from, to: endsAt }, periods: rated };
      });
    return this.whole(tx, wanted);
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
       limit 2000`,
      [this.clock.now(), new Date(this.clock.now().getTime() - LOOK_AGAIN_MS)],
    );
    return rows.map((row) => row.id);
  }

  /** Without those in which a subscription lived that has no period of it yet: such a month is not all there. */
  private async whole(tx: EntityManager, months: Wanted[]): Promise<Wanted[]> {
    const rows: Array<{ place: string }> = await tx.query(
      `select wanted.place from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[]) with ordinality
              as wanted (buyer_id, currency, starts_at, ends_at, place)
        where exists (select from api.subscription where subscription.buyer_id = wanted.buyer_id and subscription.currency = wanted.currency
         and subscription.started_at < wanted.ends_at and (subscription.ended_at is null or subscription.ended_at >= wanted.starts_at)
         and not exists (select from billing.period where period.subscription_id = subscription.id and period.ends_at = wanted.ends_at))`,
      [
        months.map(({ buyerId }) => buyerId),
        months.map(({ currency }) => currency),
        months.map(({ month }) => month.from),
        months.map(({ month }) => month.to),
      ],
    );
    const unopened = new Set(rows.map(({ place }) => Number(place) - 1));
    return months.filter((_, index) => !unopened.has(index));
  }
}

const nameOf = ({ buyerId, currency, endsAt }: Period): string => `${buyerId} ${currency} ${endsAt.toISOString()}`;

function earliestOfEach(months: readonly Wanted[]): Wanted[] {
  const payers = Map.groupBy(months, ({ buyerId, currency }) => `${buyerId} ${currency}`);
  return [...payers.values()].map((own) => own.reduce((first, next) => (next.month.to < first.month.to ? next : first)));
}
