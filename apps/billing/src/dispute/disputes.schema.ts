/** Shapes of disputes: those at a bank, and those about one line with us. Amounts are minor units in decimal strings. */
import { z } from 'zod';

export const DisputeView = z
  .object({
    id: z.uuid(),
    invoices: z.array(z.string()),
    currency: z.string(),
    amountMinor: z.string(),
    reason: z.string().describe("in the bank's words"),
    state: z.enum(['inquiry', 'open', 'won', 'lost', 'closed']),
    evidenceDueAt: z.iso.datetime().nullable(),
    openedAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Dispute' });
export type DisputeView = z.output<typeof DisputeView>;

export const DisputeList = z.object({ items: z.array(DisputeView) }).meta({ id: 'DisputeList' });

export const NewLineDispute = z
  .strictObject({ lineId: z.uuid(), reason: z.string().trim().min(1).max(2000).describe('what is wrong with it') })
  .meta({ id: 'NewLineDispute' });
export type NewLineDispute = z.output<typeof NewLineDispute>;

export const LineDecision = z
  .strictObject({
    outcome: z.enum(['refunded', 'rejected']).describe('a vendor can give its own line back; only the operator rejects'),
    amountMinor: z
      .string()
      .regex(/^[1-9]\d{0,14}$/, 'must be a whole number of minor units above 0')
      .transform((value) => BigInt(value))
      .optional()
      .describe('with refunded: all that is left of the line when left out'),
    answer: z.string().trim().min(1).max(2000).describe('what the buyer is told'),
  })
  .meta({ id: 'LineDecision' });
export type LineDecision = z.output<typeof LineDecision>;

export const LineDisputeView = z
  .object({
    id: z.uuid(),
    lineId: z.uuid(),
    invoice: z.string(),
    description: z.string(),
    currency: z.string(),
    amountMinor: z.string().describe('of the line'),
    reason: z.string(),
    state: z.enum(['open', 'rejected', 'refunded', 'withdrawn']),
    answer: z.string().nullable(),
    refundId: z.uuid().nullable(),
    openedAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'LineDispute' });
export type LineDisputeView = z.output<typeof LineDisputeView>;

export const LineDisputeList = z.object({ items: z.array(LineDisputeView) }).meta({ id: 'LineDisputeList' });
export const LineDisputeId = z.uuid();
