/** Shapes of offers: terms and prices. */
import { z } from 'zod';

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
const Decimal = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal in major units with at most 12 places, such as "0.25"');

const HourlyPrice = z.object({
  model: z.literal('hourly'),
  dimension: z.literal('hours').default('hours'),
  description: z.string().trim().min(1).max(120).default('Running machine'),
  unit: z.literal('hour').default('hour'),
  rate: Decimal,
});

const MeteredPrice = z.object({
  model: z.literal('metered'),
  dimension: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,60}$/, 'must be 1 to 60 letters, digits, dots, dashes or underscores')
    .refine((value) => value !== 'hours', '"hours" is what the platform counts; name yours otherwise'),
  description: z.string().trim().min(1).max(120),
  unit: z.string().trim().min(1).max(40),
  rate: Decimal,
});

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
      .refine((prices) => new Set(prices.map((price) => price.dimension)).size === prices.length, 'each dimension has one price'),
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
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Offer' });
export type OfferView = z.output<typeof OfferView>;
