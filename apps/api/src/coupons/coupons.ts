/** Vendors' discounts by code, and their redemption by subscriptions. What one takes off is billing's to say (docs/MONEY.md R5). */
import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { formatRate, parseRate } from '#domain/money.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Coupon, CouponRedemption } from '#tables/api/coupon.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { ownProduct } from '../products/own-product.ts';
import { ownSubscription } from '../subscriptions/own-subscription.ts';
import type { CouponView, NewCoupon, RedemptionView } from './coupons.schema.ts';

const MOST_LISTED = 200;
/** 1 % is 100 basis points. */
const RATE_OF_A_BASIS_POINT = parseRate('0.01');

@Injectable()
export class Coupons {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `missing` for a foreign product; `code_taken` */
  async make(caller: Caller, given: NewCoupon): Promise<CouponView> {
    return this.db.transaction(async (tx) => {
      if (given.productId !== undefined) await ownProduct(tx, caller, given.productId);
      const coupon: Coupon = {
        id: newId(),
        vendorId: caller.organizationId,
        code: given.code,
        productId: given.productId ?? null,
        dimension: given.dimension ?? null,
        basisPoints: given.percent === undefined ? null : Number(parseRate(given.percent) / RATE_OF_A_BASIS_POINT),
        amountMinor: given.amountMinor === undefined ? null : BigInt(given.amountMinor),
        currency: given.currency ?? null,
        invoices: given.invoices ?? null,
        redeemBy: given.redeemBy === undefined ? null : new Date(given.redeemBy),
        mostRedemptions: given.mostRedemptions ?? null,
        createdAt: this.clock.now(),
        withdrawnAt: null,
      };
      const inserted = await tx.createQueryBuilder().insert().into(Coupon).values(coupon).orIgnore().returning('id').execute();
      if (inserted.raw.length === 0)
        throw new DomainError('conflict', 'code_taken', `"${given.code}" is taken; choose another code.`);
      return (await views(tx, [coupon]))[0]!;
    });
  }

  /** The vendor's own, newest first. */
  async list(caller: Caller): Promise<CouponView[]> {
    const coupons = await this.db.manager.find(Coupon, {
      where: { vendorId: caller.organizationId },
      order: { createdAt: 'desc', id: 'desc' },
      take: MOST_LISTED,
    });
    return views(this.db.manager, coupons);
  }

  /** Nobody can redeem it any more; who has keeps it. Twice is the same as once. @throws DomainError `missing` */
  async withdraw(caller: Caller, id: string): Promise<CouponView> {
    return this.db.transaction(async (tx) => {
      const mine = { id, vendorId: caller.organizationId };
      if (!(await tx.existsBy(Coupon, mine))) throw missing('coupon');
      await tx.update(Coupon, { ...mine, withdrawnAt: IsNull() }, { withdrawnAt: this.clock.now() });
      return (await views(tx, [await tx.findOneByOrFail(Coupon, mine)]))[0]!;
    });
  }

  /** @throws DomainError `missing`; `subscription_ended`, `coupon_over`, `coupon_used_up`, `coupon_not_for_this` */
  async redeem(caller: Caller, subscriptionId: string, code: string): Promise<RedemptionView> {
    return this.db.transaction(async (tx) => {
      const subscription = await ownSubscription(tx, caller, subscriptionId);
      if (subscription.endedAt) throw new DomainError('conflict', 'subscription_ended', 'This subscription has ended.');
      return redeem(tx, subscription, { code, now: this.clock.now() });
    });
  }

  /** In the order in which they were redeemed. @throws DomainError `missing` */
  async redeemed(caller: Caller, subscriptionId: string): Promise<RedemptionView[]> {
    const tx = this.db.manager;
    await ownSubscription(tx, caller, subscriptionId);
    const redemptions = await tx.find(CouponRedemption, {
      where: { subscriptionId },
      order: { redeemedAt: 'asc', couponId: 'asc' },
    });
    const coupons = await tx.findBy(Coupon, { id: In(redemptions.map(({ couponId }) => couponId)) });
    return redemptions.map((redemption) =>
      redemptionView(
        coupons.find(({ id }) => id === redemption.couponId)!,
        redemption,
      ),
    );
  }
}

/** Redeems a code for a subscription; again, it is redeemed already. @throws as Coupons.redeem */
export async function redeem(
  tx: EntityManager,
  subscription: Subscription,
  { code, now }: { code: string; now: Date },
): Promise<RedemptionView> {
  // Locked, so that the last redemption is given away once.
  const coupon = await tx.findOne(Coupon, { where: { code }, lock: { mode: 'pessimistic_write' } });
  if (!coupon) throw missing('coupon');
  const key = { couponId: coupon.id, subscriptionId: subscription.id };
  const before = await tx.findOneBy(CouponRedemption, key);
  if (before) return redemptionView(coupon, before);
  assertFor(coupon, subscription);
  if (coupon.withdrawnAt || (coupon.redeemBy && coupon.redeemBy <= now))
    throw new DomainError('conflict', 'coupon_over', 'This coupon can no longer be redeemed.');
  if (coupon.mostRedemptions !== null && (await tx.countBy(CouponRedemption, { couponId: coupon.id })) >= coupon.mostRedemptions)
    throw new DomainError('conflict', 'coupon_used_up', 'This coupon has been redeemed as often as it can be.');
  const redemption = { ...key, redeemedAt: now };
  await tx.insert(CouponRedemption, redemption);
  return redemptionView(coupon, redemption);
}

function assertFor(coupon: Coupon, { vendorId, productId, currency }: Subscription): void {
  const isForIt =
    coupon.vendorId === vendorId &&
    (coupon.productId === null || coupon.productId === productId) &&
    (coupon.currency === null || coupon.currency === currency);
  if (!isForIt) throw new DomainError('conflict', 'coupon_not_for_this', 'This coupon is for another product or currency.');
}

const off = ({ basisPoints, amountMinor, currency }: Coupon): Pick<CouponView, 'percent' | 'amountMinor' | 'currency'> => ({
  ...(basisPoints !== null && { percent: formatRate(BigInt(basisPoints) * RATE_OF_A_BASIS_POINT) }),
  ...(amountMinor !== null && { amountMinor: String(amountMinor) }),
  ...(currency !== null && { currency }),
});

const redemptionView = (coupon: Coupon, { redeemedAt }: CouponRedemption): RedemptionView => ({
  code: coupon.code,
  ...off(coupon),
  dimension: coupon.dimension,
  invoices: coupon.invoices,
  redeemedAt: redeemedAt.toISOString(),
});

async function views(tx: EntityManager, coupons: Coupon[]): Promise<CouponView[]> {
  const rows: Array<{ coupon_id: string; count: number }> = await tx.query(
    `select coupon_redemption.coupon_id, count(*)::int as count from api.coupon_redemption
      where coupon_redemption.coupon_id = any($1) group by coupon_redemption.coupon_id`,
    [coupons.map((coupon) => coupon.id)],
  );
  const counts = new Map(rows.map((row) => [row.coupon_id, row.count]));
  return coupons.map((coupon) => ({
    id: coupon.id,
    code: coupon.code,
    ...off(coupon),
    productId: coupon.productId,
    dimension: coupon.dimension,
    invoices: coupon.invoices,
    redeemBy: coupon.redeemBy?.toISOString() ?? null,
    mostRedemptions: coupon.mostRedemptions,
    redemptions: counts.get(coupon.id) ?? 0,
    createdAt: coupon.createdAt.toISOString(),
    withdrawnAt: coupon.withdrawnAt?.toISOString() ?? null,
  }));
}
