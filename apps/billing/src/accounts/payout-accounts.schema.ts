/** Shapes of the account a vendor is paid on. Papers and bank details are handed in at Stripe, not here. */
import { z } from 'zod';

export const NewPayoutAccount = z
  .object({ country: z.string().regex(/^[A-Z]{2}$/, 'must be a country of ISO 3166 such as US'), email: z.email().max(200) })
  .meta({ id: 'NewPayoutAccount' });
export type NewPayoutAccount = z.output<typeof NewPayoutAccount>;

export const PayoutAccountView = z
  .object({
    accountId: z.string().nullable(),
    payoutsEnabled: z.boolean(),
    onboardingUrl: z.string().nullable().describe("Stripe's page on which to hand in what is missing; good for one visit"),
  })
  .meta({ id: 'PayoutAccount' });
export type PayoutAccountView = z.output<typeof PayoutAccountView>;
