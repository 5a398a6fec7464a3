/** Shapes of credit notes. Amounts are minor units in decimal strings. */
import { z } from 'zod';

const amount = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be a whole number of minor units above 0')
  .transform((value) => BigInt(value));

export const NewCreditNote = z
  .strictObject({
    invoiceId: z.uuid(),
    lines: z
      .array(z.strictObject({ lineId: z.uuid(), amountMinor: amount }))
      .min(1)
      .max(500)
      .refine((lines) => new Set(lines.map((line) => line.lineId)).size === lines.length, 'must name each line once')
      .optional()
      .describe('what of which lines; all that is left of all of them when left out'),
    reason: z.string().trim().min(1).max(500).describe('printed on the note'),
  })
  .meta({ id: 'NewCreditNote' });
export type NewCreditNote = z.output<typeof NewCreditNote>;

export const CreditNoteView = z
  .object({
    id: z.uuid(),
    number: z.string(),
    invoiceId: z.uuid(),
    invoice: z.string().describe('its number'),
    buyer: z.string(),
    currency: z.string(),
    totalMinor: z.string(),
    reason: z.string(),
    issuedAt: z.iso.datetime(),
    lines: z.array(z.object({ lineId: z.uuid(), ordinal: z.number().int(), description: z.string(), amountMinor: z.string() })),
  })
  .meta({ id: 'CreditNote' });
export type CreditNoteView = z.output<typeof CreditNoteView>;

export const CreditNoteList = z
  .object({ items: z.array(CreditNoteView).describe('newest first, at most 200') })
  .meta({ id: 'CreditNoteList' });
export const CreditNoteId = z.uuid();
