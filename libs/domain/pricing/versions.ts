/** Which prices apply when: the newest version in force, for a day's usage and for each stretch of a period. */
import { DomainError } from '../errors.ts';
import type { Span } from '../period.ts';
import type { PriceVersion } from './price.ts';

type Dated = Pick<PriceVersion, 'effectiveFrom'>;

/**
 * The price version of an instant of use: the newest in force. Prices change at the start of a UTC day, so all hours of a day have
 * the same (docs/decisions/0018-prices-change-at-midnight.md).
 * @throws DomainError `no_price` before the first
 */
export function versionAt<T extends Dated>(versions: readonly T[], instant: Date): T {
  const inForce = newest(versions.filter((version) => version.effectiveFrom <= instant));
  if (!inForce) throw new DomainError('conflict', 'no_price', `No price was in force at ${instant.toISOString()}.`);
  return inForce;
}

/**
 * The price version of a day's usage.
 * @param startedAt when the subscription began; on its first day the price of that instant applies.
 */
export function versionOfDay<T extends Dated>(versions: readonly T[], day: string, startedAt: Date): T {
  const dayStart = new Date(`${day}T00:00:00Z`);
  return versionAt(versions, dayStart > startedAt ? dayStart : startedAt);
}

/** Cuts a span where the price changes: the stretches tile it. @throws DomainError `no_price` */
export function stretchesOf<T extends Dated>(versions: readonly T[], { from, to }: Span): Array<Span & { version: T }> {
  if (to <= from) return [];
  const cuts = versions.map((version) => version.effectiveFrom).filter((at) => at > from && at < to);
  const edges = [from, ...cuts.sort((a, b) => a.getTime() - b.getTime()), to];
  return edges.slice(0, -1).map((edge, index) => ({ from: edge, to: edges[index + 1]!, version: versionAt(versions, edge) }));
}

export const byStart = <T extends Dated>(versions: readonly T[]): T[] =>
  [...versions].sort((a, b) => a.effectiveFrom.getTime() - b.effectiveFrom.getTime());

const newest = <T extends Dated>(versions: readonly T[]): T | undefined => byStart(versions).at(-1);
