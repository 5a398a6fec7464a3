/**
 * Usage that came or was corrected after its period was billed. The whole period is rated again, and what it now comes to beyond what
 * was billed of it is charged on the next invoice: tiers, packages and included units are those of the period it was used in.
 */
import type { Rate } from '../money.ts';
import { amountOf, countsAsSpend, MINIMUM_SPEND, type DailyUsage, type Part, type RatedCharge } from './price.ts';

/** What was billed before of one dimension, price version and item of a period, in all. */
export interface Billed {
  priceVersionId: string;
  dimension: string;
  item: string;
  quantity: bigint;
  unitSize: bigint;
  /** Exact, times `unitSize`. */
  amount: Rate;
  /** By UTC day. */
  days: ReadonlyMap<string, bigint>;
  /** As it was described. */
  model: RatedCharge['model'];
  description: string;
  unit: string;
  rate: Rate | null;
}

/**
 * @param now what the period comes to with all that is known now.
 * @returns a charge for each that differs from what was billed; below zero where something is given back.
 */
export function lateCharges<U extends DailyUsage>(now: readonly RatedCharge<U>[], billed: readonly Billed[]): RatedCharge<U>[] {
  const before = new Map(billed.map((each) => [keyOf(each), each]));
  const gone = billed.filter((each) => !now.some((charge) => keyOf(charge) === keyOf(each)));
  const late = [...now, ...gone.map((each) => nothingOf<U>(each))]
    .filter((charge) => charge.model !== MINIMUM_SPEND)
    .map((charge) => difference(charge, before.get(keyOf(charge))))
    .filter((charge) => charge.amount !== 0n || charge.quantity !== 0n || charge.usage.length > 0);
  return late.some((charge) => countsAsSpend(charge.model)) ? [...late, ...minimumAgain(now)] : late;
}

/** What was short of the minimum may be less now, so the minimum of the period is looked at again, as a whole. */
function minimumAgain<U extends DailyUsage>(now: readonly RatedCharge<U>[]): RatedCharge<U>[] {
  const [first, ...others] = now.filter((charge) => charge.model === MINIMUM_SPEND);
  if (!first) return [];
  return [
    {
      ...first,
      quantity: others.reduce((sum, charge) => sum + charge.quantity, first.quantity),
      amount: others.reduce((sum, charge) => sum + charge.amount, first.amount),
      isSegment: false,
    },
  ];
}

function difference<U extends DailyUsage>(charge: RatedCharge<U>, billed: Billed | undefined): RatedCharge<U> {
  const usage = charge.usage.flatMap((used) => {
    const quantity = used.quantity - (billed?.days.get(used.day) ?? 0n);
    return quantity === 0n ? [] : [{ ...used, quantity }];
  });
  if (!billed) return { ...charge, usage };
  if (billed.unitSize !== charge.unitSize) throw new RangeError(`"${charge.dimension}" was billed in other units.`);
  const quantity = charge.quantity - billed.quantity;
  const amount = charge.amount - billed.amount;
  const isPlain = charge.parts.length === 0 && amount === quantity * (charge.rate ?? 0n);
  return { ...charge, quantity, amount, parts: isPlain ? [] : partsOf(charge, billed), isSegment: false, usage };
}

/** All that it comes to now, less what was billed. */
function partsOf({ parts, quantity, unitSize, rate }: RatedCharge, { amount }: Billed): Part[] {
  const all = parts.length > 0 ? parts : [{ label: 'in all', quantity, unitSize, rate: rate ?? 0n }];
  const billed = { label: 'billed before', quantity: -1n, unitSize, rate: amount };
  return [...all, billed];
}

/** What was billed and is not charged at all any more. */
const nothingOf = <U>({ days: _days, ...billed }: Billed): RatedCharge<U> => ({
  ...billed,
  quantity: 0n,
  amount: amountOf([], billed.unitSize),
  parts: [],
  isSegment: false,
  usage: [],
  costs: [],
});

const keyOf = ({ dimension, priceVersionId, item }: Pick<Billed, 'dimension' | 'priceVersionId' | 'item'>): string =>
  JSON.stringify([dimension, priceVersionId, item]);
