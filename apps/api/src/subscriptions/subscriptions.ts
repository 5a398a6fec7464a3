/** Agreements of buyers to offers. What was accepted, text and prices, is kept as it was. */
import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, Not, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Fleet } from '#tables/api/fleet.ts';
import { Launch } from '#tables/api/launch.ts';
import { Listing } from '#tables/api/listing.ts';
import { Offer } from '#tables/api/offer.ts';
import { Organization } from '#tables/api/organization.ts';
import { Product } from '#tables/api/product.ts';
import { RegistrationToken } from '#tables/api/registration-token.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { endOfFleet } from '../fleets/fleets.ts';
import { currentPriceVersion } from '../offers/price-lists.ts';
import type { NewSubscription, RegistrationTokenView, SubscriptionView } from './subscriptions.schema.ts';

/** AWS's registration tokens live four hours. */
const TOKEN_HOURS = 4;

@Injectable()
export class Subscriptions {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Accepts an offer. Subscribing to a product that one is subscribed to gives the running agreement back.
   * @throws DomainError `missing`, `offer_withdrawn`, `terms_changed`, `not_listed`.
   */
  async subscribe(caller: Caller, { offerId, termsSha256 }: NewSubscription): Promise<SubscriptionView> {
    return this.db.transaction(async (tx) => {
      const offer = await tx.findOneBy(Offer, { id: offerId });
      if (!offer) throw missing('offer');
      const running = await activeSubscription(tx, caller.organizationId, offer.productId);
      if (running) return view(tx, running);
      await this.assertOnSale(tx, offer, termsSha256);
      const now = this.clock.now();
      const id = newId();
      const product = await tx.findOneByOrFail(Product, { id: offer.productId });
      const vendor = await tx.findOneByOrFail(Organization, { id: product.vendorId });
      const subscription: Subscription = {
        id,
        buyerId: caller.organizationId,
        vendorId: product.vendorId,
        productId: product.id,
        offerId,
        priceVersionId: (await currentPriceVersion(tx, offerId, now))!.id,
        currency: offer.currency,
        termsSha256,
        acceptedBy: caller.userId,
        customerIdentifier: randomBytes(8).toString('hex').slice(0, 11),
        licenseArn: `arn:aws:license-manager::${vendor.awsAccountId ?? '000000000000'}:license:l-${id.replaceAll('-', '')}`,
        startedAt: now,
        endedAt: null,
        hasTrial: false,
        trialConvertedAt: null,
        endsAt: null,
      };
      const inserted = await tx
        .createQueryBuilder()
        .insert()
        .into(Subscription)
        .values(subscription)
        .orIgnore()
        .returning('id')
        .execute();
      // Two clicks at once: the unique index let one of them through, and both get that agreement.
      if (inserted.raw.length === 0) return view(tx, (await activeSubscription(tx, caller.organizationId, product.id))!);
      await this.doorbell.ring(tx, 'billing.open-period', id);
      await this.doorbell.ring(tx, 'metering.meter-runtime', id);
      await this.doorbell.ring(tx, 'launcher.share-images', product.id);
      return view(tx, subscription);
    });
  }

  /** A buyer's own, or a vendor's customers. */
  async list(caller: Caller): Promise<SubscriptionView[]> {
    const own = caller.kind === 'vendor' ? { vendorId: caller.organizationId } : { buyerId: caller.organizationId };
    const found = await this.db.manager.find(Subscription, { where: own, order: { startedAt: 'desc' } });
    return views(this.db.manager, found);
  }

  async get(caller: Caller, id: string): Promise<SubscriptionView> {
    return view(this.db.manager, await ownSubscription(this.db.manager, caller, id));
  }

  /** Ends an agreement and everything that runs under it. Ending twice is the same as once. */
  async end(caller: Caller, id: string): Promise<SubscriptionView> {
    return this.db.transaction(async (tx) => {
      const subscription = await ownSubscription(tx, caller, id);
      if (subscription.endedAt) return view(tx, subscription);
      const now = this.clock.now();
      await tx.update(Subscription, { id }, { endedAt: now });
      const launches = await tx.findBy(Launch, { subscriptionId: id, desired: Not('terminated') });
      await tx.update(Launch, { id: In(launches.map((launch) => launch.id)) }, { desired: 'terminated', desiredAt: now });
      for (const launch of launches) await this.doorbell.ring(tx, 'launcher.reconcile-launch', launch.id);
      const fleets = await tx.findBy(Fleet, { subscriptionId: id, endedAt: IsNull() });
      await tx.update(Fleet, { id: In(fleets.map((fleet) => fleet.id)) }, endOfFleet(now));
      for (const fleet of fleets) await this.doorbell.ring(tx, 'launcher.scale-fleet', fleet.id);
      await this.doorbell.ring(tx, 'launcher.share-images', subscription.productId);
      return view(tx, { ...subscription, endedAt: now });
    });
  }

