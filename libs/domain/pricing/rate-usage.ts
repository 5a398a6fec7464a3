/** Charges for what was used: one for each dimension and price version, free units and covered machines taken off first. */
import { DomainError } from '../errors.ts';
import { dayOf } from '../period.ts';
import { annualDimension, coveredOn, type Cover } from './annual.ts';
import { termsOf } from './commitment.ts';
import { graduated } from './graduated.ts';
import { freePart, withoutIncluded } from './included.ts';
import { packages } from './package.ts';
import { perUnit } from './per-unit.ts';
import {
  amountOf,
  isUsagePrice,
  priceUnitSize,
  type DailyUsage,
  type Part,
  type PriceVersion,
  type RatedCharge,
  type UsagePrice,
} from './price.ts';
import type { RatingInput } from './rate-period.ts';
import { lengthOf, type Stretch } from './stretch.ts';
import { billableFrom, freeUnitsOf, unitsLeft } from './trial.ts';
import { byStart, versionOfDay } from './versions.ts';
import { volume } from './volume.ts';

/** A dimension's usage under one version. */
interface Portion<U> {
  version: PriceVersion;
  price: UsagePrice;
  usage: U[];
  counted: bigint;
  /** Of it, what a trial gives. */
  onTrial: bigint;
  /** Of it, what is paid ahead by the year. */
  covered: bigint;
}

export function rateUsage<U extends DailyUsage>(input: RatingInput<U>): RatedCharge<U>[] {
  return [...Map.groupBy(input.usage, (used) => used.dimension)].flatMap(([dimension, usage]) => {
    const portions = portionsOf(usage, input);
    const free = freeUnitsOf(input.agreement.trial, dimension);
    const before =
      free === null ? 0n : input.usedBefore(dimension) + portions.reduce((sum, portion) => sum + portion.onTrial, 0n);
    return charge(portions, free === null ? 0n : unitsLeft(free, before));
  });
}

/** In the order of the versions. @throws DomainError `no_price`, `negative_quantity` */
function portionsOf<U extends DailyUsage>(usage: readonly U[], input: RatingInput<U>): Portion<U>[] {
  const { agreement, versions } = input;
  const from = billableFrom(agreement.startedAt, agreement.trial);
  const free = freeUnitsOf(agreement.trial, usage[0]!.dimension);
  const isOnTrial = ({ day }: U): boolean =>
    from === null ||
    (agreement.trial !== null && day < dayOf(from)) ||
    (free !== null && (free.chargedFrom === null || day < free.chargedFrom));
  const byVersion = Map.groupBy(usage, ({ day }) => versionOfDay(versions, day, agreement.startedAt));
  return byStart([...byVersion.keys()]).map((version) => {
    const own = byVersion.get(version)!;
    const price = priceOf(version, own[0]!);
    const charged = own.filter((used) => !isOnTrial(used));
    const counted = total(own);
    const portion = {
      version,
      price,
      usage: own,
      counted,
      onTrial: counted - total(charged),
      covered: covered(price, charged, input),
    };
    for (const part of [portion.onTrial, counted - portion.onTrial - portion.covered]) assertNotNegative(part);
    return portion;
  });
}

/** Days' running that is paid ahead by the year. */
function covered<U extends DailyUsage>(price: UsagePrice, usage: readonly U[], { agreement, period }: RatingInput<U>): bigint {
  if (price.model !== 'hourly' || price.instanceType === null) return 0n;
  const { increment, instanceType } = price;
  const covers: Cover[] = agreement.commitments
    .filter(({ dimension }) => dimension === annualDimension(instanceType))
    .map((commitment) => ({
      quantity: commitment.quantity,
      terms: termsOf(commitment, { until: period.to, endedAt: agreement.endedAt }),
    }));
  return usage.reduce((sum, { day, quantity }) => {
    const most = coveredOn(covers, day, increment);
    return sum + (quantity < 0n ? 0n : quantity < most ? quantity : most);
  }, 0n);
}

/** @param trialUnits that are still free, of all portions together. */
function charge<U extends DailyUsage>(portions: readonly Portion<U>[], trialUnits: bigint): RatedCharge<U>[] {
  const sizes = portions.map(({ counted, onTrial, covered: paid }) => counted - onTrial - paid);
  const all = sizes.reduce((sum, size) => sum + size, 0n);
  let position = 0n;
  return portions.map(({ version, price, usage, counted, onTrial, covered: paid }, index) => {
    const stretch = { from: position, to: position + sizes[index]! };
    position = stretch.to;
    const unitSize = priceUnitSize(price);
    const isLast = sizes.slice(index + 1).every((size) => size === 0n);
    const trial = withoutIncluded(stretch, trialUnits, 'free trial');
    const included = withoutIncluded(trial.rest, price.included);
    const left = withoutIncluded({ from: 0n, to: all }, trialUnits + price.included).rest;
    const parts = [
      ...freePart(onTrial, 'free trial', unitSize),
      ...freePart(paid, 'paid for the year', unitSize),
      ...[...trial.parts, ...included.parts].map((part) => ({ ...part, unitSize })),
      ...priced(price, included.rest, { total: lengthOf(left), isLast }),
    ];
    return {
      priceVersionId: version.id,
      dimension: price.dimension,
      model: price.model,
      item: '',
      description: price.description,
      unit: price.unit,
      quantity: counted,
      unitSize,
      rate: 'rate' in price ? price.rate : null,
      amount: amountOf(parts, unitSize),
      parts: isPlain(parts) ? [] : parts,
      isSegment: false,
      usage,
      costs: [],
    };
  });
}

function priced(price: UsagePrice, stretch: Stretch, { total: of, isLast }: { total: bigint; isLast: boolean }): Part[] {
  switch (price.model) {
    case 'hourly':
    case 'metered':
      return perUnit(lengthOf(stretch), { rate: price.rate, unitSize: priceUnitSize(price) });
    case 'graduated':
      return graduated(price.tiers, stretch);
    case 'volume':
      return volume(price.tiers, { quantity: lengthOf(stretch), total: of, withFlat: isLast });
    case 'package':
      return packages(price, stretch);
  }
}

/** Quantity × rate says it all. */
const isPlain = (parts: readonly Part[]): boolean => parts.every((part) => part.label === '') && parts.length <= 1;

function priceOf(version: PriceVersion, { dimension, day }: DailyUsage): UsagePrice {
  const price = version.prices.find((candidate) => candidate.dimension === dimension);
  if (price && isUsagePrice(price)) return price;
  throw new DomainError(
    'conflict',
    'no_price',
    `There is usage of "${dimension}" on ${day}, and no price for it in version ${version.id}.`,
  );
}

const total = (usage: readonly DailyUsage[]): bigint => usage.reduce((sum, used) => sum + used.quantity, 0n);

/** More was taken back than was ever used: somebody has to correct that first. */
function assertNotNegative(quantity: bigint): void {
  if (quantity < 0n)
    throw new DomainError(
      'conflict',
      'negative_quantity',
      `A quantity of ${quantity} cannot be charged: correct the usage first.`,
    );
}
