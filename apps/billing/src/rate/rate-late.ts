/** Looks, after each month, whether more is known of the periods of subscriptions that have ended; the others' next period looks itself. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { monthOf } from '#domain/period.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { BillingConfig } from '../config.ts';
import { LateUsage } from './late-usage.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

@Injectable()
export class RateLate extends Stage {
  readonly queue = 'billing.rate-late';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly late: LateUsage,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a subscription. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const subscription = await tx.findOneBy(Subscription, { id });
      const now = this.clock.now();
      if (!subscription?.endedAt) return;
      const [check]: Array<{ checked_at: Date }> = await tx.query(
        'select late_check.checked_at from billing.late_check where late_check.subscription_id = $1 for update',
        [id],
      );
      if (check && check.checked_at >= this.lastClose()) return;
      const made = await this.late.charge(tx, subscription, { before: now, checkedAt: check?.checked_at ?? null });
      await tx.query(
        `insert into billing.late_check (subscription_id, checked_at) values ($1, $2)
         on conflict (subscription_id) do update set checked_at = excluded.checked_at`,
        [id, now],
      );
      if (made > 0) await this.doorbell.ring(tx, 'billing.bill-late', subscription.buyerId);
    });
  }

  /** Ended subscriptions that still may be corrected and were not looked at since months were last closed. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select distinct period.subscription_id as id from billing.period
         join api.subscription on subscription.id = period.subscription_id and subscription.ended_at is not null
         left join billing.late_check on late_check.subscription_id = period.subscription_id
        where period.state <> 'open' and period.starts_at > $1
          and coalesce(late_check.checked_at, period.rated_at) < $2
          and not exists (select from billing.period other where other.subscription_id = period.subscription_id and other.state = 'open')
        limit 200`,
      [new Date(this.clock.now().getTime() - this.config.LATE_DAYS * DAY_MS), this.lastClose()],
    );
    return rows.map((row) => row.id);
  }

  /** When the last month could first be closed. */
  private lastClose(): Date {
    const grace = this.config.CLOSE_GRACE_HOURS * HOUR_MS;
    const { from } = monthOf(new Date(this.clock.now().getTime() - grace));
    return new Date(from.getTime() + grace);
  }
}
