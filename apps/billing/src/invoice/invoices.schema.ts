/** Shapes of invoices. Amounts are minor units in decimal strings. */
import { z } from 'zod';

const party = z
  .object({ name: z.string(), address: z.array(z.string()), taxId: z.string().nullable() })
  .nullable()
  .describe('as printed; null on invoices of an earlier version');

export const InvoiceSummary = z
  .object({
    id: z.uuid(),
    number: z.string(),
    buyer: z.string(),
    state: z.enum(['open', 'paid', 'written_off']),
    currency: z.string(),
    periodStart: z.iso.datetime(),
    periodEnd: z.iso.datetime(),
    totalMinor: z.string(),
    creditMinor: z.string().describe('of the total, what your credit paid; the rest is collected'),
    creditedMinor: z.string().describe('of the total, what credit notes took off'),
    finalisedAt: z.iso.datetime(),
    dueAt: z.iso.datetime(),
    purchaseOrder: z.string().nullable().describe("the buyer's number for the order"),
    termsDays: z.number().int().describe('days between sending and falling due'),
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
        'how much of the quantity one unit is: 3600 for seconds that are priced by the hour; without parts the amount is quantity / unitSize * rate',
      ),
    unit: z.string(),
    rate: z.string().nullable().describe('for one unit; null where there is no single one'),
    parts: z
      .array(z.object({ label: z.string(), quantity: z.string(), unitSize: z.string(), rate: z.string() }))
      .describe(
        'how the amount comes about, where it is not quantity / unitSize * rate: the sum of what each part is by that formula',
      ),
    discounts: z.array(z.object({ code: z.string().nullable(), amountMinor: z.string() })).describe('what was taken off'),
    amountMinor: z.string().describe('net of discounts'),
    priceVersionId: z.uuid().describe('the prices that were in force'),
    usedFrom: z.iso.datetime().describe('the period that it is of'),
    usedTo: z.iso.datetime(),
    lateDays: z
      .array(z.object({ day: z.string(), quantity: z.string() }))
      .describe('UTC days of an earlier month whose usage was found or corrected after that month was billed'),
  })
  .meta({ id: 'InvoiceLine' });

export const InvoiceView = InvoiceSummary.extend({ issuer: party, billTo: party, lines: z.array(InvoiceLineView) }).meta({
  id: 'Invoice',
});
export type InvoiceView = z.output<typeof InvoiceView>;

export const InvoiceList = z.object({ items: z.array(InvoiceSummary) }).meta({ id: 'InvoiceList' });
export const InvoiceId = z.uuid();
