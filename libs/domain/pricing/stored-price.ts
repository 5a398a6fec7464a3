/** Prices as they are kept and sent: a rate where there is one, and the rest as strings, since JSON has no exact numbers. */
import { formatRate, parseRate, type Rate } from '../money.ts';
import type { Increment } from '../runtime.ts';
import type { ContractOption, Named, Price, PriceModel, Tier, Trial } from './price.ts';

export interface StoredTier {
  upTo: string | null;
  rate: string;
  flat: string;
}

export interface StoredOption {
  months: number;
  rate: string;
  instalments: Array<{ afterMonths: number; share: string }> | null;
}

export interface StoredTerms {
  included?: string;
  tiers?: StoredTier[];
  size?: string;
  options?: StoredOption[];
  basisPoints?: string;
}

export interface StoredPrice extends Named {
  model: PriceModel;
  rate: Rate | null;
  instanceType: string | null;
  increment: Increment;
  minimumSeconds: number;
  terms: StoredTerms;
}

export type StoredTrial =
  | { days: number; afterwards: Trial['afterwards'] }
  | { dimension: string; quantity: string; afterwards: Trial['afterwards'] };

/** @throws RangeError when the parts of another model are stored: nobody but `storedPrice` writes them */
export function readPrice({ model, rate, instanceType, increment, minimumSeconds, terms, ...rest }: StoredPrice): Price {
  const named: Named = { dimension: rest.dimension, description: rest.description, unit: rest.unit };
  const included = BigInt(terms.included ?? 0);
  switch (model) {
    case 'free':
    case 'byol':
      return { ...named, model };
    case 'hourly':
      return { ...named, model, instanceType, rate: needed(rate), increment, minimumSeconds, included };
    case 'metered':
      return { ...named, model, rate: needed(rate), included };
    case 'graduated':
    case 'volume':
      return { ...named, model, tiers: needed(terms.tiers).map(readTier), included };
    case 'package':
      return { ...named, model, size: BigInt(needed(terms.size)), rate: needed(rate), included };
    case 'flat':
    case 'monthly':
    case 'one_time':
      return { ...named, model, rate: needed(rate) };
    case 'annual':
      return { ...named, model, instanceType: needed(instanceType), rate: needed(rate) };
    case 'contract':
      return { ...named, model, options: needed(terms.options).map(readOption) };
    case 'infrastructure':
      return { ...named, model, basisPoints: BigInt(needed(terms.basisPoints)) };
  }
}

export function storedPrice(price: Price): StoredPrice {
  const isHourly = price.model === 'hourly';
  return {
    dimension: price.dimension,
    description: price.description,
    unit: price.unit,
    model: price.model,
    rate: 'rate' in price ? price.rate : null,
    instanceType: 'instanceType' in price ? price.instanceType : null,
    increment: isHourly ? price.increment : 'hour',
    minimumSeconds: isHourly ? price.minimumSeconds : 0,
    terms: {
      ...('included' in price && price.included !== 0n && { included: String(price.included) }),
      ...('tiers' in price && { tiers: price.tiers.map(storedTier) }),
      ...('size' in price && { size: String(price.size) }),
      ...('options' in price && { options: price.options.map(storedOption) }),
      ...('basisPoints' in price && { basisPoints: String(price.basisPoints) }),
    },
  };
}

export const readTrial = (stored: StoredTrial): Trial =>
  'days' in stored
    ? { of: { days: stored.days }, afterwards: stored.afterwards }
    : { of: { dimension: stored.dimension, quantity: BigInt(stored.quantity) }, afterwards: stored.afterwards };

const readTier = ({ upTo, rate, flat }: StoredTier): Tier => ({
  upTo: upTo === null ? null : BigInt(upTo),
  rate: parseRate(rate),
  flat: parseRate(flat),
});

const storedTier = ({ upTo, rate, flat }: Tier): StoredTier => ({
  upTo: upTo === null ? null : String(upTo),
  rate: formatRate(rate),
  flat: formatRate(flat),
});

const readOption = ({ months, rate, instalments }: StoredOption): ContractOption => ({
  months,
  rate: parseRate(rate),
  instalments: instalments?.map(({ afterMonths, share }) => ({ afterMonths, share: parseRate(share) })) ?? null,
});

const storedOption = ({ months, rate, instalments }: ContractOption): StoredOption => ({
  months,
  rate: formatRate(rate),
  instalments: instalments?.map(({ afterMonths, share }) => ({ afterMonths, share: formatRate(share) })) ?? null,
});

function needed<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new RangeError('A stored price lacks what its model needs.');
  return value;
}
