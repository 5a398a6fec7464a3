/**
 * Free trials. One of days covers everything until the end of its last UTC day, since usage is summed by day; one of a quantity
 * covers so many units of one dimension, once, and nothing else. After one that converts what follows is charged; one that ends
 * charges nothing until the buyer has said yes.
 */
import type { Trial } from './price.ts';

const DAY_MS = 86_400_000;
/** How long before the end of a trial its buyer is reminded. */
const REMINDER_DAYS = 3;

/** An agreement's trial, and when its buyer chose to go on and pay; null while they have not. */
export interface AgreedTrial extends Trial {
  convertedAt: Date | null;
}

/** The first instant after a trial of days: the day of the start is given, then `days` whole ones. */
export const trialUntil = (startedAt: Date, days: number): Date => new Date(dayStart(startedAt) + (days + 1) * DAY_MS);

export const remindAt = (until: Date): Date => new Date(until.getTime() - REMINDER_DAYS * DAY_MS);

/** From when on an agreement costs something; null while a trial goes on that ends by itself. */
export function billableFrom(startedAt: Date, trial: AgreedTrial | null): Date | null {
  if (trial === null || !('days' in trial.of)) return startedAt;
  const until = trialUntil(startedAt, trial.of.days);
  if (trial.afterwards === 'converts') return until;
  return trial.convertedAt === null ? null : later(until, dayEnd(trial.convertedAt));
}

/** The trial's free units of one dimension. */
export interface FreeUnits {
  quantity: bigint;
  /** Days before this one are free whatever the quantity; null for all days, while the buyer has not said yes. */
  chargedFrom: string | null;
}

/** @returns null when the dimension has no trial of a quantity. */
export function freeUnitsOf(trial: AgreedTrial | null, dimension: string): FreeUnits | null {
  if (trial === null || 'days' in trial.of || trial.of.dimension !== dimension) return null;
  const { quantity } = trial.of;
  if (trial.afterwards === 'converts') return { quantity, chargedFrom: '' };
  if (trial.convertedAt === null) return { quantity, chargedFrom: null };
  return { quantity, chargedFrom: new Date(dayStart(trial.convertedAt)).toISOString().slice(0, 10) };
}

/** How many free units are left. @param used before, in all periods of the agreement. */
export const unitsLeft = ({ quantity }: FreeUnits, used: bigint): bigint => (used < quantity ? quantity - used : 0n);

const dayStart = (instant: Date): number => Math.floor(instant.getTime() / DAY_MS) * DAY_MS;
const dayEnd = (instant: Date): Date => new Date(Math.ceil(instant.getTime() / DAY_MS) * DAY_MS);
const later = (a: Date, b: Date): Date => (a > b ? a : b);
