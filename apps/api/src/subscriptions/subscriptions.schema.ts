/** Shapes of subscriptions. */
import { z } from 'zod';

export const NewSubscription = z
  .object({
    offerId: z.uuid(),
    termsSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the terms you accept, in hex')
      .describe('of the terms as they were shown; subscribing accepts them'),
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
