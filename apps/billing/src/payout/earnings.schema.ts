/** Shapes of what a vendor has earned, and what was paid out. Minor units in decimal strings. */
import { z } from 'zod';

export const EarningsView = z
  .object({
    items: z.array(
      z.object({
        currency: z.string(),
        earnedMinor: z.string().describe("the vendor's share of all invoices"),
        returnedMinor: z.string().describe('of it, what went back to buyers by refunds and lost disputes'),
        partsMinor: z.string().describe("parts of others' lines that are yours, as their reseller or as the project inside"),
        unsettledMinor: z.string().describe('invoiced, not paid by the buyer yet, or on hold'),
        payableMinor: z.string().describe('paid by the buyer, not sent yet; below zero when more went back than was left'),
        heldMinor: z.string().describe('payable, but held back while it is disputed'),
        reservedMinor: z.string().describe('kept back for a while, as your payout policy says'),
        inTransitMinor: z.string().describe('on its way to the bank'),
        paidOutMinor: z.string().describe('at the bank'),
      }),
    ),
    lines: z.array(
      z.object({
        id: z.uuid(),
        invoice: z.string(),
        product: z.string(),
        description: z.string(),
        currency: z.string(),
        amountMinor: z.string(),
        feeMinor: z.string(),
        vendorMinor: z.string(),
        finalisedAt: z.iso.datetime(),
        releasedAt: z.iso.datetime().nullable().describe('when it became payable'),
        payoutId: z.uuid().nullable().describe('the payout that carries it'),
      }),
    ),
  })
  .meta({ id: 'Earnings' });
export type EarningsView = z.output<typeof EarningsView>;

export const PayoutView = z
  .object({
    id: z.uuid(),
    amountMinor: z.string(),
    currency: z.string(),
    sentMinor: z.string().nullable().describe('less than the amount when Stripe refused some of it; the rest is payable again'),
    reversedMinor: z.string().describe('taken back from your account since, for refunds and lost disputes'),
    state: z.enum(['reserved', 'sent', 'paid', 'returned', 'void']),
    failure: z.string().nullable(),
    createdAt: z.iso.datetime(),
    sentAt: z.iso.datetime().nullable(),
    paidAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Payout' });
export type PayoutView = z.output<typeof PayoutView>;

export const PayoutList = z.object({ items: z.array(PayoutView) }).meta({ id: 'PayoutList' });
