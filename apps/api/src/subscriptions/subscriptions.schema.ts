/** Shapes of subscriptions. */
import { z } from 'zod';
import { CouponCode } from '../coupons/coupons.schema.ts';
import { NewCommitment } from './commitments.schema.ts';

export const NewSubscription = z
  .object({
    offerId: z.uuid(),
    termsSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the terms you accept, in hex')
      .describe('of the terms as they were shown; subscribing accepts them'),
    commitments: z
      .array(NewCommitment)
      .max(25)
      .default([])
      .describe('what you take of contract and annual prices; at least one where there is a contract price'),
    coupon: CouponCode.optional(),
  })
  .meta({ id: 'NewSubscription' });
export type NewSubscription = z.output<typeof NewSubscription>;

export const SubscriptionView = z
  .object({
    id: z.uuid(),
    productId: z.uuid(),
    product: z.string(),
    slug: z.string().nullable(),
    vendor: z.string(),
    buyer: z.string(),
    offerId: z.uuid(),
    priceVersionId: z.uuid().describe('the prices as accepted'),
    termsSha256: z.string().describe('the terms as accepted'),
    currency: z.string(),
    customerIdentifier: z.string(),
    licenseArn: z.string(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    endsAt: z.iso
      .datetime()
      .nullable()
      .describe('when it ends by itself: with its trial, or with the time a private offer is for'),
    hasTrial: z.boolean().describe("whether it began with its offer's trial"),
    trialConvertedAt: z.iso.datetime().nullable().describe('when you chose to go on after a trial that ends'),
  })
  .meta({ id: 'Subscription' });
export type SubscriptionView = z.output<typeof SubscriptionView>;

export const SubscriptionList = z.object({ items: z.array(SubscriptionView) }).meta({ id: 'SubscriptionList' });

export const RegistrationTokenView = z
  .object({
    registrationToken: z.string().describe('the x-amzn-marketplace-token a vendor resolves'),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'RegistrationToken' });
export type RegistrationTokenView = z.output<typeof RegistrationTokenView>;
