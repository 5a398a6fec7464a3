/** What an offer comes to for who accepts it: whether they may, whether it begins with a trial, and when it ends by itself. */
import type { EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { addMonths } from '#domain/period.ts';
import { trialUntil } from '#domain/pricing/trial.ts';
import type { Caller } from '#platform/auth.ts';
import { Listing } from '#tables/api/listing.ts';
import { Offer } from '#tables/api/offer.ts';
import type { PriceVersion } from '#tables/api/price-version.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { isFor } from '../offers/private-offers.ts';

/** An offer that this buyer may know of. @throws DomainError `missing`, also for a private offer to others */
export async function offerFor(tx: EntityManager, caller: Caller, id: string): Promise<Offer> {
  const offer = await tx.findOneBy(Offer, { id });
  if (!offer || (offer.kind === 'private' && !(await isFor(tx, offer, caller.organizationId)))) throw missing('offer');
  return offer;
}

/** @throws DomainError `offer_withdrawn`, `offer_expired`, `not_listed`, `terms_changed` */
export async function assertOnSale(
  tx: EntityManager,
  offer: Offer,
  { termsSha256, now }: { termsSha256: string; now: Date },
): Promise<void> {
  const refuse = (code: string, detail: string): never => {
    throw new DomainError('conflict', code, detail);
  };
  if (offer.withdrawnAt) refuse('offer_withdrawn', 'This offer has been replaced; look at the product again.');
  if (offer.expiresAt && offer.expiresAt <= now) refuse('offer_expired', 'This offer has expired; ask its vendor for another.');
  // A private offer may be for a product that is no longer, or not yet, sold to everybody; it needs something to launch.
  const listing = await tx.findOneBy(Listing, {
    productId: offer.productId,
    ...(offer.kind === 'public' && { state: 'public' }),
  });
  if (!listing) refuse('not_listed', 'This product is not sold at the moment.');
  if (offer.termsSha256 !== termsSha256)
    refuse('terms_changed', 'The terms are not those you were shown; read them again and accept those.');
}

/** A buyer has one trial of a product, however often they subscribe to it. */
export async function mayTry(
  tx: EntityManager,
  version: PriceVersion,
  of: { buyerId: string; productId: string },
): Promise<boolean> {
  return version.trial !== null && !(await tx.existsBy(Subscription, { ...of, hasTrial: true }));
}

/** When an agreement ends by itself: with a trial that nobody converted, or with the time a private offer is for; null for never. */
export function endsAtOf(
  { startedAt, hasTrial, trialConvertedAt }: Pick<Subscription, 'startedAt' | 'hasTrial' | 'trialConvertedAt'>,
  { months }: Pick<Offer, 'months'>,
  { trial }: Pick<PriceVersion, 'trial'>,
): Date | null {
  const ends = [
    ...(months === null ? [] : [addMonths(startedAt, months)]),
    ...(hasTrial && trialConvertedAt === null && trial !== null && 'days' in trial && trial.afterwards === 'ends'
      ? [trialUntil(startedAt, trial.days)]
      : []),
  ];
  return ends.sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
