/** Prices between their shape in the API and the domain's: what a vendor gives becomes one price per dimension, and back. */
import { formatRate, parseRate, type Rate } from '#domain/money.ts';
import { equalInstalments } from '#domain/pricing/contract.ts';
import { hourlyDimension } from '#domain/pricing/hourly.ts';
import { annualDimension } from '#domain/pricing/annual.ts';
import type { ContractOption, Instalment, Price } from '#domain/pricing/price.ts';
import { unitSizeOf, USUAL_MINIMUM_SECONDS } from '#domain/runtime.ts';
import { allocate } from '#domain/split.ts';
import type { NewPrice, PriceView } from './prices.schema.ts';

/** 1 % in basis points, at two decimals. */
const BASIS_POINTS_OF_A_PERCENT = 100n;
const RATE_ONE = parseRate('1');

export const pricesOf = (given: readonly NewPrice[]): Price[] => given.flatMap(priceOf);

function priceOf(given: NewPrice): Price[] {
  switch (given.model) {
    case 'free':
    case 'byol':
      return [
        {
          model: given.model,
          dimension: given.model,
          description: given.model === 'free' ? 'Free' : 'Bring your own licence',
          unit: 'month',
        },
      ];
    case 'hourly':
      return hourly(given);
    case 'annual':
      return Object.entries(given.rates).map(([instanceType, rate]) => ({
        model: 'annual',
        dimension: annualDimension(instanceType),
        description: given.description,
        unit: given.unit,
        instanceType,
        rate: parseRate(rate),
      }));
    case 'metered':
      return [{ ...given, rate: parseRate(given.rate), included: BigInt(given.included ?? 0) }];
    case 'graduated':
    case 'volume':
      return [
        {
          ...given,
          included: BigInt(given.included ?? 0),
          tiers: given.tiers.map(({ upTo, rate, flat }) => ({
            upTo: upTo === null ? null : BigInt(upTo),
            rate: parseRate(rate),
            flat: parseRate(flat),
          })),
        },
      ];
    case 'package':
      return [{ ...given, rate: parseRate(given.rate), size: BigInt(given.size), included: BigInt(given.included ?? 0) }];
    case 'flat':
    case 'monthly':
    case 'one_time':
      return [{ ...given, rate: parseRate(given.rate) }];
    case 'contract':
      return [{ ...given, options: given.options.map(optionOf) }];
    case 'infrastructure': {
      const { percent, ...named } = given;
      return [{ ...named, basisPoints: (parseRate(percent) * BASIS_POINTS_OF_A_PERCENT) / RATE_ONE }];
    }
  }
}

function hourly({
  description,
  unit,
  rate,
  rates = {},
  increment,
  minimumSeconds = USUAL_MINIMUM_SECONDS,
  included = 0,
}: NewPrice & { model: 'hourly' }): Price[] {
  const counted = {
    model: 'hourly' as const,
    description,
    unit,
    increment,
    minimumSeconds: increment === 'second' ? minimumSeconds : 0,
  };
  const forType = (instanceType: string | null, own: string, free: bigint): Price => ({
    ...counted,
    dimension: hourlyDimension(increment, instanceType),
    instanceType,
    rate: parseRate(own),
    included: free,
  });
  return [
    forType(null, rate, BigInt(included) * unitSizeOf(increment)),
    ...Object.entries(rates).map(([instanceType, own]) => forType(instanceType, own, 0n)),
  ];
}

function optionOf({ months, rate, instalments }: (NewPrice & { model: 'contract' })['options'][number]): ContractOption {
  const parts = (): Instalment[] | null => {
    if (instalments === undefined) return null;
    if (typeof instalments === 'number') return equalInstalments(instalments);
    return instalments.map(({ afterMonths, amount }) => ({ afterMonths, share: parseRate(amount) }));
  };
  return { months, rate: parseRate(rate), instalments: parts() };
}

/** Types with a price of their own stand under the price for all others. */
export function priceViews(prices: readonly Price[]): PriceView[] {
  return prices.flatMap((price): PriceView[] => {
    if (price.model === 'hourly') return price.instanceType === null ? [{ ...view(price), ...ratesOf(prices, 'hourly') }] : [];
    if (price.model !== 'annual') return [view(price)];
    const isFirst = prices.find(({ model }) => model === 'annual') === price;
    const { rate: _rate, ...shared } = view(price);
    return isFirst ? [{ ...shared, dimension: 'annual', ...ratesOf(prices, 'annual') }] : [];
  });
}

function ratesOf(prices: readonly Price[], model: 'hourly' | 'annual'): Pick<PriceView, 'rates'> {
  const own = prices.flatMap((price): Array<[string, string]> =>
    price.model === model && 'instanceType' in price && price.instanceType !== null
      ? [[price.instanceType, formatRate(price.rate)]]
      : [],
  );
  return own.length === 0 ? {} : { rates: Object.fromEntries(own) };
}

const view = (price: Price): PriceView => ({
  model: price.model,
  dimension: price.dimension,
  description: price.description,
  unit: price.unit,
  ...('rate' in price && { rate: formatRate(price.rate) }),
  ...(price.model === 'hourly' && { increment: price.increment }),
  ...(price.model === 'hourly' && price.increment === 'second' && { minimumSeconds: price.minimumSeconds }),
  ...('included' in price && price.included > 0n && { included: includedOf(price) }),
  ...('tiers' in price && {
    tiers: price.tiers.map(({ upTo, rate, flat }) => ({
      upTo: upTo === null ? null : Number(upTo),
      rate: formatRate(rate),
      flat: formatRate(flat),
    })),
  }),
  ...('size' in price && { size: Number(price.size) }),
  ...('options' in price && { options: price.options.map(optionView) }),
  ...('basisPoints' in price && { percent: formatRate((price.basisPoints * RATE_ONE) / BASIS_POINTS_OF_A_PERCENT) }),
});

const includedOf = (price: Price & { included: bigint }): number =>
  Number(price.model === 'hourly' ? price.included / unitSizeOf(price.increment) : price.included);

const optionView = ({ months, rate, instalments }: ContractOption): NonNullable<PriceView['options']>[number] => ({
  months,
  rate: formatRate(rate),
  ...(instalments !== null && { instalments: amountsOf(rate, instalments) }),
});

/** What each part of one unit's price is, to the twelfth decimal; they sum to it. */
function amountsOf(rate: Rate, instalments: readonly Instalment[]): Array<{ afterMonths: number; amount: string }> {
  const amounts = allocate(
    BigInt(rate),
    instalments.map((part) => part.share),
  );
  return instalments.map(({ afterMonths }, index) => ({ afterMonths, amount: formatRate(BigInt(amounts[index]!)) }));
}
