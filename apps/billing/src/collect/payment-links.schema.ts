/** Shape of a payment link. */
import { z } from 'zod';

export const PaymentLinkView = z
  .object({
    paymentId: z.uuid(),
    invoiceId: z.uuid(),
    amountMinor: z.string().describe('minor units of the currency'),
    currency: z.string(),
    state: z.enum(['planned', 'processing', 'failed', 'succeeded']).describe('succeeded: it was paid; failed: it is over'),
    url: z.string().nullable().describe("Stripe's page, for whoever pays; null when it was used, or is over"),
    expiresAt: z.iso.datetime().nullable().describe('until when it can be paid there; ask for another one after that'),
    failure: z.string().nullable(),
  })
  .meta({ id: 'PaymentLink' });
export type PaymentLinkView = z.output<typeof PaymentLinkView>;
export const LinkedInvoiceId = z.uuid();
