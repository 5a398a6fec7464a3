/** A vendor's discount for who has its code, and the subscriptions that have used the code. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'api', name: 'coupon' })
export class Coupon {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') vendorId: string;
  @Column('text') code: string;
  /** Null for all of the vendor's products. */
  @Column('uuid', { nullable: true }) productId: string | null;
  /** Null for all that a subscription costs. */
  @Column('text', { nullable: true }) dimension: string | null;
  /** A share of 1 to 10,000, or an amount per invoice in a currency. */
  @Column('int', { nullable: true }) basisPoints: number | null;
  @Column({ ...BIGINT, nullable: true }) amountMinor: Minor | null;
  @Column('text', { nullable: true }) currency: string | null;
  /** How many invoices it is taken off; null for all. */
  @Column('int', { nullable: true }) invoices: number | null;
  @Column('timestamptz', { nullable: true }) redeemBy: Date | null;
  @Column('int', { nullable: true }) mostRedemptions: number | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) withdrawnAt: Date | null;
}

@Entity({ schema: 'api', name: 'coupon_redemption' })
export class CouponRedemption {
  @PrimaryColumn('uuid') couponId: string;
  @PrimaryColumn('uuid') subscriptionId: string;
  @Column('timestamptz') redeemedAt: Date;
}
