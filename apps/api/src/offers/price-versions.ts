/** Changes of prices for those who have subscribed: down from today on, up with 90 days' notice (libs/domain/pricing/change.ts). */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { changeOf, earliestFrom, isIncrease, isStart, type PriceChange } from '#domain/pricing/change.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { listOf } from '#platform/price-list.schema.ts';
import { Offer } from '#tables/api/offer.ts';
import { PriceVersion } from '#tables/api/price-version.ts';
import { ownProduct } from '../products/own-product.ts';
import { copyGrants } from './entitlements.ts';
import { insertVersion, listView, readVersion } from './price-lists.ts';
import type { NewPriceVersion, PriceVersionView } from './price-versions.schema.ts';

@Injectable()
export class PriceVersions {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Announces prices for everybody who has subscribed to an offer, and for who does so from then on.
   * @throws DomainError `missing`; `offer_is_private`, `other_prices`, `nothing_changes`, `too_early`, `not_a_start`, `day_is_taken`
   */
  async change(caller: Caller, offerId: string, given: NewPriceVersion): Promise<PriceVersionView> {
    return this.db.transaction(async (tx) => {
      const offer = await ownOffer(tx, caller, offerId);
      if (offer.kind === 'private')
        throw new DomainError(
          'conflict',
          'offer_is_private',
          'The prices of a private offer were agreed upon; make another offer.',
        );
      // Two changes at once take turns here; each is compared with what the other announced.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('api.price_version ' || $1, 0))`, [offerId]);
      const now = this.clock.now();
      const versions = await standing(tx, offerId);
      // Prices that begin later are compared with those that would hold then, announced or not.
      const before =
        inForce(versions, given.effectiveFrom === undefined ? now : new Date(given.effectiveFrom)) ?? inForce(versions, now)!;
      const kind = changeOf(await readVersion(tx, before), listOf(given));
      const earliest = earliestFrom(kind, { now, newest: inForce(versions, now)!.effectiveFrom });
      const effectiveFrom = startOf(kind, earliest, given.effectiveFrom);
      if (versions.some((version) => version.effectiveFrom.getTime() === effectiveFrom.getTime()))
        throw new DomainError(
          'conflict',
          'day_is_taken',
          'Other prices begin on that day; take those back, or choose another day.',
        );
      const id = await insertVersion(tx, offerId, given, { effectiveFrom, noticeGivenAt: now, createdAt: now });
      await copyGrants(tx, before.id, id);
      return this.view(tx, offerId, id);
    });
  }

  /** All versions of an offer, oldest first, with those that were taken back. */
  async list(caller: Caller, offerId: string): Promise<PriceVersionView[]> {
    await ownOffer(this.db.manager, caller, offerId);
    return views(this.db.manager, offerId);
  }

  /** Takes announced prices back. Twice is the same as once. @throws DomainError `missing`, `prices_hold` */
  async withdraw(caller: Caller, offerId: string, id: string): Promise<PriceVersionView> {
    return this.db.transaction(async (tx) => {
      await ownOffer(tx, caller, offerId);
      const version = await tx.findOneBy(PriceVersion, { id, offerId });
      if (!version) throw missing('price_version');
      const now = this.clock.now();
      if (version.effectiveFrom <= now)
        throw new DomainError('conflict', 'prices_hold', 'These prices hold already; announce others to change them.');
      await tx.update(PriceVersion, { id, withdrawnAt: IsNull() }, { withdrawnAt: now });
      return this.view(tx, offerId, id);
    });
  }

  private async view(tx: EntityManager, offerId: string, id: string): Promise<PriceVersionView> {
    return (await views(tx, offerId)).find((version) => version.id === id)!;
  }
}

/** The caller's offer, also one that was replaced. @throws DomainError `missing`, also when it is another vendor's. */
async function ownOffer(tx: EntityManager, caller: Caller, id: string): Promise<Offer> {
  const offer = await tx.findOneBy(Offer, { id });
  if (!offer) throw missing('offer');
  await ownProduct(tx, caller, offer.productId).catch(() => {
    throw missing('offer');
  });
  return offer;
}

const standing = (tx: EntityManager, offerId: string): Promise<PriceVersion[]> =>
  tx.find(PriceVersion, { where: { offerId, withdrawnAt: IsNull() }, order: { effectiveFrom: 'asc' } });

const inForce = (versions: readonly PriceVersion[], at: Date): PriceVersion | undefined =>
  versions.findLast((version) => version.effectiveFrom <= at);

/** @throws DomainError `too_early`, `not_a_start` */
function startOf(kind: PriceChange, earliest: Date, wanted: string | undefined): Date {
  if (wanted === undefined) return earliest;
  const at = new Date(wanted);
  if (at < earliest)
    throw new DomainError(
      'conflict',
      'too_early',
      kind === 'increase'
        ? `An increase needs 90 days' notice and begins with a month: not before ${earliest.toISOString()}.`
        : `These prices may begin at ${earliest.toISOString()} at the earliest.`,
    );
  if (!isStart(kind, at))
    throw new DomainError(
      'conflict',
      'not_a_start',
      kind === 'increase' ? 'An increase begins with a month, at 00:00 UTC.' : 'Prices begin with a day, at 00:00 UTC.',
    );
  return at;
}

async function views(tx: EntityManager, offerId: string): Promise<PriceVersionView[]> {
  const versions = await tx.find(PriceVersion, { where: { offerId }, order: { effectiveFrom: 'asc', createdAt: 'asc' } });
  const lists = await Promise.all(versions.map((version) => readVersion(tx, version)));
  return Promise.all(
    versions.map(async (version, index) => {
      const before = lists[versions.slice(0, index).findLastIndex((other) => other.withdrawnAt === null)];
      const { trial: _trial, ...list } = await listView(tx, version);
      const change = before && isIncrease(before, lists[index]!) ? 'increase' : 'decrease';
      return {
        id: version.id,
        offerId,
        change: before ? change : 'first',
        effectiveFrom: version.effectiveFrom.toISOString(),
        noticeGivenAt: version.noticeGivenAt?.toISOString() ?? null,
        withdrawnAt: version.withdrawnAt?.toISOString() ?? null,
        ...list,
      };
    }),
  );
}
