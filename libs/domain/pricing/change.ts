/**
 * Changes of an offer's prices for those who have subscribed. What nobody pays more for holds from the day it is made; anything else
 * needs 90 days' notice and then begins with a month. Prices change at the start of a UTC day
 * (docs/decisions/0018-prices-change-at-midnight.md).
 */
import { DomainError } from '../errors.ts';
import { monthOf } from '../period.ts';
import type { ContractOption, Price, PriceVersion, Tier } from './price.ts';

export const NOTICE_DAYS = 90;
const DAY_MS = 86_400_000;

export type PriceChange = 'decrease' | 'increase';
type PriceList = Pick<PriceVersion, 'prices' | 'minimumSpend'>;

/**
 * Whether somebody may pay more. Prices of one model are compared amount by amount; where two cannot be compared so, it is an increase.
 * @throws DomainError `other_prices` when something else is priced than before, `nothing_changes`
 */
export function changeOf(before: PriceList, after: PriceList): PriceChange {
  if (isIncrease(before, after)) return 'increase';
  if (!isIncrease(after, before)) throw new DomainError('conflict', 'nothing_changes', 'These are the prices that hold already.');
  return 'decrease';
}

/** @throws DomainError `other_prices` */
export const isIncrease = (before: PriceList, after: PriceList): boolean =>
  pairsOf(before.prices, after.prices).some(([old, next]) => costsMore(old, next)) ||
  (after.minimumSpend ?? 0n) > (before.minimumSpend ?? 0n);

/**
 * The first instant from which a change may hold.
 * @param newest when the newest version that is in force began: a day has one version, so the second change of a day waits for the next.
 */
export function earliestFrom(change: PriceChange, { now, newest }: { now: Date; newest: Date }): Date {
  if (change === 'increase') return monthAtOrAfter(new Date(now.getTime() + NOTICE_DAYS * DAY_MS));
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const free = (Math.floor(newest.getTime() / DAY_MS) + 1) * DAY_MS;
  return new Date(Math.max(today, free));
}

/** Whether a change may begin then: with a day, an increase with a month. */
export const isStart = (change: PriceChange, at: Date): boolean =>
  change === 'increase' ? monthOf(at).from.getTime() === at.getTime() : at.getTime() % DAY_MS === 0;

function monthAtOrAfter(at: Date): Date {
  const { from, to } = monthOf(at);
  return from.getTime() === at.getTime() ? from : to;
}

/** Old and new prices of the same dimensions. Another dimension, or another way of counting one, is another offer. */
function pairsOf(before: readonly Price[], after: readonly Price[]): Array<[Price, Price]> {
  const others = new Map(after.map((price) => [price.dimension, price]));
  const pairs = before.flatMap((old): Array<[Price, Price]> => {
    const next = others.get(old.dimension);
    return next && isCountedAlike(old, next) ? [[old, next]] : [];
  });
  if (pairs.length === before.length && pairs.length === after.length) return pairs;
  throw new DomainError(
    'conflict',
    'other_prices',
    'A new price version has the dimensions, units and ways of counting of the one before; for others make a new offer.',
  );
}

function isCountedAlike(old: Price, next: Price): boolean {
  if (isReported(old) && isReported(next)) return old.unit === next.unit;
  if (old.model !== next.model || old.unit !== next.unit) return false;
  if (old.model !== 'hourly' || next.model !== 'hourly') return true;
  return old.minimumSeconds === next.minimumSeconds;
}

const isReported = (price: Price): boolean => ['metered', 'graduated', 'volume', 'package'].includes(price.model);

/** Whether `next` costs more than `old` for anybody; also where the two cannot be compared. */
function costsMore(old: Price, next: Price): boolean {
  if (old.model !== next.model) return true;
  if ('included' in old && 'included' in next && next.included < old.included) return true;
  if ('tiers' in old && 'tiers' in next) return tiersCostMore(old.tiers, next.tiers);
  if ('options' in old && 'options' in next) return old.options.some((option) => optionCostsMore(option, next.options));
  if ('basisPoints' in old && 'basisPoints' in next) return next.basisPoints > old.basisPoints;
  if ('size' in old && 'size' in next && old.size !== next.size) return true;
  return 'rate' in old && 'rate' in next && next.rate > old.rate;
}

function tiersCostMore(old: readonly Tier[], next: readonly Tier[]): boolean {
  if (old.length !== next.length) return true;
  return old.some(({ upTo, rate, flat }, index) => {
    const other = next[index]!;
    return other.upTo !== upTo || other.rate > rate || other.flat > flat;
  });
}

/** A length of contract that is not offered any more cannot be renewed. */
function optionCostsMore(old: ContractOption, next: readonly ContractOption[]): boolean {
  const other = next.find((option) => option.months === old.months);
  return !other || other.rate > old.rate || !isPaidAlike(old, other);
}

const isPaidAlike = (old: ContractOption, next: ContractOption): boolean =>
  JSON.stringify(old.instalments?.map((part) => part.afterMonths)) ===
  JSON.stringify(next.instalments?.map((part) => part.afterMonths));
