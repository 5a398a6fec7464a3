/**
 * What has been used of a subscription up to now, by day, machine and tag. Records count from their commit on; running machines as far as
 * launcher saw them, also in the hour that metering has not recorded yet. Once all is recorded this is what a period is rated from.
 */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { dayOf, type Span } from '#domain/period.ts';
import type { AttributedUsage, Tags, UsedBy } from '#domain/pricing/attribution.ts';
import { priceOfType } from '#domain/pricing/hourly.ts';
import type { HourlyTerms, Named, PriceVersion } from '#domain/pricing/price.ts';
import { quantities } from '#domain/runtime.ts';
import { hourOf } from '#domain/usage.ts';
import { Clock } from '#platform/clock.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { Infrastructure, type Ran } from '../rate/infrastructure.ts';
import { MeteredRecords, type SourceSum } from '../rate/metered-records.ts';

type HourlyPrice = Named & HourlyTerms;

/** Of one source under one set of tags. */
type Piece = SourceSum & { tags: Tags };

@Injectable()
export class LiveUsage {
  constructor(
    private readonly clock: Clock,
    private readonly records: MeteredRecords,
    private readonly infrastructure: Infrastructure,
  ) {}

  /** @param versions of the subscription's offer. @returns in the order in which a period is rated: by dimension and day. */
  async of(
    tx: EntityManager,
    subscription: Subscription,
    period: Span,
    versions: readonly PriceVersion[],
  ): Promise<AttributedUsage[]> {
    const [sums, tagged, running] = [
      await this.records.sums(subscription.id, period),
      await this.records.tagged(subscription.id, period),
      await this.unrecorded(tx, subscription, period, hourlyPrices(subscription, versions)),
    ];
    const untagged = sums.map((sum): Piece => ({ ...sum, quantity: sum.quantity - taggedOf(sum, tagged), tags: {} }));
    const pieces = [...tagged, ...untagged, ...running].filter(({ quantity }) => quantity !== 0n);
    return [...Map.groupBy(pieces, ({ dimension, day }) => `${dimension} ${day}`).values()]
      .map((own) => ({
        day: own[0]!.day,
        dimension: own[0]!.dimension,
        quantity: own.reduce((sum, { quantity }) => sum + quantity, 0n),
        by: own.map((piece) => usedBy(piece, subscription.id)),
      }))
      .sort((a, b) => compare(a.dimension, b.dimension) || compare(a.day, b.day));
  }

  /** What machines ran in hours that metering has not recorded: seconds are, once their hour is over. */
  private async unrecorded(
    tx: EntityManager,
    { id }: Subscription,
    period: Span,
    prices: readonly HourlyPrice[],
  ): Promise<Piece[]> {
    if (prices.length === 0) return [];
    const counted = await this.records.countedUntil(id, this.clock.now());
    const from = hourOf(counted !== null && counted > period.from ? counted : period.from);
    const recorded = await this.records.recordedHours(
      id,
      prices.map((price) => price.dimension),
      from,
    );
    const isRecorded = new Set(recorded.map(({ sourceId, hour }) => `${sourceId} ${hour.getTime()}`));
    const runs = await this.infrastructure.runs(tx, id, { from, to: period.to });
    return [...Map.groupBy(runs, (run) => run.instanceId)].flatMap(([instanceId, own]) =>
      hoursOf(own, prices, { from, to: period.to })
        .filter(({ hour }) => !isRecorded.has(`${instanceId} ${hour}`))
        .map(({ hour, dimension, quantity }) => ({
          day: dayOf(new Date(hour)),
          dimension,
          sourceId: instanceId,
          quantity: BigInt(quantity),
          tags: {},
        })),
    );
  }
}

function hoursOf(
  runs: readonly Ran[],
  prices: readonly HourlyPrice[],
  { from, to }: Span,
): Array<{ hour: number; dimension: string; quantity: number }> {
  const price = priceOfType(prices, runs[0]!.instanceType);
  if (!price) return [];
  return [...quantities(runs, price, from)]
    .filter(([hour]) => hour < to.getTime())
    .map(([hour, quantity]) => ({ hour, dimension: price.dimension, quantity }));
}

/** Machines are counted by the version that was accepted; a later one prices the same dimensions. */
const hourlyPrices = ({ priceVersionId }: Subscription, versions: readonly PriceVersion[]): HourlyPrice[] =>
  (versions.find((version) => version.id === priceVersionId)?.prices ?? []).filter((price) => price.model === 'hourly');

const taggedOf = (sum: SourceSum, tagged: readonly Piece[]): bigint =>
  tagged
    .filter(({ day, dimension, sourceId }) => day === sum.day && dimension === sum.dimension && sourceId === sum.sourceId)
    .reduce((total, { quantity }) => total + quantity, 0n);

const usedBy = ({ sourceId, tags, quantity }: Piece, subscriptionId: string): UsedBy => ({
  instanceId: sourceId === subscriptionId ? null : sourceId,
  tags,
  quantity,
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
