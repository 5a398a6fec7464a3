/** Agreements of buyers to offers. What was accepted, text and prices, is kept as it was. */
import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Listing } from '#tables/api/listing.ts';
import { Offer } from '#tables/api/offer.ts';
import { Organization } from '#tables/api/organization.ts';
import { PriceVersion } from '#tables/api/price-version.ts';
import { Product } from '#tables/api/product.ts';
import { RegistrationToken } from '#tables/api/registration-token.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { redeem } from '../coupons/coupons.ts';
import type { EndingQuery } from '../launches/launches.schema.ts';
import { currentPriceVersion } from '../offers/price-lists.ts';
import { assertOnSale, endsAtOf, mayTry, offerFor } from './agreed.ts';
import { commit, isByContract } from './commitments.ts';
import { endAll } from './end-subscription.ts';
import { ownSubscription } from './own-subscription.ts';
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
   * @throws DomainError `missing`; `offer_withdrawn`, `offer_expired`, `terms_changed`, `not_listed`, `already_subscribed`,
   *   `choose_a_contract`, `no_such_contract`, and what a coupon may be refused for.
   */
  async subscribe(caller: Caller, given: NewSubscription): Promise<SubscriptionView> {
    return this.db.transaction(async (tx) => {
      const offer = await offerFor(tx, caller, given.offerId);
      const running = await activeSubscription(tx, caller.organizationId, offer.productId);
      if (running) return view(tx, asAgreed(running, offer));
      const now = this.clock.now();
      await assertOnSale(tx, offer, { termsSha256: given.termsSha256, now });
      const subscription = await this.agreement(tx, caller, offer, now);
      const { id, productId } = subscription;
      const inserted = await tx
        .createQueryBuilder()
        .insert()
        .into(Subscription)
        .values(subscription)
        .orIgnore()
        .returning('id')
        .execute();
      // Two clicks at once: the unique index let one of them through, and both get that agreement.
      if (inserted.raw.length === 0) return view(tx, (await activeSubscription(tx, caller.organizationId, productId))!);
      await this.commitAndRedeem(tx, subscription, given);
      await this.doorbell.ring(tx, 'billing.open-period', id);
      await this.doorbell.ring(tx, 'metering.meter-runtime', id);
      await this.doorbell.ring(tx, 'launcher.share-images', productId);
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

  /** Ends an agreement and everything that runs under it, as each launch is set to end unless said otherwise. Ending twice is the same as once. */
  async end(caller: Caller, id: string, ending: EndingQuery = {}): Promise<SubscriptionView> {
    return this.db.transaction(async (tx) => {
      const subscription = await ownSubscription(tx, caller, id);
      if (subscription.endedAt) return view(tx, subscription);
      const now = this.clock.now();
      await endAll(tx, this.doorbell, subscription, { now, ending });
      return view(tx, { ...subscription, endedAt: now });
    });
  }

  /**
   * Says yes to what comes after a trial that ends by itself: from its end on, or from tomorrow where that is over, everything is
   * charged. Twice is the same as once.
   * @throws DomainError `missing`; `subscription_ended`, `no_trial`
   */
  async convertTrial(caller: Caller, id: string): Promise<SubscriptionView> {
    return this.db.transaction(async (tx) => {
      await ownSubscription(tx, caller, id);
      const subscription = await tx.findOneOrFail(Subscription, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const version = await tx.findOneByOrFail(PriceVersion, { id: subscription.priceVersionId });
      if (!subscription.hasTrial || version.trial?.afterwards !== 'ends')
        throw new DomainError(
          'conflict',
          'no_trial',
          'This subscription has no trial that would end it; nothing has to be said.',
        );
      if (subscription.trialConvertedAt) return view(tx, subscription);
      if (subscription.endedAt)
        throw new DomainError(
          'conflict',
          'subscription_ended',
          'The trial has ended, and the subscription with it; subscribe again.',
        );
      const converted = { ...subscription, trialConvertedAt: this.clock.now() };
      const offer = await tx.findOneByOrFail(Offer, { id: subscription.offerId });
      const change = { trialConvertedAt: converted.trialConvertedAt, endsAt: endsAtOf(converted, offer, version) };
      await tx.update(Subscription, { id }, change);
      return view(tx, { ...subscription, ...change });
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

  /** The agreement as it is written down: prices in force, trial and end with it. */
  private async agreement(tx: EntityManager, caller: Caller, offer: Offer, now: Date): Promise<Subscription> {
    const id = newId();
    const product = await tx.findOneByOrFail(Product, { id: offer.productId });
    const vendor = await tx.findOneByOrFail(Organization, { id: product.vendorId });
    const version = (await currentPriceVersion(tx, offer.id, now))!;
    const hasTrial = await mayTry(tx, version, { buyerId: caller.organizationId, productId: product.id });
    return {
      id,
      buyerId: caller.organizationId,
      vendorId: product.vendorId,
      productId: product.id,
      offerId: offer.id,
      priceVersionId: version.id,
      currency: offer.currency,
      termsSha256: offer.termsSha256,
      acceptedBy: caller.userId,
      customerIdentifier: randomBytes(8).toString('hex').slice(0, 11),
      licenseArn: `arn:aws:license-manager::${vendor.awsAccountId ?? '000000000000'}:license:l-${id.replaceAll('-', '')}`,
      startedAt: now,
      endedAt: null,
      hasTrial,
      trialConvertedAt: null,
      endsAt: endsAtOf({ startedAt: now, hasTrial, trialConvertedAt: null }, offer, version),
    };
  }

  private async commitAndRedeem(
    tx: EntityManager,
    subscription: Subscription,
    { commitments, coupon }: NewSubscription,
  ): Promise<void> {
    const { id: subscriptionId, priceVersionId, startedAt: now } = subscription;
    if (commitments.length === 0 && (await isByContract(tx, priceVersionId)))
      throw new DomainError(
        'conflict',
        'choose_a_contract',
        'This is sold by contract: say in "commitments" how much for how long.',
      );
    for (const given of commitments) await commit(tx, { subscriptionId, priceVersionId, given, now });
    if (coupon !== undefined) await redeem(tx, subscription, { code: coupon, now });
  }
}

/** A private offer is not what the buyer runs already; who wants its prices ends the other first. @throws DomainError `already_subscribed` */
function asAgreed(running: Subscription, offer: Offer): Subscription {
  if (offer.kind === 'public' || running.offerId === offer.id) return running;
  throw new DomainError(
    'conflict',
    'already_subscribed',
    'You have subscribed to this product at other prices; end that subscription, then accept this offer.',
  );
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
    endsAt: subscription.endsAt?.toISOString() ?? null,
    hasTrial: subscription.hasTrial,
    trialConvertedAt: subscription.trialConvertedAt?.toISOString() ?? null,
  }));
}

const byKey = <T>(rows: T[], keyOf: (row: T) => string): Map<string, T> => new Map(rows.map((row) => [keyOf(row), row]));
