/** Charges that do not depend on what was used: flat, monthly and one-time prices, shares of infrastructure, the minimum spend. */
import { DomainError } from '../errors.ts';
import { dayOf, type Span } from '../period.ts';
import { flat } from './flat.ts';
import { infrastructureShare } from './infrastructure.ts';
import { minimumOf } from './minimum-spend.ts';
import { monthly } from './monthly.ts';
import { oneTime } from './one-time.ts';
import { amountOf, MINIMUM_SPEND, type Named, type Part, type Price, type PriceVersion, type RatedCharge } from './price.ts';
import type { RatingInput } from './rate-period.ts';
import { billableFrom } from './trial.ts';
import { stretchesOf, versionAt } from './versions.ts';

export function rateFixed(input: RatingInput): RatedCharge<never>[] {
  const span = billableSpan(input);
  if (span === null) return [];
  const stretches = stretchesOf(input.versions, span);
  return [
    ...oneTimeFees(input),
    ...flatFees(versionAt(input.versions, span.from)),
    ...stretches.flatMap(({ version, ...stretch }) => [
      ...version.prices.flatMap((price) => overTime(version, price, stretch, input)),
      ...minimum(version, stretch),
    ]),
  ];
}

/** The part of the period that costs something; null where there is none. */
function billableSpan({ period, agreement }: RatingInput): Span | null {
  const begins = billableFrom(agreement.startedAt, agreement.trial);
  if (begins === null) return null;
  const from = begins > period.from ? begins : period.from;
  const to = agreement.endedAt !== null && agreement.endedAt < period.to ? agreement.endedAt : period.to;
  return from < to ? { from, to } : null;
}

/** The fee was accepted with the offer: it is that of the version at the start, whatever came during a trial. */
function oneTimeFees({ period, agreement, versions }: RatingInput): RatedCharge<never>[] {
  const version = versionAt(versions, agreement.startedAt);
  const begins = billableFrom(agreement.startedAt, agreement.trial);
  return version.prices.flatMap((price) =>
    price.model === 'one_time' ? fixed(version, price, price.rate, oneTime(price.rate, period, begins)) : [],
  );
}

/** A month that has begun is charged at the price that it began with. */
const flatFees = (version: PriceVersion): RatedCharge<never>[] =>
  version.prices.flatMap((price) => (price.model === 'flat' ? fixed(version, price, price.rate, flat(price.rate)) : []));

function overTime(version: PriceVersion, price: Price, stretch: Span, input: RatingInput): RatedCharge<never>[] {
  if (price.model === 'monthly') return fixed(version, price, price.rate, monthly(price.rate, stretch), true);
  if (price.model !== 'infrastructure') return [];
  if (input.infrastructure === null)
    throw new DomainError(
      'unavailable',
      'no_infrastructure_cost',
      `"${price.dimension}" is a share of what the machines cost at the cloud, and that is not known.`,
    );
  const costs = input.infrastructure.filter(({ day }) => isOf(stretch, day));
  const cost = costs.reduce((sum, { amount }) => sum + amount, 0n);
  if (cost === 0n) return [];
  return fixed(version, price, null, infrastructureShare(price.basisPoints, cost)).map((charge) => ({ ...charge, costs }));
}

/** A day belongs to the stretch in which it begins; the first, to the one that begins on it. */
const isOf = ({ from, to }: Span, day: string): boolean => {
  const dayStart = new Date(`${day}T00:00:00Z`);
  return day === dayOf(from) || (dayStart > from && dayStart < to);
};

function minimum(version: PriceVersion, stretch: Span): RatedCharge<never>[] {
  if (version.minimumSpend === null) return [];
  const named = { dimension: MINIMUM_SPEND, description: 'Minimum spend', unit: 'month' };
  return fixed(version, { ...named, model: MINIMUM_SPEND }, version.minimumSpend, minimumOf(version.minimumSpend, stretch), true);
}

function fixed(
  version: PriceVersion,
  { dimension, description, unit, model }: Named & Pick<RatedCharge, 'model'>,
  rate: bigint | null,
  parts: Part[],
  isSegment = false,
): RatedCharge<never>[] {
  const [part] = parts;
  if (!part) return [];
  return [
    {
      priceVersionId: version.id,
      dimension,
      model,
      item: '',
      description,
      unit,
      quantity: part.quantity,
      unitSize: part.unitSize,
      rate,
      amount: amountOf(parts, part.unitSize),
      parts: part.label === '' ? [] : parts,
      isSegment,
      usage: [],
      costs: [],
    },
  ];
}
