/**
 * Whose an exact charge is: divided over the machines that were used and the tags that the use was given, by quantity. What no machine
 * stands for, such as a fee, is nobody's part. The parts always sum to the whole.
 */
import { divideHalfUp, type Rate } from '../money.ts';
import { allocate } from '../split.ts';
import { countsAsSpend, MINIMUM_SPEND, type DailyUsage, type RatedCharge } from './price.ts';

export type Tags = Readonly<Record<string, string>>;

/** What of a day's use was of one machine, under one set of tags. */
export interface UsedBy {
  /** Null for what a vendor reported of the subscription as a whole, and for corrections. */
  instanceId: string | null;
  tags: Tags;
  /** Negative in a correction. */
  quantity: bigint;
}

export interface AttributedUsage extends DailyUsage {
  by: readonly UsedBy[];
}

/** A part of what something costs. */
export interface CostPart {
  dimension: string;
  instanceId: string | null;
  tags: Tags;
  /** Major units, with twelve decimals. */
  amount: Rate;
}

/** What a charge comes to, rounded once to twelve decimals. Nothing is rounded to minor units here. */
export const dueOf = ({ amount, unitSize }: Pick<RatedCharge, 'amount' | 'unitSize'>): Rate => divideHalfUp(amount, unitSize);

/**
 * The parts of a charge. Tiers, packages and free units belong to all machines alike: each bears as much as it used. What was corrected
 * for nobody in particular makes it less for all.
 */
export function partsOf(charge: RatedCharge<AttributedUsage>): CostPart[] {
  const { dimension } = charge;
  const users = merged(charge.usage.flatMap(({ by }) => by)).filter(({ quantity }) => quantity > 0n);
  const amount: bigint = dueOf(charge);
  if (users.length === 0) return [{ dimension, instanceId: null, tags: {}, amount }];
  const amounts: bigint[] = allocate(
    amount,
    users.map(({ quantity }) => quantity),
  );
  return users.map(({ instanceId, tags }, index) => ({ dimension, instanceId, tags, amount: amounts[index]! }));
}

/** Of what is short of the minimum spend so far; zero or more. */
export function missingSpend(charges: readonly RatedCharge<AttributedUsage>[]): Rate {
  const sum = (some: readonly RatedCharge<AttributedUsage>[]): Rate => some.reduce((total, charge) => total + dueOf(charge), 0n);
  const missing =
    sum(charges.filter(({ model }) => model === MINIMUM_SPEND)) - sum(charges.filter(({ model }) => countsAsSpend(model)));
  return missing > 0n ? missing : 0n;
}

function merged(users: readonly UsedBy[]): UsedBy[] {
  const byKey = Map.groupBy(users, ({ instanceId, tags }) => JSON.stringify([instanceId, Object.entries(tags).sort()]));
  return [...byKey.values()].map((own) => ({ ...own[0]!, quantity: own.reduce((sum, { quantity }) => sum + quantity, 0n) }));
}

export interface TagCost {
  key: string;
  /** Null for what has no such tag. */
  value: string | null;
  amount: Rate;
}

/** What each value of each tag costs. For each key its values, and what has none, sum to the whole. */
export function byTag(parts: readonly Pick<CostPart, 'tags' | 'amount'>[]): TagCost[] {
  const keys = [...new Set(parts.flatMap(({ tags }) => Object.keys(tags)))].sort();
  return keys.flatMap((key) =>
    [...Map.groupBy(parts, ({ tags }) => tags[key] ?? null)]
      .map(([value, own]) => ({ key, value, amount: own.reduce((sum, { amount }) => sum + amount, 0n) }))
      .sort((a, b) => (a.value ?? '\uffff').localeCompare(b.value ?? '\uffff', 'en')),
  );
}
