/** Tiers as ranges of units, and what makes a list of them a whole one. */
import type { Tier } from './price.ts';

export interface TierRange {
  tier: Tier;
  /** Units after this one belong to it … */
  after: bigint;
  /** … up to and with this one; null for the last tier. */
  upTo: bigint | null;
}

export const rangesOf = (tiers: readonly Tier[]): TierRange[] =>
  tiers.map((tier, index) => ({ tier, after: index === 0 ? 0n : tiers[index - 1]!.upTo!, upTo: tier.upTo }));

/** `1–100`, `101 and more`. */
export const nameOf = (after: bigint, upTo: bigint | null): string =>
  upTo === null ? `${after + 1n} and more` : `${after + 1n}–${upTo}`;

/** What is wrong with a list of tiers, for a person; undefined when every unit is in exactly one of them. */
export function wrongTiers(tiers: ReadonlyArray<Pick<Tier, 'upTo'>>): string | undefined {
  const ends = tiers.map((tier) => tier.upTo);
  if (ends.at(-1) !== null) return 'the last tier has no end: its "upTo" is null';
  const isRising = ends.every((end, index) => index === ends.length - 1 || (end !== null && end > (ends[index - 1] ?? 0n)));
  return isRising ? undefined : 'each tier but the last ends at a higher unit than the one before';
}
