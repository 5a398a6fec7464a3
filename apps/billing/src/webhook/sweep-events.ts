/**
 * Asks once a day for the events that should have come by themselves: Stripe gives up on a webhook after three days, and shows its events
 * for thirty. What was missed goes through the inbox as if it had come.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { EventSweep } from '#tables/billing/reconciliation.ts';
import type { StripeEvent } from '../stripe/gateway.ts';
import { StripeListings } from '../stripe/listings.ts';
import { Inbox } from './inbox.ts';

const DAY_MS = 86_400_000;
/** An event may be shown some time after the instant that it names. */
const OVERLAP_MS = 3_600_000;
const AT_ONCE = 500;
const PLATFORM = 'platform';

@Injectable()
export class SweepEvents extends Stage {
  readonly queue = 'billing.sweep-events';
  override readonly concurrency = 1;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeListings,
    private readonly inbox: Inbox,
  ) {
    super();
  }

  /** @param id a connected account of Stripe's, or `platform`. */
  async work(id: string): Promise<void> {
    const now = this.clock.now();
    const since = await this.sweptUntil(id);
    if (!since || now.getTime() - since.getTime() < DAY_MS) return;
    const account = id === PLATFORM ? null : id;
    let missed = 0;
    let events: StripeEvent[] = [];
    const keep = async (): Promise<void> => {
      missed += await this.db.transaction((tx) => this.inbox.keep(tx, events));
      events = [];
    };
    for await (const event of this.stripe.events(new Date(since.getTime() - OVERLAP_MS), account)) {
      events.push(event);
      if (events.length === AT_ONCE) await keep();
    }
    await keep();
    await this.db.transaction((tx) => note(tx, { owner: id, sweptUntil: now, missed }));
  }

  async due(): Promise<string[]> {
    const rows: Array<{ owner: string }> = await this.db.query(
      `${OWNERS} select owners.owner from owners where owners.until <= $1 order by owners.until limit 200`,
      [new Date(this.clock.now().getTime() - DAY_MS)],
    );
    return rows.map((row) => row.owner);
  }

  private async sweptUntil(owner: string): Promise<Date | null> {
    const [row]: Array<{ until: Date }> = await this.db.query(
      `${OWNERS} select owners.until from owners where owners.owner = $1`,
      [owner],
    );
    return row?.until ?? null;
  }
}

async function note(tx: EntityManager, sweep: EventSweep): Promise<void> {
  await tx.upsert(EventSweep, sweep, ['owner']);
}

/** Who has events, and up to when they were asked for: at first, since there was anything. */
const OWNERS = `with owners as (
  select known.owner, coalesce(event_sweep.swept_until, known.since) as until from (
    select '${PLATFORM}' as owner, min(external_call.created_at) as since from billing.external_call having count(*) > 0
    union all
    select stripe_account.account_id, stripe_account.created_at from billing.stripe_account where stripe_account.account_id is not null
  ) known left join billing.event_sweep on event_sweep.owner = known.owner)`;
