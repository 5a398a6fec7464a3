/**
 * Ends agreements whose time is over: a trial that its buyer did not convert, a private offer that was for some months, whatever a buyer
 * has who did not pay for so long that billing.standing calls it ended.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, Not, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Fleet } from '#tables/api/fleet.ts';
import { Launch } from '#tables/api/launch.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { endOfFleet } from '../fleets/fleets.ts';
import type { EndingQuery } from '../launches/launches.schema.ts';
import { endOf } from '../launches/launches.ts';

@Injectable()
export class EndSubscription extends Stage {
  readonly queue = 'api.end-subscription';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a subscription. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const subscription = await tx.findOne(Subscription, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const now = this.clock.now();
      if (!subscription || subscription.endedAt) return;
      const isOver = subscription.endsAt !== null && subscription.endsAt <= now;
      if (!isOver && !(await isUnpaid(tx, subscription))) return;
      await endAll(tx, this.doorbell, subscription, { now });
    });
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `(select subscription.id from api.subscription where subscription.ended_at is null and subscription.ends_at <= $1
         order by subscription.ends_at limit 200)
       union
       (select subscription.id from billing.standing join api.subscription on subscription.buyer_id = standing.buyer_id
         where standing.state = 'ended' and subscription.ended_at is null and subscription.started_at <= standing.since limit 200)`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }
}

/** What a buyer agreed to after it had paid, or before it has, is another agreement. */
async function isUnpaid(tx: EntityManager, { buyerId, startedAt }: Subscription): Promise<boolean> {
  const [row] = await tx.query(
    `select 1 from billing.standing where standing.buyer_id = $1 and standing.state = 'ended' and standing.since >= $2`,
    [buyerId, startedAt],
  );
  return row !== undefined;
}

/** Ends an agreement now, and everything that runs under it, as each launch is set to end unless said otherwise. */
export async function endAll(
  tx: EntityManager,
  doorbell: Doorbell,
  { id, productId }: Subscription,
  { now, ending = {} }: { now: Date; ending?: EndingQuery },
): Promise<void> {
  await tx.update(Subscription, { id }, { endedAt: now });
  const launches = await tx.findBy(Launch, { subscriptionId: id, desired: Not('terminated') });
  await tx.update(Launch, { id: In(launches.map((launch) => launch.id)) }, endOf(ending, now));
  for (const launch of launches) await doorbell.ring(tx, 'launcher.reconcile-launch', launch.id);
  const fleets = await tx.findBy(Fleet, { subscriptionId: id, endedAt: IsNull() });
  await tx.update(Fleet, { id: In(fleets.map((fleet) => fleet.id)) }, endOfFleet(now));
  for (const fleet of fleets) await doorbell.ring(tx, 'launcher.scale-fleet', fleet.id);
  await doorbell.ring(tx, 'launcher.share-images', productId);
  // The last hours and the last period, as soon as they are over.
  await doorbell.ring(tx, 'metering.meter-runtime', id);
  await doorbell.ring(tx, 'billing.open-period', id);
}
