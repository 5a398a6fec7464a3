/** Shapes of offers: terms and prices. */
import { z } from 'zod';
import { isRuntimeDimension, USUAL_MINIMUM_SECONDS } from '#domain/runtime.ts';

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
const Decimal = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal in major units with at most 12 places, such as "0.25"');

const Increment = z
  .enum(['hour', 'second'])
  .describe('what running is counted in: each hour begun, or each second as a fraction of the hour');
const MinimumSeconds = z
  .number()
  .int()
  .min(0)
  .max(3600)
  .describe(
    `with increment "second": what each start of a machine costs at least; ${USUAL_MINIMUM_SECONDS} unless said otherwise`,
  );

/** The platform counts it, and names its dimension itself. */
const HourlyPrice = z
  .object({
    model: z.literal('hourly'),
    description: z.string().trim().min(1).max(120).default('Running machine'),
    unit: z.literal('hour').default('hour'),
    rate: Decimal,
    increment: Increment.default('hour'),
    minimumSeconds: MinimumSeconds.optional(),
  })
  .refine(({ increment, minimumSeconds }) => increment === 'second' || !minimumSeconds, {
    path: ['minimumSeconds'],
    error: 'whole hours have no minimum; it belongs to increment "second"',
  });

const Dimension = z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/, 'must be 1 to 60 letters, digits, dots, dashes or underscores');

const MeteredPrice = z.object({
  model: z.literal('metered'),
  dimension: Dimension.refine((value) => !isRuntimeDimension(value), {
    error: ({ input }) => `"${input}" is what the platform counts; name yours otherwise`,
  }),
  description: z.string().trim().min(1).max(120),
  unit: z.string().trim().min(1).max(40),
  rate: Decimal,
});

/** There is one price for running, however it is counted. */
const dimensionOf = (price: { model: 'hourly' } | { model: 'metered'; dimension: string }): string =>
  price.model === 'metered' ? price.dimension : 'hours';

const VALUES = ['integerValue', 'doubleValue', 'booleanValue', 'stringValue'] as const;

export const Entitlement = z
  .strictObject({
    dimension: Dimension.describe("the vendor's own name for what buyers are entitled to"),
    integerValue: z.int().min(0).max(2_147_483_647).optional(),
    doubleValue: z.number().min(0).optional(),
    booleanValue: z.boolean().optional(),
    stringValue: z.string().min(1).max(1000).optional(),
  })
  .refine(
    (given) => VALUES.filter((name) => given[name] !== undefined).length === 1,
    `must have exactly one of ${VALUES.join(', ')}`,
  )
  .meta({ id: 'Entitlement' });
export type Entitlement = z.output<typeof Entitlement>;

export const NewOffer = z
  .object({
    currency: z
      .string()
      .length(3)
      .transform((value) => value.toLowerCase())
      .refine((value) => CURRENCIES.has(value.toUpperCase()), 'must be a currency of ISO 4217 such as usd'),
    terms: z.string().trim().min(1).max(200_000).describe('the licence text that buyers accept'),
    prices: z
      .array(z.discriminatedUnion('model', [HourlyPrice, MeteredPrice]))
      .min(1)
      .max(25)
      .refine((prices) => new Set(prices.map(dimensionOf)).size === prices.length, 'each dimension has one price'),
    entitlements: z
      .array(Entitlement)
      .max(100)
      .refine((all) => new Set(all.map((one) => one.dimension)).size === all.length, 'each dimension has one value')
      .default([])
      .describe('what subscribers are entitled to, as GetEntitlements says it to your software'),
  })
  .meta({ id: 'NewOffer' });
export type NewOffer = z.output<typeof NewOffer>;

export const PriceView = z
  .object({
    model: z.enum(['hourly', 'metered']),
    dimension: z.string(),
    description: z.string(),
    unit: z.string(),
    rate: z.string(),
    increment: Increment.optional().describe('of an hourly price'),
    minimumSeconds: MinimumSeconds.optional().describe('of an hourly price by the second'),
  })
  .meta({ id: 'Price' });

export const OfferView = z
  .object({
    id: z.uuid(),
    productId: z.uuid(),
    currency: z.string(),
    terms: z.string(),
    termsSha256: z.string().describe('send it back when you subscribe: it says which text was accepted'),
    prices: z.array(PriceView),
    entitlements: z.array(Entitlement),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Offer' });
export type OfferView = z.output<typeof OfferView>;
