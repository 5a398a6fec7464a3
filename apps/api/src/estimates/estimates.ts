/**
 * What a launch would cost, before it is made. Reads offers, prices and listings, and what AWS charges
 * (launcher.infrastructure_price); the arithmetic is libs/domain/estimate.ts.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In, LessThanOrEqual, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import {
  estimateInfrastructure,
  estimateSoftware,
  type InfrastructureEstimate,
  type Need,
  type SoftwareEstimate,
} from '#domain/estimate.ts';
import { inOneCurrency, priceAt } from '#domain/infrastructure.ts';
import { formatRate, type Rate } from '#domain/money.ts';
import type { PriceVersion } from '#domain/pricing/price.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Listing } from '#tables/api/listing.ts';
import { Offer } from '#tables/api/offer.ts';
import { Product } from '#tables/api/product.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';
import { assertOffered } from '../launches/launches.ts';
import { offeredRegions } from '../versions/offered-regions.ts';
import { standingOffer } from '../offers/offers.ts';
import { currentPriceVersion, readVersion } from '../offers/price-lists.ts';
import type { EstimateQuery, EstimateView } from './estimates.schema.ts';

type Asked = Pick<EstimateQuery, 'productId' | 'offerId' | 'subscriptionId'>;

@Injectable()
export class Estimates {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * @param caller nobody sees what is on sale; a buyer also what they subscribed to, a vendor what is theirs.
   * @throws DomainError `missing`; `region_not_offered`, `instance_type_not_offered`, `no_price`, `no_such_dimension`, `no_infrastructure_cost`.
   */
  async estimate(caller: Caller | undefined, query: EstimateQuery): Promise<EstimateView> {
    const tx = this.db.manager;
    const { offer, version } = await inSight(tx, caller, query);
    assertOffered(version, await offeredRegions(this.db.manager, version), query);
    const prices = await this.versionOf(tx, offer);
    const size = { machines: BigInt(query.machines), hours: BigInt(query.hoursPerMonth) };
    const needs = needsOf(query, version);
    const costs = await this.pricesOf(tx, query.region, needs, offer.currency);
    const infrastructure = estimateInfrastructure({
      needs,
      ...size,
      priceOf: (need) => costs.find((price) => price.kind === need.kind && price.type === need.type),
    });
    const currency = costs[0]?.currency ?? null;
    const software = estimateSoftware({
      version: prices,
      currency: offer.currency,
      instanceType: query.instanceType,
      ...size,
      quantities: new Map(query.quantities),
      infrastructurePerMonth: currency === offer.currency ? infrastructure.perMonth : null,
    });
    return {
      productId: offer.productId,
      offerId: offer.id,
      priceVersionId: prices.id,
      region: query.region,
      instanceType: query.instanceType,
      machines: query.machines,
      hoursPerMonth: query.hoursPerMonth,
      software: { currency: offer.currency, ...softwareView(software) },
      infrastructure: { currency, ...infrastructureView(infrastructure) },
      total: totalOf(offer.currency, software, currency, infrastructure),
    };
  }

  private async versionOf(tx: EntityManager, offer: Offer): Promise<PriceVersion> {
    const version = await currentPriceVersion(tx, offer.id, this.clock.now());
    if (!version) throw new DomainError('conflict', 'no_price', 'This offer has no price in force yet.');
    return readVersion(tx, version);
  }

  /** The prices in force of what is needed, all in one currency. */
  private async pricesOf(tx: EntityManager, region: string, needs: Need[], currency: string): Promise<InfrastructurePrice[]> {
    const now = this.clock.now();
    const known = await tx.findBy(InfrastructurePrice, {
      region,
      type: In(needs.map((need) => need.type)),
      effectiveFrom: LessThanOrEqual(now),
    });
    const histories = Map.groupBy(inOneCurrency(known, currency), ({ kind, type }) => `${kind} ${type}`);
    return [...histories.values()].map((versions) => priceAt(versions, now)!);
  }
}

