/** Turns the usage of a period that is over into charges: exact, one per dimension and price version. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { formatRate } from '#domain/money.ts';
import { rate, type PriceSchedule, type RatedCharge } from '#domain/pricing.ts';
import { unitSizeOf } from '#domain/runtime.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Charge } from '#tables/billing/charge.ts';
import { Period } from '#tables/billing/period.ts';
import { BillingConfig } from '../config.ts';
import { Metered, type UsageSource } from './metered.ts';

type Rated = RatedCharge<UsageSource>;

@Injectable()
export class RatePeriod extends Stage {
  readonly queue = 'billing.rate-period';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly metered: Metered,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a period. Rating it again, or by two workers at once, changes nothing. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const period = await tx.findOne(Period, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!period || (await this.metered.complete(this.closedBefore(), id, tx)).length === 0) return;
      const subscription = await tx.findOneByOrFail(Subscription, { id: period.subscriptionId });
      const charges = await this.rate(tx, period, subscription);
      if (charges.length > 0)
        await tx.insert(
          Charge,
          charges.map((charge) => rowOf(charge, period, subscription)),
        );
      await tx.update(Period, { id }, { state: 'rated', inputSha: hashOf(charges) });
      await this.doorbell.ring(tx, 'billing.close-period', id);
    });
  }

  due(): Promise<string[]> {
    return this.metered.complete(this.closedBefore());
  }

  /** What the period rates to now. @returns the hash to compare with the one that was kept: the same usage gives the same bytes. */
  async rerate(id: string): Promise<{ charges: Rated[]; inputSha: Buffer }> {
    const period = await this.db.manager.findOneByOrFail(Period, { id });
    const subscription = await this.db.manager.findOneByOrFail(Subscription, { id: period.subscriptionId });
    const charges = await this.rate(this.db.manager, period, subscription);
    return { charges, inputSha: hashOf(charges) };
  }

  /** Periods that ended by then may be rated: AWS too accepts a month's usage until 06:00 UTC on the 1st. */
  private closedBefore(): Date {
    return new Date(this.clock.now().getTime() - this.config.CLOSE_GRACE_HOURS * 3_600_000);
  }

  private async rate(tx: EntityManager, period: Period, { offerId, startedAt }: Subscription): Promise<Rated[]> {
    const usage = await this.metered.usageOf(period.subscriptionId, { from: period.startsAt, to: period.endsAt });
    return rate({ usage, versions: await schedulesOf(tx, offerId), startedAt });
  }
}

async function schedulesOf(tx: EntityManager, offerId: string): Promise<PriceSchedule[]> {
  const versions = await tx.findBy(PriceVersion, { offerId });
  const prices = await tx.findBy(Price, { priceVersionId: In(versions.map((version) => version.id)) });
  return versions.map(({ id, effectiveFrom }) => ({
    id,
    effectiveFrom,
    prices: prices.flatMap((price) => (price.priceVersionId === id ? [{ ...price, unitSize: unitSizeOf(price.increment) }] : [])),
  }));
}

const rowOf = (charge: Rated, period: Period, subscription: Subscription): Charge => ({
  id: newId(),
  periodId: period.id,
  subscriptionId: subscription.id,
  buyerId: subscription.buyerId,
  vendorId: subscription.vendorId,
  productId: subscription.productId,
  dimension: charge.price.dimension,
  priceVersionId: charge.priceVersionId,
  description: charge.price.description,
  unit: charge.price.unit,
  quantity: charge.quantity,
  unitSize: charge.price.unitSize,
  rate: charge.price.rate,
  currency: period.currency,
  rowsSha: proofOf(charge),
});

/** Leads from a charge back to the records: SHA-256 over the hashes of its daily sums and the ids of its corrections, in order. */
const proofOf = ({ usage }: Rated): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(usage.map((source) => source.proof)))
    .digest();

function hashOf(charges: Rated[]): Buffer {
  const lines = charges.map((charge) =>
    [
      charge.price.dimension,
      charge.priceVersionId,
      charge.quantity,
      charge.price.unitSize,
      formatRate(charge.price.rate),
      proofOf(charge).toString('hex'),
    ].join(' '),
  );
  return createHash('sha256').update(lines.join('\n')).digest();
}
