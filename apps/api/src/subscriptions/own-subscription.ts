/** Whose a subscription is: asked by everything that reads or changes one. */
import type { EntityManager } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Subscription } from '#tables/api/subscription.ts';

/** The buyer's own subscription (or a customer's of the vendor's, for reading). @throws DomainError `missing`, also when foreign. */
export async function ownSubscription(tx: EntityManager, caller: Caller, id: string): Promise<Subscription> {
  const own = caller.kind === 'vendor' ? { vendorId: caller.organizationId } : { buyerId: caller.organizationId };
  const subscription = await tx.findOneBy(Subscription, { id, ...own });
  if (!subscription) throw missing('subscription');
  return subscription;
}
