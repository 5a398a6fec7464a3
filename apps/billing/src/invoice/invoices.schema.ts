/** Shapes of invoices. Amounts are minor units in decimal strings. */
import { z } from 'zod';

export const InvoiceSummary = z
  .object({
    id: z.uuid(),
    number: z.string(),
    buyer: z.string(),
    state: z.enum(['open', 'paid']),
    currency: z.string(),
    periodStart: z.iso.datetime(),
    periodEnd: z.iso.datetime(),
    totalMinor: z.string(),
    finalisedAt: z.iso.datetime(),
    dueAt: z.iso.datetime(),
    paidAt: z.iso.datetime().nullable(),
    paymentFailure: z.string().nullable().describe('why the last attempt to collect failed'),
  })
  .meta({ id: 'InvoiceSummary' });
export type InvoiceSummary = z.output<typeof InvoiceSummary>;

export const InvoiceLineView = z
  .object({
    id: z.uuid(),
    ordinal: z.number().int(),
    product: z.string(),
    vendor: z.string(),
    description: z.string(),
    quantity: z.string().describe('as counted'),
    unitSize: z
      .string()
      .describe(
        'how much of the quantity one unit is: 3600 for seconds that are priced by the hour; the amount is quantity / unitSize * rate',
      ),
    unit: z.string(),
    rate: z.string(),
    amountMinor: z.string(),
  })
  .meta({ id: 'InvoiceLine' });

export const InvoiceView = InvoiceSummary.extend({ lines: z.array(InvoiceLineView) }).meta({ id: 'Invoice' });
export type InvoiceView = z.output<typeof InvoiceView>;

export const InvoiceList = z.object({ items: z.array(InvoiceSummary) }).meta({ id: 'InvoiceList' });
export const InvoiceId = z.uuid();
