/** Terms and prices of a product. A new offer replaces the standing one for new buyers; who has subscribed keeps theirs. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { missing } from '#domain/errors.ts';
import { formatRate, parseRate } from '#domain/money.ts';
import { runtimeDimension, USUAL_MINIMUM_SECONDS } from '#domain/runtime.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Offer } from '#tables/api/offer.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import { Product } from '#tables/api/product.ts';
import { ownProduct } from '../products/own-product.ts';
import { grant, granted } from './entitlements.ts';
import type { NewOffer, OfferView } from './offers.schema.ts';

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
      await tx.update(Offer, { productId, withdrawnAt: IsNull() }, { withdrawnAt: now });
      const offer: Offer = {
        id: newId(),
        productId,
        currency: given.currency,
        termsText: given.terms,
        termsSha256: createHash('sha256').update(given.terms).digest('hex'),
        createdAt: now,
        withdrawnAt: null,
      };
      await tx.insert(Offer, offer);
      const priceVersionId = newId();
      await tx.insert(PriceVersion, { id: priceVersionId, offerId: offer.id, effectiveFrom: now, createdAt: now });
      await tx.insert(
        Price,
        given.prices.map((price) => ({ priceVersionId, ...priceRow(price) })),
      );
      await grant(tx, priceVersionId, given.entitlements);
      return offerView(tx, offer);
    });
  }

  /** The standing offer of the caller's product. */
  async get(caller: Caller, productId: string): Promise<OfferView> {
    await ownProduct(this.db.manager, caller, productId);
    const offer = await standingOffer(this.db.manager, productId);
    if (!offer) throw missing('offer');
    return offerView(this.db.manager, offer);
  }
}

export const standingOffer = (tx: EntityManager, productId: string): Promise<Offer | null> =>
  tx.findOneBy(Offer, { productId, withdrawnAt: IsNull() });

/** The price version in force now: the newest that has begun. */
export const currentPriceVersion = (tx: EntityManager, offerId: string, now: Date): Promise<PriceVersion | null> =>
  tx
    .createQueryBuilder(PriceVersion, 'version')
    .where('version.offer_id = :offerId and version.effective_from <= :now', { offerId, now })
    .orderBy('version.effective_from', 'DESC')
    .getOne();

export async function offerView(tx: EntityManager, offer: Offer, now = offer.createdAt): Promise<OfferView> {
  const version = await currentPriceVersion(tx, offer.id, now);
  const prices = await tx.find(Price, { where: { priceVersionId: version?.id }, order: { model: 'asc', dimension: 'asc' } });
  return {
    id: offer.id,
    productId: offer.productId,
    currency: offer.currency,
    terms: offer.termsText,
    termsSha256: offer.termsSha256,
    prices: prices.map(priceView),
    entitlements: version ? await granted(tx, version.id) : [],
    createdAt: offer.createdAt.toISOString(),
  };
}

function priceRow(price: NewOffer['prices'][number]): Omit<Price, 'priceVersionId'> {
  const row = { ...price, rate: parseRate(price.rate) };
  if (row.model === 'metered') return { ...row, increment: 'hour', minimumSeconds: 0 };
  const { increment, minimumSeconds = USUAL_MINIMUM_SECONDS } = row;
  return { ...row, dimension: runtimeDimension(increment), minimumSeconds: increment === 'second' ? minimumSeconds : 0 };
}

const priceView = ({
  model,
  dimension,
  description,
  unit,
  rate,
  increment,
  minimumSeconds,
}: Price): OfferView['prices'][number] => ({
  model,
  dimension,
  description,
  unit,
  rate: formatRate(rate),
  ...(model === 'hourly' && { increment }),
  ...(model === 'hourly' && increment === 'second' && { minimumSeconds }),
});
