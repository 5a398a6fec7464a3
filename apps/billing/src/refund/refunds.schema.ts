/** Shapes of refunds. Amounts are minor units in decimal strings. */
import { z } from 'zod';

export const NewRefund = z
  .strictObject({
    invoiceId: z.uuid(),
    lineId: z.uuid().optional().describe('one line of it; all that is yours to give back when left out'),
    amountMinor: z
      .string()
      .regex(/^[1-9]\d{0,14}$/, 'must be a whole number of minor units above 0')
      .transform((value) => BigInt(value))
      .optional()
      .describe('all that is left when left out'),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: 'NewRefund' });
export type NewRefund = z.output<typeof NewRefund>;

export const RefundView = z
  .object({
    id: z.uuid(),
    invoiceId: z.uuid(),
    invoice: z.string(),
    currency: z.string(),
    amountMinor: z.string(),
    reason: z.string(),
    state: z.enum(['planned', 'pending', 'succeeded', 'failed']),
    failure: z.string().nullable(),
    createdAt: z.iso.datetime(),
    settledAt: z.iso.datetime().nullable(),
    lines: z.array(
      z.object({
        lineId: z.uuid(),
        description: z.string(),
        amountMinor: z.string(),
        feeMinor: z.string().nullable().describe("the platform's part of it; not told to buyers"),
        vendorMinor: z.string().nullable().describe("the vendor's part of it; not told to buyers"),
      }),
    ),
  })
  .meta({ id: 'Refund' });
export type RefundView = z.output<typeof RefundView>;

export const RefundList = z.object({ items: z.array(RefundView) }).meta({ id: 'RefundList' });
export const RefundId = z.uuid();
