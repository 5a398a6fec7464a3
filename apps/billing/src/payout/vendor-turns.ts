/** One at a time: whatever changes what a vendor is owed, or sets it aside. */
import type { EntityManager } from 'typeorm';

/**
 * Until commit nobody else does so for these vendors; otherwise a payout could take a share along that is just being given back. An
 * invoice that is locked as well is locked before.
 */
export async function takeVendorTurns(tx: EntityManager, vendorIds: Iterable<string>): Promise<void> {
  for (const vendorId of [...new Set(vendorIds)].sort())
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`vendor-money:${vendorId}`]);
}
