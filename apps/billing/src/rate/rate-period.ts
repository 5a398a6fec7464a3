/** Turns the usage of a period that is over into charges: exact, one per dimension and price version. A pure function of its input. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { amountPerUnit, versionAt } from '#domain/pricing.ts';
import { formatRate } from '#domain/money.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Charge } from '#tables/billing/charge.ts';
import { Period } from '#tables/billing/period.ts';
import { BillingConfig } from '../config.ts';
import { Metered, type DailySum } from './metered.ts';

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
      if (!period || period.state !== 'open' || period.endsAt > this.closedBefore()) return;
      const span = { from: period.startsAt, to: period.endsAt };
      if (!(await this.metered.isComplete(period.subscriptionId, span, tx))) return;
      const charges = await this.rate(tx, period, await this.metered.dailySums(period.subscriptionId, span, tx));
      if (charges.length > 0) await tx.insert(Charge, charges);
      await tx.update(Period, { id }, { state: 'rated', inputSha: hashOf(charges) });
      await this.doorbell.ring(tx, 'billing.close-period', id);
    });
  }

  async due(): Promise<string[]> {
    const periods: Period[] = await this.db.manager
      .createQueryBuilder(Period, 'period')
      .where(`period.state = 'open' and period.ends_at <= :closedBefore`, { closedBefore: this.closedBefore() })
      .orderBy('period.ends_at')
      .limit(200)
      .getMany();
    const complete = await Promise.all(periods.map((period) => this.metered.isComplete(period.subscriptionId, { from: period.startsAt, to: period.endsAt })));
    return periods.filter((_, index) => complete[index]).map((period) => period.id);
  }

  /** Periods that ended by then may be rated: AWS too accepts a month's usage until 06:00 UTC on the 1st. */
  private closedBefore(): Date {
    return new Date(this.clock.now().getTime() - this.config.CLOSE_GRACE_HOURS * 3_600_000);
  }

  private async rate(tx: EntityManager, period: Period, sums: DailySum[]): Promise<Charge[]> {
    const subscription = await tx.findOneByOrFail(Subscription, { id: period.subscriptionId });
    const versions = await tx.findBy(PriceVersion, { offerId: subscription.offerId });
    const prices = await tx.findBy(Price, { priceVersionId: In(versions.map((version) => version.id)) });
    const groups = new Map<string, { price: Price; sums: DailySum[] }>();
    for (const sum of sums) {
      const version = versionAt(versions, laterOf(new Date(`${sum.day}T00:00:00Z`), subscription.startedAt));
      const price = prices.find((candidate) => candidate.priceVersionId === version.id && candidate.dimension === sum.dimension);
      if (!price) throw new Error(`There is no price for "${sum.dimension}" in price version ${version.id}, but usage on ${sum.day}.`);
      const group = groups.get(`${sum.dimension} ${version.id}`) ?? { price, sums: [] };
      group.sums.push(sum);
      groups.set(`${sum.dimension} ${version.id}`, group);
    }
    return [...groups.values()].map(({ price, sums: own }) => chargeOf(period, subscription, price, own));
  }
}

function chargeOf(period: Period, subscription: Subscription, price: Price, sums: DailySum[]): Charge {
  const quantity = sums.reduce((all, sum) => all + sum.quantity, 0n);
  return {
    id: newId(),
    periodId: period.id,
    subscriptionId: subscription.id,
    buyerId: subscription.buyerId,
    vendorId: subscription.vendorId,
    productId: subscription.productId,
    dimension: price.dimension,
    priceVersionId: price.priceVersionId,
    description: price.description,
    unit: price.unit,
    quantity,
    rate: price.rate,
    amount: amountPerUnit(price, quantity),
    currency: period.currency,
    rowsSha: createHash('sha256')
      .update(Buffer.concat(sums.map((sum) => sum.rowsSha)))
      .digest(),
  };
}

function hashOf(charges: Charge[]): Buffer {
  const lines = charges.map((charge) => [charge.dimension, charge.priceVersionId, charge.quantity, formatRate(charge.rate), charge.rowsSha.toString('hex')].join(' '));
  return createHash('sha256').update(lines.join('\n')).digest();
}

const laterOf = (a: Date, b: Date): Date => (a > b ? a : b);
