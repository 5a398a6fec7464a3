/**
 * Rates one period of one agreement: every price that its offer has, exactly, as charges in a fixed order. The same usage, versions,
 * commitments and costs give the same charges, whenever and however often they are rated. Nothing is rounded here.
 */
import type { Span } from '../period.ts';
import { rateCommitments } from './rate-commitments.ts';
import { rateFixed } from './rate-fixed.ts';
import { rateUsage } from './rate-usage.ts';
import type { Commitment } from './commitment.ts';
import { MINIMUM_SPEND, type DailyCost, type DailyUsage, type PriceVersion, type RatedCharge } from './price.ts';
import type { AgreedTrial } from './trial.ts';

export interface Agreement {
  startedAt: Date;
  /** Exclusive; null while it runs. */
  endedAt: Date | null;
  currency: string;
  trial: AgreedTrial | null;
  commitments: readonly Commitment[];
}

export interface RatingInput<U extends DailyUsage = DailyUsage> {
  /** Within one calendar month (UTC). */
  period: Span;
  agreement: Agreement;
  /** Of the offer; all that were ever in force. */
  versions: readonly PriceVersion[];
  /** Of the period, by dimension and day. */
  usage: readonly U[];
  /** Of a dimension in all periods before this one; asked for the dimension of a trial. */
  usedBefore: (dimension: string) => bigint;
  /** What its machines cost at the cloud, by day; null where no price asks for it. */
  infrastructure: readonly DailyCost[] | null;
}

/** @throws DomainError `no_price`, `negative_quantity`, `no_infrastructure_cost` */
export function ratePeriod<U extends DailyUsage>(input: RatingInput<U>): RatedCharge<U>[] {
  const charges = [...rateUsage(input), ...rateFixed(input), ...rateCommitments(input)] as RatedCharge<U>[];
  const places = new Map(input.versions.map((version) => [version.id, version.effectiveFrom.getTime()]));
  return charges.sort(
    (a, b) =>
      // The minimum spend looks at all the others.
      Number(a.model === MINIMUM_SPEND) - Number(b.model === MINIMUM_SPEND) ||
      compare(a.dimension, b.dimension) ||
      places.get(a.priceVersionId)! - places.get(b.priceVersionId)! ||
      compare(a.item, b.item),
  );
}

/** By code points, so that every machine has the same order. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