  /** Proof of who subscribed, for the vendor's own sign-up page; lives four hours. */
  async registrationToken(caller: Caller, id: string): Promise<RegistrationTokenView> {
    const subscription = await ownSubscription(this.db.manager, caller, id);
    if (subscription.endedAt) throw new DomainError('conflict', 'subscription_ended', 'This subscription has ended.');
    const registrationToken = randomBytes(48).toString('base64');
    const expiresAt = new Date(this.clock.now().getTime() + TOKEN_HOURS * 3_600_000);
    await this.db.manager.insert(RegistrationToken, {
      tokenSha256: createHash('sha256').update(registrationToken).digest('hex'),
      subscriptionId: id,
      expiresAt,
    });
    return { registrationToken, expiresAt: expiresAt.toISOString() };
  }

  private async assertOnSale(tx: EntityManager, offer: Offer, termsSha256: string): Promise<void> {
    if (offer.withdrawnAt)
      throw new DomainError('conflict', 'offer_withdrawn', 'This offer has been replaced; look at the product again.');
    const listing = await tx.findOneBy(Listing, { productId: offer.productId, state: 'public' });
    if (!listing) throw new DomainError('conflict', 'not_listed', 'This product is not sold at the moment.');
    if (offer.termsSha256 !== termsSha256) {
      throw new DomainError(
        'conflict',
        'terms_changed',
        'The terms are not those you were shown; read them again and accept those.',
      );
    }
  }
}

/** The buyer's own subscription (or a customer's of the vendor's, for reading). @throws DomainError `missing`, also when foreign. */
async function ownSubscription(tx: EntityManager, caller: Caller, id: string): Promise<Subscription> {
  const own = caller.kind === 'vendor' ? { vendorId: caller.organizationId } : { buyerId: caller.organizationId };
  const subscription = await tx.findOneBy(Subscription, { id, ...own });
  if (!subscription) throw missing('subscription');
  return subscription;
}

const activeSubscription = (tx: EntityManager, buyerId: string, productId: string): Promise<Subscription | null> =>
  tx
    .createQueryBuilder(Subscription, 's')
    .where('s.buyer_id = :buyerId and s.product_id = :productId and s.ended_at is null', { buyerId, productId })
    .getOne();

async function view(tx: EntityManager, subscription: Subscription): Promise<SubscriptionView> {
  return (await views(tx, [subscription]))[0]!;
}

/** Three queries, however many subscriptions. */
async function views(tx: EntityManager, subscriptions: Subscription[]): Promise<SubscriptionView[]> {
  const productIds = subscriptions.map((subscription) => subscription.productId);
  const partyIds = subscriptions.flatMap(({ vendorId, buyerId }) => [vendorId, buyerId]);
  const products = byKey(await tx.findBy(Product, { id: In(productIds) }), (product) => product.id);
  const listings = byKey(await tx.findBy(Listing, { productId: In(productIds) }), (listing) => listing.productId);
  const parties = byKey(await tx.findBy(Organization, { id: In(partyIds) }), (party) => party.id);
  return subscriptions.map((subscription) => ({
    id: subscription.id,
    productId: subscription.productId,
    product: products.get(subscription.productId)!.name,
    slug: listings.get(subscription.productId)?.slug ?? null,
    vendor: parties.get(subscription.vendorId)!.name,
    buyer: parties.get(subscription.buyerId)!.name,
    offerId: subscription.offerId,
    priceVersionId: subscription.priceVersionId,
    termsSha256: subscription.termsSha256,
    currency: subscription.currency,
    customerIdentifier: subscription.customerIdentifier,
    licenseArn: subscription.licenseArn,
    startedAt: subscription.startedAt.toISOString(),
    endedAt: subscription.endedAt?.toISOString() ?? null,
  }));
}

const byKey = <T>(rows: T[], keyOf: (row: T) => string): Map<string, T> => new Map(rows.map((row) => [keyOf(row), row]));
