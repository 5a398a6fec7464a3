/** How often an access key may call each operation. One pool per operation: many reports do not keep a key from asking for entitlements. */
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { fullBucket, takeToken, type Bucket, type Rate } from '#domain/throttle.ts';
import { MeteringConfig } from '../config.ts';
import { WireError } from './wire.errors.ts';

/** An access key that was not seen for so many others has a full bucket again. */
const MOST_REMEMBERED = 200_000;

export type Throttled = 'MeterUsage' | 'BatchMeterUsage' | 'RegisterUsage' | 'ResolveCustomer' | 'GetEntitlements';

interface Pool {
  rate: Rate;
  buckets: LRUCache<string, Bucket>;
}

@Injectable()
export class Throttle {
  private readonly pools: Partial<Record<Throttled, Pool>>;

  constructor(config: MeteringConfig) {
    const pool = (perSecond: number): Pool | undefined =>
      perSecond === 0
        ? undefined
        : {
            rate: rateOf(perSecond / config.METERING_COPIES, config.THROTTLE_BURST_SECONDS),
            buckets: new LRUCache({ max: MOST_REMEMBERED }),
          };
    this.pools = {
      MeterUsage: pool(config.THROTTLE_METER_USAGE),
      BatchMeterUsage: pool(config.THROTTLE_BATCH_METER_USAGE),
      RegisterUsage: pool(config.THROTTLE_REGISTER_USAGE),
      ResolveCustomer: pool(config.THROTTLE_RESOLVE_CUSTOMER),
      GetEntitlements: pool(config.THROTTLE_GET_ENTITLEMENTS),
    };
  }

  /** @throws WireError ThrottlingException; AWS's SDKs wait and try again. */
  take(operation: Throttled, accessKeyId: string): void {
    const pool = this.pools[operation];
    if (!pool) return;
    // In real time, as signatures: the clock of the business may stand still.
    const now = performance.now();
    let bucket = pool.buckets.get(accessKeyId);
    if (!bucket) {
      bucket = fullBucket(pool.rate, now);
      pool.buckets.set(accessKeyId, bucket);
    }
    if (!takeToken(bucket, pool.rate, now))
      throw new WireError(
        'ThrottlingException',
        `Rate exceeded: ${operation} is called too often with this key; wait and try again.`,
      );
  }
}

/** However many copies share a rate, each lets one call through at a time. */
const rateOf = (perSecond: number, burstSeconds: number): Rate => ({ perSecond, burst: Math.max(1, perSecond * burstSeconds) });
