/** Shapes of a vendor's statements. Minor units in decimal strings; what the vendor gets is positive. */
import { z } from 'zod';

export const StatementPeriod = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month, such as 2026-01');
export const StatementCurrency = z.string().regex(/^[a-z]{3}$/, 'must be a currency of ISO 4217 in small letters, such as usd');

export const StatementList = z
  .object({
    items: z
      .array(z.object({ period: z.string(), currency: z.string(), changeMinor: z.string() }))
      .describe('newest month first'),
  })
  .meta({ id: 'StatementList' });
export type StatementList = z.output<typeof StatementList>;

export const StatementView = z
  .object({
    vendor: z.string(),
    period: z.string(),
    currency: z.string(),
    isFinal: z.boolean().describe('whether the month is over, so that nothing of it changes'),
    openingMinor: z.string().describe('what was owed to you when the month began: unsettled, payable and held back'),
    movements: z.array(z.object({ kind: z.string(), amountMinor: z.string() })).describe('what changed it, summed up by kind'),
    closingMinor: z.string().describe('opening and movements'),
    entries: z.array(
      z.object({
        at: z.iso.datetime(),
        kind: z.string(),
        reference: z.string().describe('number of the invoice, or what else it is about'),
        product: z.string().nullable(),
        description: z.string().nullable(),
        soldMinor: z.string().nullable().describe('what the buyer was invoiced'),
        feeMinor: z.string().nullable(),
        amountMinor: z.string(),
      }),
    ),
  })
  .meta({ id: 'Statement' });
export type StatementView = z.output<typeof StatementView>;
