/** Token buckets: so many calls a second, and a few more at once after a pause. Time comes as an argument, in milliseconds. */

export interface Bucket {
  tokens: number;
  filledAt: number;
}

export interface Rate {
  /** Tokens that come back in a second. */
  perSecond: number;
  /** The most a bucket holds: the calls that may come at once. */
  burst: number;
}

export const fullBucket = ({ burst }: Rate, now: number): Bucket => ({ tokens: burst, filledAt: now });

/** Takes a token, when there is one, and writes down what is left. A clock that goes back adds nothing. */
export function takeToken(bucket: Bucket, { perSecond, burst }: Rate, now: number): boolean {
  const elapsed = Math.max(0, now - bucket.filledAt);
  bucket.tokens = Math.min(burst, bucket.tokens + (elapsed * perSecond) / 1000);
  bucket.filledAt = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
