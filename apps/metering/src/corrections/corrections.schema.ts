/** Shapes of corrections of accepted usage. */
import { z } from 'zod';
import { MOST_DELTA } from '#domain/correction.ts';

const HOUR_MS = 3_600_000;

export const NewUsageCorrection = z
  .object({
    subscriptionId: z.uuid(),
    hour: z.iso
      .datetime({ offset: true })
      .refine((value) => Date.parse(value) % HOUR_MS === 0, 'must be the start of an hour, UTC')
      .transform((value) => new Date(value).toISOString())
      .describe('the hour of use that is corrected, by its start'),
    dimension: z.string().min(1).max(60),
    delta: z
      .int()
      .min(-MOST_DELTA)
      .max(MOST_DELTA)
      .refine((value) => value !== 0, 'must not be zero')
      .describe('what is added to the hour; negative where the buyer pays less'),
    reason: z.string().trim().min(1).max(500).describe('seen by both sides'),
  })
  .meta({ id: 'NewUsageCorrection' });
export type NewUsageCorrection = z.output<typeof NewUsageCorrection>;

const state = z.enum(['proposed', 'approved', 'refused', 'withdrawn']);

export const CorrectionQuery = z.object({ subscriptionId: z.uuid().optional(), state: state.optional() });
export type CorrectionQuery = z.output<typeof CorrectionQuery>;

export const CorrectionDecision = z
  .object({ decision: z.enum(['approved', 'refused']), note: z.string().trim().max(500).default('') })
  .meta({ id: 'CorrectionDecision' });
export type CorrectionDecision = z.output<typeof CorrectionDecision>;

const person = z.string().nullable();

export const UsageCorrectionView = z
  .object({
    id: z.uuid(),
    subscriptionId: z.uuid(),
    productId: z.uuid(),
    hour: z.iso.datetime(),
    dimension: z.string(),
    delta: z.string(),
    reason: z.string(),
    state: state.describe('only what is approved counts'),
    proposedAt: z.iso.datetime(),
    proposedBy: person.describe("the vendor's person; null for an API key, and for the buyer"),
    decidedAt: z.iso.datetime().nullable(),
    decidedKind: z.enum(['buyer', 'vendor', 'operator']).nullable().describe('who approved, refused or withdrew it'),
    decidedBy: person.describe('the person, where it is one of your own company; the operator sees everybody'),
    note: z.string().describe('what whoever decided had to say'),
  })
  .meta({ id: 'UsageCorrection' });
export type UsageCorrectionView = z.output<typeof UsageCorrectionView>;

export const UsageCorrectionList = z
  .object({ items: z.array(UsageCorrectionView).describe('newest first, at most 200') })
  .meta({ id: 'UsageCorrectionList' });
