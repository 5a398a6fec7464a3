/** What billing knows of agreements: prices, commitments and trials, as api wrote them. The only reader of those tables. */
import { Injectable } from '@nestjs/common';
import { In, IsNull, type EntityManager } from 'typeorm';
import type { Commitment as Committed } from '#domain/pricing/commitment.ts';
import type { PriceVersion as DomainVersion } from '#domain/pricing/price.ts';
import type { Agreement } from '#domain/pricing/rate-period.ts';
import { readPrice, readTrial } from '#domain/pricing/stored-price.ts';
import { Commitment } from '#tables/api/commitment.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import type { Subscription } from '#tables/api/subscription.ts';

export interface PricedAgreement {
  agreement: Agreement;
  /** Of its offer, but for those that were taken back before they began. */
  versions: DomainVersion[];
}

@Injectable()
export class Agreements {
  async of(tx: EntityManager, subscription: Subscription): Promise<PricedAgreement> {
    const rows = await tx.find(PriceVersion, {
      where: { offerId: subscription.offerId, withdrawnAt: IsNull() },
      order: { effectiveFrom: 'asc' },
    });
    const prices = Map.groupBy(
      await tx.find(Price, { where: { priceVersionId: In(rows.map((row) => row.id)) }, order: { dimension: 'asc' } }),
      (price) => price.priceVersionId,
    );
    const { startedAt, endedAt, currency, hasTrial, trialConvertedAt } = subscription;
    const trial = hasTrial ? (rows.find((row) => row.id === subscription.priceVersionId)?.trial ?? null) : null;
    return {
      agreement: {
        startedAt,
        endedAt,
        currency,
        trial: trial === null ? null : { ...readTrial(trial), convertedAt: trialConvertedAt },
        commitments: await commitmentsOf(tx, subscription.id),
      },
      versions: rows.map(({ id, effectiveFrom, minimumSpend }) => ({
        id,
        effectiveFrom,
        minimumSpend,
        prices: (prices.get(id) ?? []).map((price) => readPrice(price)),
      })),
    };
  }
}

const commitmentsOf = (tx: EntityManager, subscriptionId: string): Promise<Committed[]> =>
  tx.find(Commitment, { where: { subscriptionId }, order: { startsAt: 'asc', id: 'asc' } });
