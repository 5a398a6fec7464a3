/** Price versions and their prices, between the tables and the domain. They are written once and never changed. */
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { formatRate } from '#domain/money.ts';
import type { PriceVersion as DomainVersion } from '#domain/pricing/price.ts';
import { readPrice, storedPrice, type StoredTrial } from '#domain/pricing/stored-price.ts';
import { newId } from '#platform/ids.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import type { NewOffer, OfferView } from './offers.schema.ts';
import { listOf } from '#platform/price-list.schema.ts';
import type { Trial } from '#platform/prices.schema.ts';
import { priceViews } from '#platform/price-shapes.ts';

type NewList = Pick<NewOffer, 'prices' | 'minimumSpend' | 'trial'>;
type Dates = Pick<PriceVersion, 'effectiveFrom' | 'noticeGivenAt' | 'createdAt'>;

/** @returns the id of the version. */
export async function insertVersion(tx: EntityManager, offerId: string, given: NewList, dates: Dates): Promise<string> {
  const id = newId();
  const { prices, minimumSpend } = listOf(given);
  const version: PriceVersion = {
    id,
    offerId,
    ...dates,
    withdrawnAt: null,
    minimumSpend,
    trial: given.trial === undefined ? null : storedTrial(given.trial),
  };
  await tx.insert(PriceVersion, version);
  await tx.insert(
    Price,
    prices.map((price) => ({ priceVersionId: id, ...storedPrice(price) })),
  );
  return id;
}

/** The price version in force now: the newest that has begun. */
export const currentPriceVersion = (tx: EntityManager, offerId: string, now: Date): Promise<PriceVersion | null> =>
  tx
    .createQueryBuilder(PriceVersion, 'version')
    .where('version.offer_id = :offerId and version.effective_from <= :now and version.withdrawn_at is null', { offerId, now })
    .orderBy('version.effective_from', 'DESC')
    .getOne();

/** Versions that have not begun, soonest first. */
export const announcedVersions = (tx: EntityManager, offerId: string, now: Date): Promise<PriceVersion[]> =>
  tx.find(PriceVersion, {
    where: { offerId, withdrawnAt: IsNull(), effectiveFrom: MoreThan(now) },
    order: { effectiveFrom: 'asc' },
  });

export async function readVersion(tx: EntityManager, version: PriceVersion): Promise<DomainVersion> {
  const rows = await tx.find(Price, { where: { priceVersionId: version.id }, order: { model: 'asc', dimension: 'asc' } });
  return {
    id: version.id,
    effectiveFrom: version.effectiveFrom,
    prices: rows.map((row) => readPrice(row)),
    minimumSpend: version.minimumSpend,
  };
}

export async function listView(
  tx: EntityManager,
  version: PriceVersion,
): Promise<Pick<OfferView, 'prices' | 'minimumSpend' | 'trial'>> {
  const { prices, minimumSpend } = await readVersion(tx, version);
  return {
    prices: priceViews(prices),
    ...(minimumSpend !== null && { minimumSpend: formatRate(minimumSpend) }),
    ...(version.trial !== null && { trial: trialView(version.trial) }),
  };
}

const storedTrial = (trial: Trial): StoredTrial => ('days' in trial ? trial : { ...trial, quantity: String(trial.quantity) });

export const trialView = (trial: StoredTrial): Trial =>
  'days' in trial ? trial : { ...trial, quantity: Number(trial.quantity) };
