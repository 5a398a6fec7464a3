/** Terms and prices of a product. A new offer replaces the standing one for new buyers; who has subscribed keeps theirs. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Offer } from '#tables/api/offer.ts';
import type { PriceVersion } from '#tables/api/price-version.ts';
import { Product } from '#tables/api/product.ts';
import { ownProduct } from '../products/own-product.ts';
import { grant, granted } from './entitlements.ts';
import type { NewOffer, OfferView } from './offers.schema.ts';
import { announcedVersions, currentPriceVersion, insertVersion, listView } from './price-lists.ts';

@Injectable()
export class Offers {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async make(caller: Caller, productId: string, given: NewOffer): Promise<OfferView> {
    return this.db.transaction(async (tx) => {
      await ownProduct(tx, caller, productId);
      // Two offers made at once take turns here; otherwise both would withdraw the same old one.
      await tx.findOne(Product, { where: { id: productId }, lock: { mode: 'pessimistic_write' } });
      const now = this.clock.now();
      await tx.update(Offer, { productId, kind: 'public', withdrawnAt: IsNull() }, { withdrawnAt: now });
      return offerView(tx, await insertOffer(tx, { productId, now, ...given }));
    });
  }

  /** The standing offer of the caller's product. */
  async get(caller: Caller, productId: string): Promise<OfferView> {
    await ownProduct(this.db.manager, caller, productId);
    const offer = await standingOffer(this.db.manager, productId);
    if (!offer) throw missing('offer');
    return offerView(this.db.manager, offer, this.clock.now());
  }
}

/** Writes an offer with its first prices, which hold from now on. */
export async function insertOffer(
  tx: EntityManager,
  {
    productId,
    now,
    only = { kind: 'public', name: null, expiresAt: null, months: null, resellerId: null, resellerBasisPoints: null },
    ...given
  }: NewOffer & {
    productId: string;
    now: Date;
    only?: Pick<Offer, 'kind' | 'name' | 'expiresAt' | 'months' | 'resellerId' | 'resellerBasisPoints'>;
  },
): Promise<Offer> {
  const offer: Offer = {
    id: newId(),
    productId,
    ...only,
    currency: given.currency,
    termsText: given.terms,
    termsSha256: createHash('sha256').update(given.terms).digest('hex'),
    createdAt: now,
    withdrawnAt: null,
  };
  await tx.insert(Offer, offer);
  const priceVersionId = await insertVersion(tx, offer.id, given, { effectiveFrom: now, noticeGivenAt: null, createdAt: now });
  await grant(tx, priceVersionId, given.entitlements);
  return offer;
}

/** The public offer that is made now. */
export const standingOffer = (tx: EntityManager, productId: string): Promise<Offer | null> =>
  tx.findOneBy(Offer, { productId, kind: 'public', withdrawnAt: IsNull() });

/** An offer with the prices in force, and those that are announced. */
export async function offerView(tx: EntityManager, offer: Offer, now = offer.createdAt): Promise<OfferView> {
  const version = await currentPriceVersion(tx, offer.id, now);
  const announced = await announcedVersions(tx, offer.id, now);
  return {
    id: offer.id,
    productId: offer.productId,
    currency: offer.currency,
    terms: offer.termsText,
    termsSha256: offer.termsSha256,
    ...(version ? await listView(tx, version) : { prices: [] }),
    ...(announced.length > 0 && { announced: await Promise.all(announced.map((next) => announcedView(tx, next))) }),
    entitlements: version ? await granted(tx, version.id) : [],
    createdAt: offer.createdAt.toISOString(),
  };
}

async function announcedView(tx: EntityManager, version: PriceVersion): Promise<NonNullable<OfferView['announced']>[number]> {
  const { trial: _trial, ...list } = await listView(tx, version);
  return { id: version.id, effectiveFrom: version.effectiveFrom.toISOString(), ...list };
}
