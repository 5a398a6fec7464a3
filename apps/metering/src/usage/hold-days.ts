/** Holds off the making of new days of metering.usage_record (./keep-days.ts) for one transaction. */
import type { EntityManager } from 'typeorm';

/**
 * To be called before usage is read by whoever concludes something from what is not there. A day gets its partition by moving its
 * records out of the default partition; a query that was planned before that and waited for it finds them in neither.
 * @param tx nobody else waits: whoever writes or reads usage goes on.
 */
export async function holdDays(tx: EntityManager): Promise<void> {
  await tx.query('lock table metering.usage_record_default in access share mode');
}
