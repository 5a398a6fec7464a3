/** Shapes of where a vendor's money goes. */
import { z } from 'zod';

export const NewPayoutAccount = z
  .object({
    country: z
      .string()
      .trim()
      .transform((value) => value.toUpperCase())
      .refine((value) => /^[A-Z]{2}$/.test(value), 'must be two letters of ISO 3166-1, such as US')
      .describe('where the vendor is established; cannot be changed later'),
    email: z.email().describe('where Stripe writes to'),
  })
  .meta({ id: 'NewPayoutAccount' });
export type NewPayoutAccount = z.output<typeof NewPayoutAccount>;

export const PayoutAccountView = z
  .object({
    accountId: z.string().nullable().describe('the account at Stripe, once there is one'),
    payoutsEnabled: z.boolean().describe('whether Stripe lets money go to it and on to the bank'),
    onboardingUrl: z
      .string()
      .nullable()
      .describe(
        'where its owner tells Stripe who they are and where their bank is; good for one visit, so only in the answer to PUT',
      ),
  })
  .meta({ id: 'PayoutAccount' });
export type PayoutAccountView = z.output<typeof PayoutAccountView>;
