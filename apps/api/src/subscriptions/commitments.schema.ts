/** Shapes of commitments: what a buyer takes of a contract or of an annual price. */
import { z } from 'zod';
import { Dimension } from '#platform/prices.schema.ts';

export const NewCommitment = z
  .strictObject({
    dimension: Dimension.describe('of a contract price, or "annual.<type>" of an annual one'),
    quantity: z.int().min(1).max(1_000_000).describe('units, or machines'),
    months: z.int().min(1).max(60).describe('one of the lengths that the price offers; 12 for an annual one'),
    renews: z.boolean().default(false).describe('whether each term is followed by another'),
  })
  .meta({ id: 'NewCommitment' });
export type NewCommitment = z.output<typeof NewCommitment>;

export const AddedCommitment = z
  .strictObject({ quantity: z.int().min(1).max(1_000_000) })
  .describe('so many more, for the rest of the term that runs')
  .meta({ id: 'AddedCommitment' });
export type AddedCommitment = z.output<typeof AddedCommitment>;

export const CommitmentView = z
  .object({
    id: z.uuid(),
    subscriptionId: z.uuid(),
    priceVersionId: z.uuid(),
    dimension: z.string(),
    quantity: z.string(),
    months: z.int(),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime().describe('of the first term'),
    renews: z.boolean(),
    renewalStoppedAt: z.iso.datetime().nullable(),
    addedTo: z.uuid().nullable().describe('the commitment that it ends with'),
    instalments: z
      .array(z.object({ dueAt: z.iso.datetime(), amountMinor: z.string() }))
      .describe('what the first term costs, and when; each is a line of the invoice of its month'),
  })
  .meta({ id: 'Commitment' });
export type CommitmentView = z.output<typeof CommitmentView>;

export const CommitmentList = z.object({ items: z.array(CommitmentView) }).meta({ id: 'CommitmentList' });
