/** Shapes of comparing our books with Stripe's. */
import { z } from 'zod';

const MOST_DAYS = 92;
const instant = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

export const NewReconciliation = z
  .object({
    from: instant.describe('what was made or moved from then on'),
    to: instant.describe('and before then'),
  })
  .refine(({ from, to }) => to > from, 'to must be after from')
  .refine(({ from, to }) => to.getTime() - from.getTime() <= MOST_DAYS * 86_400_000, `at most ${MOST_DAYS} days at once`)
  .meta({ id: 'NewReconciliation' });
export type NewReconciliation = z.output<typeof NewReconciliation>;

export const ReconciliationDifference = z
  .object({
    kind: z.string().describe('payment_intent, transfer, refund, payout: what a call made; moved:…: the balance; fee'),
    key: z.string().describe('what both sides know it by: our op_id, or the object at Stripe that moved the money'),
    cause: z.enum(['in_flight', 'fee', 'missing_here', 'missing_there', 'amount_differs']),
    currency: z.string(),
    ourId: z.string().nullable(),
    ourMinor: z.string().nullable(),
    theirId: z.string().nullable(),
    theirMinor: z.string().nullable(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'ReconciliationDifference' });
export type ReconciliationDifference = z.output<typeof ReconciliationDifference>;

export const ReconciliationTotal = z
  .object({
    kind: z.string(),
    currency: z.string(),
    ourCount: z.int(),
    ourMinor: z.string(),
    theirCount: z.int(),
    theirMinor: z.string(),
  })
  .meta({ id: 'ReconciliationTotal' });

const summary = {
  id: z.uuid(),
  day: z.string().nullable().describe('of the nightly one; null for one that was asked for'),
  coversFrom: z.iso.datetime(),
  coversTo: z.iso.datetime(),
  askedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  differenceCount: z.int(),
};

export const ReconciliationSummary = z.object(summary).meta({ id: 'ReconciliationSummary' });
export type ReconciliationSummary = z.output<typeof ReconciliationSummary>;

export const ReconciliationView = z
  .object({
    ...summary,
    totals: z.array(ReconciliationTotal),
    differences: z.array(ReconciliationDifference).describe('none when both tell the same'),
  })
  .meta({ id: 'Reconciliation' });
export type ReconciliationView = z.output<typeof ReconciliationView>;

export const ReconciliationList = z.object({ items: z.array(ReconciliationSummary) }).meta({ id: 'ReconciliationList' });
export const ReconciliationId = z.uuid();
