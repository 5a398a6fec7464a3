/** Shapes of what is printed on a buyer's invoices, and of its terms. */
import { z } from 'zod';
import { TERMS_DAYS } from '#domain/invoice.ts';

/** One line of print: no control characters, which would break a line or a file. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((value) => !/\p{Cc}/u.test(value), 'must not have line breaks or control characters');

export const NewBillingDetails = z
  .strictObject({
    legalName: line(200),
    address: z.array(line(200)).max(8).default([]).describe('line by line'),
    taxId: line(60).nullable().default(null).describe('such as a VAT number'),
    purchaseOrder: line(60).nullable().default(null).describe('your number for the order; printed on every invoice from now on'),
  })
  .meta({ id: 'NewBillingDetails' });
export type NewBillingDetails = z.output<typeof NewBillingDetails>;

const days = z.literal(TERMS_DAYS);

export const BillingDetailsView = z
  .object({
    legalName: z.string(),
    address: z.array(z.string()),
    taxId: z.string().nullable(),
    purchaseOrder: z.string().nullable(),
    termsDays: days.describe('days that you may take to pay; the operator sets them'),
  })
  .meta({ id: 'BillingDetails' });
export type BillingDetailsView = z.output<typeof BillingDetailsView>;

export const NewPaymentTerms = z.strictObject({ days }).meta({ id: 'NewPaymentTerms' });
export type NewPaymentTerms = z.output<typeof NewPaymentTerms>;

export const PaymentTermsView = z
  .object({ buyerId: z.uuid(), days: days.describe('from the next invoice on') })
  .meta({ id: 'PaymentTerms' });
export type PaymentTermsView = z.output<typeof PaymentTermsView>;

export const BuyerId = z.uuid();
