/** Shapes of offers: terms and prices. */
import { z } from 'zod';
import { isUsagePrice } from '#domain/pricing/price.ts';
import { priceList } from '#platform/price-list.schema.ts';
import { Dimension, PriceView, Trial } from '#platform/prices.schema.ts';
import { pricesOf } from '#platform/price-shapes.ts';

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

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

export const Currency = z
  .string()
  .length(3)
  .transform((value) => value.toLowerCase())
  .refine((value) => CURRENCIES.has(value.toUpperCase()), 'must be a currency of ISO 4217 such as usd');

const offered = {
  currency: Currency,
  terms: z.string().trim().min(1).max(200_000).describe('the licence text that buyers accept'),
  ...priceList,
  trial: Trial.optional().describe("for a buyer's first subscription to the product"),
  entitlements: z
    .array(Entitlement)
    .max(100)
    .refine((all) => new Set(all.map((one) => one.dimension)).size === all.length, 'each dimension has one value')
    .default([])
    .describe('what subscribers are entitled to, as GetEntitlements says it to your software'),
};

const offerObject = z.object(offered);

/** Rules across the fields of an offer. */
export function assertOffer(given: z.output<typeof offerObject>, context: z.RefinementCtx): void {
  const { currency, prices, trial } = given;
  if (currency !== 'usd' && prices.some(({ model }) => model === 'infrastructure'))
    context.addIssue({
      code: 'custom',
      path: ['currency'],
      message: 'a share of infrastructure is in usd, as the cloud’s prices are; nothing is converted',
    });
  if (
    trial &&
    'dimension' in trial &&
    !pricesOf(prices).some((price) => price.dimension === trial.dimension && isUsagePrice(price))
  )
    context.addIssue({ code: 'custom', path: ['trial', 'dimension'], message: 'must be a dimension whose usage is priced here' });
}

export const NewOffer = offerObject.superRefine(assertOffer).meta({ id: 'NewOffer' });
export type NewOffer = z.output<typeof NewOffer>;

export const newPrivateOffer = offerObject;

export const AnnouncedPrices = z
  .object({
    id: z.uuid(),
    effectiveFrom: z.iso.datetime(),
    prices: z.array(PriceView),
    minimumSpend: z.string().optional(),
  })
  .meta({ id: 'AnnouncedPrices' });

export const OfferView = z
  .object({
    id: z.uuid(),
    productId: z.uuid(),
    currency: z.string(),
    terms: z.string(),
    termsSha256: z.string().describe('send it back when you subscribe: it says which text was accepted'),
    prices: z.array(PriceView),
    minimumSpend: z.string().optional().describe('what a month of usage costs at least'),
    trial: Trial.optional(),
    announced: z.array(AnnouncedPrices).optional().describe('prices that will hold from a later day on'),
    entitlements: z.array(Entitlement),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Offer' });
export type OfferView = z.output<typeof OfferView>;
