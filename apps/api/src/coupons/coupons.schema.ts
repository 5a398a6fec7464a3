/** Shapes of coupons: discounts for who has the code. */
import { z } from 'zod';
import { Currency } from '../offers/offers.schema.ts';
import { Dimension } from '#platform/prices.schema.ts';

export const CouponCode = z
  .string()
  .trim()
  .transform((value) => value.toUpperCase())
  .refine((value) => /^[A-Z0-9-]{4,40}$/.test(value), 'must be 4 to 40 letters, digits and dashes');

export const NewCoupon = z
  .strictObject({
    code: CouponCode,
    percent: z
      .string()
      .regex(/^\d{1,3}(\.\d{1,2})?$/, 'must be a percentage with at most 2 places, such as "12.5"')
      .refine((value) => Number(value) > 0 && Number(value) <= 100, 'must be more than 0 and at most 100')
      .optional(),
    amountMinor: z
      .string()
      .regex(/^[1-9]\d{0,14}$/, 'must be a whole number of minor units above 0')
      .optional()
      .describe('off each invoice, at most; in minor units of the currency'),
    currency: Currency.optional().describe('of the amount'),
    productId: z.uuid().optional().describe('one of your products; all when left out'),
    dimension: Dimension.optional().describe('off one dimension; off all that the subscription costs when left out'),
    invoices: z.int().min(1).max(120).optional().describe('off so many invoices; off all when left out'),
    redeemBy: z.iso.datetime().optional().describe('until when it can be redeemed, exclusive'),
    mostRedemptions: z.int().min(1).max(1_000_000).optional(),
  })
  .refine(
    ({ percent, amountMinor }) => (percent === undefined) !== (amountMinor === undefined),
    'must have one of percent, amountMinor',
  )
  .refine(({ amountMinor, currency }) => (amountMinor === undefined) === (currency === undefined), {
    path: ['currency'],
    error: 'belongs to an amount, and an amount needs one',
  })
  .meta({ id: 'NewCoupon' });
export type NewCoupon = z.output<typeof NewCoupon>;

export const CouponView = z
  .object({
    id: z.uuid(),
    code: z.string(),
    percent: z.string().optional(),
    amountMinor: z.string().optional(),
    currency: z.string().optional(),
    productId: z.uuid().nullable(),
    dimension: z.string().nullable(),
    invoices: z.int().nullable(),
    redeemBy: z.iso.datetime().nullable(),
    mostRedemptions: z.int().nullable(),
    redemptions: z.int(),
    createdAt: z.iso.datetime(),
    withdrawnAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Coupon' });
export type CouponView = z.output<typeof CouponView>;

export const CouponList = z.object({ items: z.array(CouponView) }).meta({ id: 'CouponList' });

export const Redemption = z.strictObject({ code: CouponCode }).meta({ id: 'NewRedemption' });
export type Redemption = z.output<typeof Redemption>;

export const RedemptionView = z
  .object({
    code: z.string(),
    percent: z.string().optional(),
    amountMinor: z.string().optional(),
    currency: z.string().optional(),
    dimension: z.string().nullable(),
    invoices: z.int().nullable(),
    redeemedAt: z.iso.datetime(),
  })
  .meta({ id: 'Redemption' });
export type RedemptionView = z.output<typeof RedemptionView>;

export const RedemptionList = z.object({ items: z.array(RedemptionView) }).meta({ id: 'RedemptionList' });