/** The offer that was asked for and the version that a launch would run. @throws DomainError `missing` for what the caller may not see. */
async function inSight(tx: EntityManager, caller: Caller | undefined, asked: Asked): Promise<{ offer: Offer; version: Version }> {
  const offer = await askedOffer(tx, caller, asked);
  const listing = offer && (await tx.findOneBy(Listing, { productId: offer.productId }));
  const version = listing && (await tx.findOneBy(Version, { id: listing.versionId }));
  if (!version) throw missing(nounOf(asked));
  const isOnSale = listing.state === 'public' && offer.withdrawnAt === null;
  if (!isOnSale && !(await isOwn(tx, caller, offer))) throw missing(nounOf(asked));
  return { offer, version };
}

async function askedOffer(
  tx: EntityManager,
  caller: Caller | undefined,
  { productId, offerId, subscriptionId }: Asked,
): Promise<Offer | null> {
  if (productId) return standingOffer(tx, productId);
  if (offerId) return tx.findOneBy(Offer, { id: offerId });
  const buyerId = caller?.kind === 'buyer' ? caller.organizationId : null;
  const subscription = buyerId && (await tx.findOneBy(Subscription, { id: subscriptionId, buyerId }));
  return subscription ? tx.findOneBy(Offer, { id: subscription.offerId }) : null;
}

/** Sold by the caller, or subscribed to. */
async function isOwn(tx: EntityManager, caller: Caller | undefined, offer: Offer): Promise<boolean> {
  if (caller?.kind === 'vendor') return tx.existsBy(Product, { id: offer.productId, vendorId: caller.organizationId });
  return caller?.kind === 'buyer' && tx.existsBy(Subscription, { offerId: offer.id, buyerId: caller.organizationId });
}

const nounOf = ({ productId, offerId }: Asked): string => (productId ? 'product' : offerId ? 'offer' : 'subscription');

/** The data volumes are the version's unless others are given. */
function needsOf({ instanceType, volumes, snapshotGib }: EstimateQuery, { dataVolumes }: Version): Need[] {
  const disks = volumes ?? dataVolumes.map(({ type, sizeGib }): [string, bigint] => [type, BigInt(sizeGib)]);
  return [
    { kind: 'instance', type: instanceType, amount: 1n },
    ...disks.map(([type, amount]): Need => ({ kind: 'volume', type, amount })),
    ...(snapshotGib > 0 ? [{ kind: 'snapshot' as const, type: 'standard', amount: BigInt(snapshotGib) }] : []),
  ];
}

const written = (amount: Rate | null): string | null => (amount === null ? null : formatRate(amount));

const softwareView = ({ lines, perHour, perMonth }: SoftwareEstimate): Omit<EstimateView['software'], 'currency'> => ({
  lines: lines.map((line) => ({
    dimension: line.charge.dimension,
    description: line.charge.description,
    unit: line.charge.unit,
    rate: written(line.charge.rate),
    quantity: String(line.quantity),
    isGiven: line.isGiven,
    perHour: written(line.perHour),
    perMonth: formatRate(line.perMonth),
  })),
  perHour: formatRate(perHour),
  perMonth: formatRate(perMonth),
});

const infrastructureView = ({
  lines,
  perHour,
  perMonth,
}: InfrastructureEstimate): Omit<EstimateView['infrastructure'], 'currency'> => ({
  lines: lines.map(({ need, price, ...line }) => ({
    kind: need.kind,
    type: need.type,
    amount: String(need.amount),
    rate: written(price && price.rate),
    source: price?.source ?? null,
    effectiveFrom: price?.effectiveFrom.toISOString() ?? null,
    perHour: written(line.perHour),
    perMonth: written(line.perMonth),
  })),
  perHour: written(perHour),
  perMonth: written(perMonth),
});

function totalOf(
  currency: string,
  software: SoftwareEstimate,
  otherCurrency: string | null,
  { perHour, perMonth }: InfrastructureEstimate,
): EstimateView['total'] {
  if (perHour === null || perMonth === null || currency !== otherCurrency) return null;
  return { currency, perHour: formatRate(software.perHour + perHour), perMonth: formatRate(software.perMonth + perMonth) };
}
