/** What billing knows of agreements: prices, commitments and trials, as api wrote them. The only reader of those tables. */
import { Injectable } from '@nestjs/common';
import { In, IsNull, type EntityManager } from 'typeorm';
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
    const { agreements, versions } = await this.ofAll(tx, subscription.offerId, [subscription]);
    return { agreement: agreements.get(subscription.id)!, versions };
  }

  /** By subscription, to whatever offers they are. */
  async ofEach(tx: EntityManager, subscriptions: readonly Subscription[]): Promise<Map<string, PricedAgreement>> {
    const priced = new Map<string, PricedAgreement>();
    for (const [offerId, own] of Map.groupBy(subscriptions, (subscription) => subscription.offerId)) {
      const { agreements, versions } = await this.ofAll(tx, offerId, own);
      for (const [id, agreement] of agreements) priced.set(id, { agreement, versions });
    }
    return priced;
  }

  /** By subscription. @param subscriptions to the offer. */
  async ofAll(
    tx: EntityManager,
    offerId: string,
    subscriptions: readonly Subscription[],
  ): Promise<{ agreements: Map<string, Agreement>; versions: DomainVersion[] }> {
    const rows = await tx.find(PriceVersion, { where: { offerId, withdrawnAt: IsNull() }, order: { effectiveFrom: 'asc' } });
    const commitments = Map.groupBy(
      await tx.find(Commitment, {
        where: { subscriptionId: In(subscriptions.map(({ id }) => id)) },
        order: { startsAt: 'asc', id: 'asc' },
      }),
      (commitment) => commitment.subscriptionId,
    );
    const agreements = new Map(
      subscriptions.map((subscription): [string, Agreement] => {
        const { id, startedAt, endedAt, currency, hasTrial, trialConvertedAt, priceVersionId } = subscription;
        const trial = hasTrial ? (rows.find((row) => row.id === priceVersionId)?.trial ?? null) : null;
        const agreement = {
          startedAt,
          endedAt,
          currency,
          trial: trial === null ? null : { ...readTrial(trial), convertedAt: trialConvertedAt },
          commitments: commitments.get(id) ?? [],
        };
        return [id, agreement];
      }),
    );
    return { agreements, versions: await versionsOf(tx, rows) };
  }
}

async function versionsOf(tx: EntityManager, rows: readonly PriceVersion[]): Promise<DomainVersion[]> {
  const prices = Map.groupBy(
    await tx.find(Price, { where: { priceVersionId: In(rows.map((row) => row.id)) }, order: { dimension: 'asc' } }),
    (price) => price.priceVersionId,
  );
  return rows.map(({ id, effectiveFrom, minimumSpend }) => ({
    id,
    effectiveFrom,
    minimumSpend,
    prices: (prices.get(id) ?? []).map((price) => readPrice(price)),
  }));
}
