/** Shapes of credit. Amounts are minor units in decimal strings. */
import { z } from 'zod';

export const NewCredit = z
  .strictObject({
    buyerId: z.uuid(),
    currency: z.string().regex(/^[a-z]{3}$/, 'must be a currency of ISO 4217 in small letters, such as usd'),
    amountMinor: z
      .string()
      .regex(/^[1-9]\d{0,14}$/, 'must be a whole number of minor units above 0')
      .transform((value) => BigInt(value))
      .describe('in cents, or what the currency has'),
    reason: z.string().trim().min(1).max(500),
    expiresAt: z.iso.datetime().optional().describe('exclusive; never when left out'),
  })
  .meta({ id: 'NewCredit' });
export type NewCredit = z.output<typeof NewCredit>;

export const CreditView = z
  .object({
    id: z.uuid(),
    buyerId: z.uuid(),
    currency: z.string(),
    amountMinor: z.string(),
    leftMinor: z.string().describe('what can still pay for an invoice'),
    reason: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    usedOn: z.array(z.object({ invoiceId: z.uuid(), number: z.string(), amountMinor: z.string() })),
  })
  .meta({ id: 'Credit' });
export type CreditView = z.output<typeof CreditView>;

export const CreditList = z.object({ items: z.array(CreditView) }).meta({ id: 'CreditList' });
