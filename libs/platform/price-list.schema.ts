/** The prices of an offer as a vendor gives them, together: to be accepted (api), or to be tried on past usage (billing). */
import { z } from 'zod';
import { parseRate } from '#domain/money.ts';
import type { PriceVersion } from '#domain/pricing/price.ts';
import { pricesOf } from './price-shapes.ts';
import { Decimal, NewPrice } from './prices.schema.ts';

/** All prices of a version, and what holds for all of them. */
export const priceList = {
  prices: z
    .array(NewPrice)
    .min(1)
    .max(25)
    .superRefine((given, context) => {
      for (const message of wrongList(given)) context.addIssue({ code: 'custom', message });
    }),
  minimumSpend: Decimal.optional().describe('what a month of usage costs at least'),
};

function wrongList(given: NewPrice[]): string[] {
  const dimensions = pricesOf(given).map((price) => price.dimension);
  const models = new Set(given.map((price) => price.model));
  return [
    ...(new Set(dimensions).size < dimensions.length || given.filter(({ model }) => model === 'hourly').length > 1
      ? ['each dimension has one price']
      : []),
    ...((models.has('free') || models.has('byol')) && given.length > 1
      ? ['what is free, or needs a licence, has no other price']
      : []),
    ...(models.has('annual') && !models.has('hourly') ? ['an annual price needs an hourly one, for what runs beyond it'] : []),
  ];
}

export const listOf = ({
  prices,
  minimumSpend,
}: {
  prices: NewPrice[];
  minimumSpend?: string;
}): Pick<PriceVersion, 'prices' | 'minimumSpend'> => ({
  prices: pricesOf(prices),
  minimumSpend: minimumSpend === undefined ? null : parseRate(minimumSpend),
});
