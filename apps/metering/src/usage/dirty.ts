/** Marks days whose sums are no longer right; the roll-up takes the marks away. See the table metering.usage_dirty. */
import type { EntityManager } from 'typeorm';
import { newId } from '#platform/ids.ts';

export interface DirtyDay {
  subscriptionId: string;
  /** UTC day, `2026-01-31`. */
  day: string;
}

/** @param tx the transaction that makes these days wrong: the mark is there when what it is about is there. */
export async function markDirty(tx: EntityManager, days: readonly DirtyDay[]): Promise<void> {
  await tx.query(
    `insert into metering.usage_dirty (subscription_id, day, mark)
     select distinct given.subscription_id, given.day, $3::uuid from unnest($1::uuid[], $2::date[]) as given (subscription_id, day)`,
    [days.map((dirty) => dirty.subscriptionId), days.map((dirty) => dirty.day), newId()],
  );
}
