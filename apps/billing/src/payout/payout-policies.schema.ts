/** Shapes of payout policies, and of approvals of large payouts. */
import { z } from 'zod';
import { PAYOUT_INTERVALS } from '#domain/payout-policy.ts';

const minor = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number of minor units')
  .transform((value) => BigInt(value));

const own = {
  interval: z.enum(PAYOUT_INTERVALS).describe('daily, on Mondays, or on the first of the month (UTC)'),
  minimumMinor: minor.nullable().describe("the least that is paid out at once, in minor units; null: the platform's"),
};

export const OwnPayoutPolicy = z.strictObject(own).meta({ id: 'OwnPayoutPolicy' });
export type OwnPayoutPolicy = z.output<typeof OwnPayoutPolicy>;

export const NewPayoutPolicy = z
  .strictObject({
    ...own,
    reserveBasisPoints: z.int().min(0).max(10_000).describe('of each share, what is kept back when it is released'),
    reserveDays: z.int().min(0).max(365).describe('for how long'),
  })
  .meta({ id: 'NewPayoutPolicy' });
export type NewPayoutPolicy = z.output<typeof NewPayoutPolicy>;

export const PayoutPolicyView = z
  .object({
    vendorId: z.uuid(),
    interval: z.enum(PAYOUT_INTERVALS),
    minimumMinor: z.string().describe('what counts: never less than the platform’s'),
    reserveBasisPoints: z.int(),
    reserveDays: z.int(),
    changedBy: z.string().nullable(),
    changedAt: z.iso.datetime().nullable().describe('null while it is the platform’s own'),
  })
  .meta({ id: 'PayoutPolicy' });
export type PayoutPolicyView = z.output<typeof PayoutPolicyView>;

const text = z.string().trim().min(1).max(500);
export const AskForPayout = z.strictObject({ payoutId: z.uuid(), reason: text }).meta({ id: 'AskForPayout' });
export type AskForPayout = z.output<typeof AskForPayout>;

export const PayoutDecision = z
  .strictObject({ decision: z.enum(['approved', 'refused']), note: text })
  .meta({ id: 'PayoutDecision' });
export type PayoutDecision = z.output<typeof PayoutDecision>;

export const LargePayoutView = z
  .object({
    payoutId: z.uuid(),
    vendorId: z.uuid(),
    vendor: z.string(),
    currency: z.string(),
    amountMinor: z.string(),
    approval: z.enum(['waiting', 'asked', 'approved', 'refused']),
    createdAt: z.iso.datetime(),
    askedBy: z.string().nullable(),
    reason: z.string().nullable(),
    decidedBy: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'LargePayout' });
export type LargePayoutView = z.output<typeof LargePayoutView>;

export const LargePayoutList = z
  .object({ items: z.array(LargePayoutView).describe('newest first, at most 200') })
  .meta({ id: 'LargePayoutList' });
export const VendorId = z.uuid();
export const PayoutId = z.uuid();
