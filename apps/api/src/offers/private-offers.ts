/** Offers for named buyers, with prices, terms and time of their own. To everybody else they are not there. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Offer, OfferBuyer } from '#tables/api/offer.ts';
import { Organization } from '#tables/api/organization.ts';
import { Product } from '#tables/api/product.ts';
import { ownProduct } from '../products/own-product.ts';
import { insertOffer, offerView } from './offers.ts';
import type { NewPrivateOffer, PrivateOfferView } from './private-offers.schema.ts';

const MOST_LISTED = 200;

@Injectable()
export class PrivateOffers {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `missing` for a foreign product; `unknown_buyers`, `expires_too_early`, `unknown_reseller` */
  async make(caller: Caller, productId: string, given: NewPrivateOffer): Promise<PrivateOfferView> {
    return this.db.transaction(async (tx) => {
      await ownProduct(tx, caller, productId);
      const now = this.clock.now();
      const expiresAt = new Date(given.expiresAt);
      if (expiresAt <= now)
        throw new DomainError('conflict', 'expires_too_early', 'This offer would have expired already; give a later time.');
      const known = await tx.findBy(Organization, { id: In(given.buyerIds), kind: 'buyer' });
      if (known.length < given.buyerIds.length)
        throw new DomainError(
          'conflict',
          'unknown_buyers',
          'Not all of these are buyers here; ask them for the id in their account.',
        );
      const { name, buyerIds, months = null, reseller, ...offered } = given;
      if (reseller) await assertReseller(tx, caller, reseller.organizationId);
      const resold = { resellerId: reseller?.organizationId ?? null, resellerBasisPoints: reseller?.basisPoints ?? null };
      const only = { kind: 'private' as const, name, expiresAt, months, ...resold };
      const offer = await insertOffer(tx, { productId, now, ...offered, only });
      await tx.insert(
        OfferBuyer,
        buyerIds.map((buyerId) => ({ offerId: offer.id, buyerId })),
      );
      return this.view(tx, caller, offer);
    });
  }

  /** A vendor's own; for a buyer those that are open to it. Newest first. */
  async list(caller: Caller): Promise<PrivateOfferView[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select offer.id from api.offer
        where offer.kind = 'private'
          and ($1::uuid is null or offer.product_id in (select product.id from api.product where product.vendor_id = $1))
          and ($2::uuid is null or offer.withdrawn_at is null and offer.expires_at > $3
            and exists (select from api.offer_buyer where offer_buyer.offer_id = offer.id and offer_buyer.buyer_id = $2))
        order by offer.created_at desc, offer.id desc limit ${MOST_LISTED}`,
      [
        caller.kind === 'vendor' ? caller.organizationId : null,
        caller.kind === 'vendor' ? null : caller.organizationId,
        this.clock.now(),
      ],
    );
    const offers = await this.db.manager.find(Offer, {
      where: { id: In(rows.map((row) => row.id)) },
      order: { createdAt: 'desc', id: 'desc' },
    });
    return Promise.all(offers.map((offer) => this.view(this.db.manager, caller, offer)));
  }

  /** @throws DomainError `missing`, also when it is for others. */
  async get(caller: Caller, id: string): Promise<PrivateOfferView> {
    return this.view(this.db.manager, caller, await visible(this.db.manager, caller, id));
  }

  /** Who has accepted it keeps it. Twice is the same as once. @throws DomainError `missing` */
  async withdraw(caller: Caller, id: string): Promise<PrivateOfferView> {
    return this.db.transaction(async (tx) => {
      await visible(tx, caller, id);
      await tx.update(Offer, { id, withdrawnAt: IsNull() }, { withdrawnAt: this.clock.now() });
      return this.view(tx, caller, await tx.findOneByOrFail(Offer, { id }));
    });
  }

  private async view(tx: EntityManager, caller: Caller, offer: Offer): Promise<PrivateOfferView> {
    const now = this.clock.now();
    const product = await tx.findOneByOrFail(Product, { id: offer.productId });
    const vendor = await tx.findOneByOrFail(Organization, { id: product.vendorId });
    const buyers = await tx.findBy(OfferBuyer, { offerId: offer.id });
    const named = await tx.find(Organization, {
      where: { id: In(buyers.map(({ buyerId }) => buyerId)) },
      order: { name: 'asc' },
    });
    return {
      ...(await offerView(tx, offer, now)),
      name: offer.name!,
      product: product.name,
      vendor: vendor.name,
      state: stateOf(offer, now),
      expiresAt: offer.expiresAt!.toISOString(),
      months: offer.months,
      // Buyers do not learn of each other.
      ...(caller.kind === 'vendor' && {
        buyers: named.map(({ id, name: buyer }) => ({ id, name: buyer })),
        reseller: await resellerOf(tx, offer),
      }),
    };
  }
}

async function assertReseller(tx: EntityManager, caller: Caller, id: string): Promise<void> {
  if (id !== caller.organizationId && (await tx.existsBy(Organization, { id, kind: 'vendor' }))) return;
  throw new DomainError('conflict', 'unknown_reseller', 'This is no other vendor here; ask it for the id in its account.');
}

async function resellerOf(tx: EntityManager, offer: Offer): Promise<PrivateOfferView['reseller']> {
  if (offer.resellerId === null) return null;
  const { id, name } = await tx.findOneByOrFail(Organization, { id: offer.resellerId });
  return { id, name, basisPoints: offer.resellerBasisPoints! };
}

/** Whether a private offer is for a buyer. */
export const isFor = (tx: EntityManager, offer: Offer, buyerId: string): Promise<boolean> =>
  tx.existsBy(OfferBuyer, { offerId: offer.id, buyerId });

const stateOf = ({ withdrawnAt, expiresAt }: Offer, now: Date): PrivateOfferView['state'] => {
  if (withdrawnAt) return 'withdrawn';
  return expiresAt! <= now ? 'expired' : 'open';
};

/** The vendor's own, or one that is for the buyer. */
async function visible(tx: EntityManager, caller: Caller, id: string): Promise<Offer> {
  const offer = await tx.findOneBy(Offer, { id, kind: 'private' });
  if (!offer) throw missing('offer');
  const isMine =
    caller.kind === 'vendor'
      ? await tx.existsBy(Product, { id: offer.productId, vendorId: caller.organizationId })
      : await isFor(tx, offer, caller.organizationId);
  if (!isMine) throw missing('offer');
  return offer;
}
