/** Shapes of fee rules and fee receipts. Amounts are minor units in decimal strings, percentages basis points: 2,000 is twenty per cent. */
import { z } from 'zod';
import { FEE_MODELS } from '#domain/fees/terms.ts';

const basisPoints = z.int().min(0).max(10_000);
const minor = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number of minor units')
  .transform((value) => BigInt(value));
const text = z.string().trim().min(1).max(500);

export const NewFeeRuleVersion = z
  .strictObject({
    model: z
      .enum([...FEE_MODELS, 'none'])
      .describe(
        'percent: of the line; fixed: an amount for each product on a bill; devpay: a percentage of the price less what its machines cost the platform, and an amount for each product on a bill; none: the rule ends',
      ),
    basisPoints: basisPoints.default(0),
    fixedMinor: minor.prefault('0').describe('for each product on a bill'),
    upstream: z
      .strictObject({ organizationId: z.uuid(), basisPoints: basisPoints.min(1) })
      .optional()
      .describe('what goes to the project inside the product; it has a vendor account to be paid on'),
    effectiveFrom: z.iso.datetime().optional().describe('periods that begin then or later; now when left out'),
    reason: text,
  })
  .superRefine((version, context) => {
    const wrong = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if ((version.model === 'percent' || version.model === 'none') && version.fixedMinor > 0n)
      wrong('fixedMinor', `has no meaning for ${version.model}`);
    if ((version.model === 'fixed' || version.model === 'none') && version.basisPoints > 0)
      wrong('basisPoints', `has no meaning for ${version.model}`);
    if (version.model === 'none' && version.upstream) wrong('upstream', 'has no meaning for none');
    if (version.basisPoints + (version.upstream?.basisPoints ?? 0) > 10_000)
      wrong('basisPoints', 'and the upstream share are more than the whole');
  })
  .meta({ id: 'NewFeeRuleVersion' });
export type NewFeeRuleVersion = z.output<typeof NewFeeRuleVersion>;

export const NewFeeRule = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    productId: z.uuid().optional(),
    vendorId: z.uuid().optional(),
    category: z.string().trim().min(1).max(60).optional(),
    offerKind: z.enum(['public', 'private']).optional(),
    isResale: z.boolean().optional(),
    volumeFromMinor: minor
      .refine((value) => value > 0n, 'must be above 0')
      .optional()
      .describe('the least that the vendor was invoiced for in the twelve months before; needs a currency'),
    currency: z
      .string()
      .regex(/^[a-z]{3}$/, 'must be a currency of ISO 4217 in small letters, such as usd')
      .optional(),
    version: NewFeeRuleVersion,
  })
  .superRefine((rule, context) => {
    if (rule.currency === undefined && (rule.volumeFromMinor !== undefined || rule.version.fixedMinor > 0n))
      context.addIssue({ code: 'custom', path: ['currency'], message: 'must be said where an amount is' });
  })
  .meta({ id: 'NewFeeRule' });
export type NewFeeRule = z.output<typeof NewFeeRule>;

const instant = z.iso.datetime();

export const FeeRuleView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    productId: z.uuid().nullable(),
    vendorId: z.uuid().nullable(),
    category: z.string().nullable(),
    offerKind: z.enum(['public', 'private']).nullable(),
    isResale: z.boolean().nullable(),
    volumeFromMinor: z.string().nullable(),
    currency: z.string().nullable(),
    createdAt: instant,
    versions: z
      .array(
        z.object({
          id: z.uuid(),
          number: z.int(),
          effectiveFrom: instant,
          model: z.enum([...FEE_MODELS, 'none']),
          basisPoints: z.int(),
          fixedMinor: z.string(),
          upstream: z.object({ organizationId: z.uuid(), basisPoints: z.int() }).nullable(),
          reason: z.string(),
          createdBy: z.string(),
          createdAt: instant,
        }),
      )
      .describe('oldest first; the last one that has begun holds'),
  })
  .meta({ id: 'FeeRule' });
export type FeeRuleView = z.output<typeof FeeRuleView>;

export const FeeRuleList = z
  .object({
    items: z.array(FeeRuleView).describe('oldest first; the most specific that fits a line wins, and of equals the oldest'),
    defaultBasisPoints: z.int().describe('the fee where no rule fits'),
  })
  .meta({ id: 'FeeRuleList' });
export type FeeRuleList = z.output<typeof FeeRuleList>;

export const FeeReceiptView = z
  .object({
    lineId: z.uuid(),
    chargeId: z.uuid(),
    invoice: z.string(),
    finalisedAt: instant,
    product: z.string(),
    description: z.string(),
    currency: z.string(),
    amountMinor: z.string().describe('what the customer was invoiced, net of discounts'),
    rule: z
      .object({ id: z.uuid(), name: z.string(), versionId: z.uuid(), number: z.int(), effectiveFrom: instant })
      .nullable()
      .describe("null: the platform's own fee"),
    model: z.enum(FEE_MODELS),
    basisPoints: z.int(),
    baseMinor: z.string().describe('what the percentage is of'),
    fixedMinor: z.string().describe("the line's part of a fixed amount"),
    formula: z.string().describe('the fee, with the numbers filled in'),
    platformMinor: z.string().describe("the platform's fee"),
    parts: z.array(
      z.object({
        kind: z.enum(['reseller', 'upstream']),
        organization: z.string(),
        basisPoints: z.int(),
        amountMinor: z.string(),
      }),
    ),
    vendorMinor: z.string(),
    rest: z.string().describe("the vendor's share, with the numbers filled in"),
    creditedMinor: z.string().describe("of the vendor's share, what credit notes and refunds took back since"),
  })
  .meta({ id: 'FeeReceipt' });
export type FeeReceiptView = z.output<typeof FeeReceiptView>;

export const FeeRuleId = z.uuid();
export const ReceiptId = z.uuid();
