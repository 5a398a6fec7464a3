/** Shapes of months that wait for a person. */
import { z } from 'zod';

const state = z.enum(['held', 'released', 'rejected', 'superseded']);

export const HeldCloseQuery = z.strictObject({ state: state.optional() });
export type HeldCloseQuery = z.output<typeof HeldCloseQuery>;

export const HeldCloseDecision = z
  .strictObject({
    decision: z
      .enum(['released', 'rejected'])
      .describe('released: invoiced as it is; rejected: it waits until its usage is corrected'),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: 'HeldCloseDecision' });
export type HeldCloseDecision = z.output<typeof HeldCloseDecision>;

export const HeldCloseView = z
  .object({
    id: z.uuid(),
    buyerId: z.uuid(),
    buyer: z.string(),
    currency: z.string(),
    periodStart: z.iso.datetime(),
    periodEnd: z.iso.datetime(),
    inputSha256: z.string().describe('of what it would be invoiced from; a decision is about this and nothing else'),
    state: state.describe('superseded when more became known before it was invoiced'),
    cause: z.enum(['above_usual', 'below_usual', 'above_limit']),
    totalMinor: z.string().describe('what the invoice would come to'),
    usualMinor: z.string().nullable().describe('median of the last six months; null with fewer than three'),
    heldAt: z.iso.datetime(),
    decidedAt: z.iso.datetime().nullable(),
    decidedBy: z.string().nullable().describe("the person, or the API key's organisation"),
    reason: z.string().nullable(),
  })
  .meta({ id: 'HeldClose' });
export type HeldCloseView = z.output<typeof HeldCloseView>;

export const HeldCloseList = z
  .object({ items: z.array(HeldCloseView).describe('newest first, at most 200') })
  .meta({ id: 'HeldCloseList' });
export const HeldCloseId = z.uuid();
