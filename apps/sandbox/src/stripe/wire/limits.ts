/**
 * How many requests a second Stripe takes, for each endpoint and in all (docs.stripe.com/rate-limits). Off until it is asked for.
 * Time is the sandbox's, so that a test may let a minute of calls pass in a moment.
 */
import type { SandboxClock } from '../../clock.ts';
import type { Store, Table } from '../../store.ts';
import { rateLimited } from './errors.ts';

export interface RateLimits {
  /** Requests a second for each endpoint and account; Stripe's own is 25. */
  perEndpoint?: number;
  /** Requests a second for an account over all endpoints; Stripe's own is 100, and 25 in test mode. */
  perAccount?: number;
}

interface Bucket {
  left: number;
  atMs: number;
}

export class Limits {
  private readonly settings: Table<RateLimits>;
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    store: Store,
    private readonly clock: SandboxClock,
  ) {
    this.settings = store.table('stripe.limits');
  }

  /** Sets them anew; none are left of those not named. */
  set(limits: RateLimits): void {
    this.buckets.clear();
    this.settings.set('limits', limits);
  }

  get(): RateLimits {
    return this.settings.get('limits') ?? {};
  }

  /** @throws StripeRefusal 429, with the reason in the header that Stripe uses. */
  take(owner: string, endpoint: string): void {
    const { perEndpoint, perAccount } = this.get();
    if (perAccount && !this.draw(owner, perAccount)) throw rateLimited('global-rate');
    if (perEndpoint && !this.draw(`${owner} ${endpoint}`, perEndpoint)) throw rateLimited('endpoint-rate');
  }

  private draw(name: string, perSecond: number): boolean {
    const nowMs = this.clock.now().getTime();
    const bucket = this.buckets.get(name) ?? { left: perSecond, atMs: nowMs };
    const passed = nowMs - bucket.atMs;
    // A clock that was turned back owes nobody anything.
    const left = passed < 0 ? perSecond : Math.min(perSecond, bucket.left + (passed * perSecond) / 1000);
    const isTaken = left >= 1;
    this.buckets.set(name, { left: isTaken ? left - 1 : left, atMs: nowMs });
    return isTaken;
  }
}
