/** Compares what we hold with what Stripe has, both ways: every night the days before, and whatever somebody asks for. */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { dayOf } from '#domain/period.ts';
import { differencesOf, totalsOf, type Difference, type Total } from '#domain/reconciliation.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Reconciliation, type StoredDifference, type StoredTotal } from '#tables/billing/reconciliation.ts';
import { StripeListings } from '../stripe/listings.ts';
import { ourSide } from './our-side.ts';

const DAY_MS = 86_400_000;
/** The nightly one looks at these days again, so that what was in flight is seen to have arrived. */
const NIGHTLY_DAYS = 7;
/** UTC. */
const NIGHT_HOUR = 3;
/** What one side tells on another day than the other: a bank debit's news, a call that was tried again. */
const BESIDE_MS = 10 * DAY_MS;

const IS_DAY = /^\d{4}-\d{2}-\d{2}$/;

@Injectable()
export class ReconcileStripe extends Stage {
  readonly queue = 'billing.reconcile-stripe';
  override readonly concurrency = 1;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeListings,
  ) {
    super();
  }

  /** @param id of a reconciliation, or the UTC day of the nightly one. */
  async work(id: string): Promise<void> {
    const asked = IS_DAY.test(id) ? await this.nightly(id) : await this.db.manager.findOneBy(Reconciliation, { id });
    if (!asked || asked.finishedAt) return;
    const window = { from: asked.coversFrom, to: asked.coversTo };
    const beside = { from: new Date(window.from.getTime() - BESIDE_MS), to: new Date(window.to.getTime() + BESIDE_MS) };
    const accounts: Array<{ account_id: string }> = await this.db.query(
      'select stripe_account.account_id from billing.stripe_account where stripe_account.account_id is not null order by 1',
    );
    const theirs = [
      ...(await this.stripe.objects(
        beside,
        accounts.map((row) => row.account_id),
      )),
      ...(await this.stripe.movements(beside)),
    ];
    // After theirs: what is made meanwhile is ours alone, and outside of the window.
    const ours = await ourSide(this.db.manager, beside);
    const finishedAt = this.clock.now();
    await this.db.manager.update(
      Reconciliation,
      { id: asked.id, finishedAt: IsNull() },
      {
        finishedAt,
        totals: totalsOf(ours, theirs, window).map(storedTotal),
        differences: differencesOf(ours, theirs, window, finishedAt).map(storedDifference),
      },
    );
  }

  async due(): Promise<string[]> {
    const waiting = await this.db.manager.find(Reconciliation, {
      where: { finishedAt: IsNull() },
      order: { askedAt: 'asc' },
      take: 20,
    });
    const now = this.clock.now();
    const tonight = now.getUTCHours() >= NIGHT_HOUR ? [dayOf(now)] : [];
    const isWanted = tonight.length > 0 && (await this.isWanted(midnightOf(now)));
    return [...waiting.map((each) => each.id), ...(isWanted ? tonight : [])];
  }

  /** There is nothing to compare before the first call. */
  private async isWanted(midnight: Date): Promise<boolean> {
    const [row] = await this.db.query(
      `select exists (select from billing.external_call where external_call.first_sent_at < $1)
         and not exists (select from billing.reconciliation where reconciliation.day = $2) as is_wanted`,
      [midnight, dayOf(midnight)],
    );
    return row.is_wanted;
  }

  private async nightly(day: string): Promise<Reconciliation | null> {
    const now = this.clock.now();
    if (day !== dayOf(now)) return null;
    const coversTo = midnightOf(now);
    const coversFrom = new Date(coversTo.getTime() - NIGHTLY_DAYS * DAY_MS);
    const planned = {
      id: newId(),
      day,
      askedBy: null,
      coversFrom,
      coversTo,
      askedAt: now,
      finishedAt: null,
      totals: [],
      differences: [],
    };
    await this.db.manager.createQueryBuilder().insert().into(Reconciliation).values(planned).orIgnore().execute();
    return this.db.manager.findOneBy(Reconciliation, { day });
  }
}

const midnightOf = (instant: Date): Date => new Date(`${dayOf(instant)}T00:00:00Z`);

const storedTotal = ({ kind, currency, ourCount, ourAmount, theirCount, theirAmount }: Total): StoredTotal => ({
  kind,
  currency,
  ourCount,
  ourMinor: String(ourAmount),
  theirCount,
  theirMinor: String(theirAmount),
});

const storedDifference = ({ kind, key, cause, ours, theirs }: Difference): StoredDifference => ({
  kind,
  key,
  cause,
  currency: (ours ?? theirs)!.currency,
  ourId: ours?.id ?? null,
  ourMinor: ours ? String(ours.amount) : null,
  theirId: theirs?.id ?? null,
  theirMinor: theirs ? String(theirs.amount) : null,
  at: (ours ?? theirs)!.at.toISOString(),
});
