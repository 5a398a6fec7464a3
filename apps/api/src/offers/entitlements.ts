/** What an offer entitles to, between its shape in the API and its rows: one value per dimension, of one of four types. */
import type { EntityManager } from 'typeorm';
import { EntitlementGrant } from '#tables/api/entitlement-grant.ts';
import type { Entitlement } from './offers.schema.ts';

/** Writes what a new price version grants; it never changes afterwards. */
export async function grant(tx: EntityManager, priceVersionId: string, entitlements: Entitlement[]): Promise<void> {
  await tx.insert(
    EntitlementGrant,
    entitlements.map((entitlement) => ({ priceVersionId, ...entitlement })),
  );
}

/** The next price version of an offer entitles to what the one before does. */
export async function copyGrants(tx: EntityManager, fromVersionId: string, toVersionId: string): Promise<void> {
  const grants = await tx.findBy(EntitlementGrant, { priceVersionId: fromVersionId });
  await tx.insert(
    EntitlementGrant,
    grants.map((each) => ({ ...each, priceVersionId: toVersionId })),
  );
}

export async function granted(tx: EntityManager, priceVersionId: string): Promise<Entitlement[]> {
  const grants = await tx.find(EntitlementGrant, { where: { priceVersionId }, order: { dimension: 'asc' } });
  return grants.map(view);
}

const view = ({ dimension, integerValue, doubleValue, booleanValue, stringValue }: EntitlementGrant): Entitlement => ({
  dimension,
  ...(integerValue !== null && { integerValue }),
  ...(doubleValue !== null && { doubleValue }),
  ...(booleanValue !== null && { booleanValue }),
  ...(stringValue !== null && { stringValue }),
});
