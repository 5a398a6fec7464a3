/** Shapes of price versions: changes of an offer's prices for those who have subscribed. */
import { z } from 'zod';
import { priceList } from '#platform/price-list.schema.ts';
import { PriceView } from '#platform/prices.schema.ts';

export const NewPriceVersion = z
  .object({
    ...priceList,
    effectiveFrom: z.iso
      .datetime()
      .optional()
      .describe('the start of a UTC day, for an increase of a month; the earliest possible when left out'),
  })
  .meta({ id: 'NewPriceVersion' });
export type NewPriceVersion = z.output<typeof NewPriceVersion>;

export const PriceVersionView = z
  .object({
    id: z.uuid(),
    offerId: z.uuid(),
    change: z.enum(['first', 'decrease', 'increase']).describe('what it is to the prices before it'),
    effectiveFrom: z.iso.datetime(),
    noticeGivenAt: z.iso.datetime().nullable().describe('when those who had subscribed were told; null for the first prices'),
    withdrawnAt: z.iso.datetime().nullable().describe('when it was taken back, before it began'),
    prices: z.array(PriceView),
    minimumSpend: z.string().optional(),
  })
  .meta({ id: 'PriceVersion' });
export type PriceVersionView = z.output<typeof PriceVersionView>;

export const PriceVersionList = z.object({ items: z.array(PriceVersionView) }).meta({ id: 'PriceVersionList' });
