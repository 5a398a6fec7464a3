/** The stored answers under their Idempotency-Key: the same request gets the same answer for a day, whatever it was. */
import { createHash } from 'node:crypto';
import type { SandboxClock } from '../../clock.ts';
import type { Store, Table } from '../../store.ts';
import { StripeRefusal } from './errors.ts';

export interface Answer {
  status: number;
  /** JSON, as it was sent. */
  body: string;
}

interface StoredAnswer extends Answer {
  fingerprint: string;
  requestId: string;
  /** Epoch seconds of the sandbox's clock. */
  created: number;
}

export interface KeyedRequest {
  owner: string;
  key: string;
  method: string;
  path: string;
  form: object;
}

const KEPT_SECONDS = 24 * 60 * 60;
/** How many old answers are thrown away with each new one. */
const FORGOTTEN_AT_ONCE = 2;

export class Idempotency {
  private readonly stored: Table<StoredAnswer>;
  private readonly inFlight = new Set<string>();

  constructor(
    store: Store,
    private readonly clock: SandboxClock,
  ) {
    this.stored = store.table('stripe.idempotency');
  }

  /**
   * Claims the key for a new request, or gives the answer that is to be replayed.
   * @throws StripeRefusal 409 while the first request with the key is still at work, 400 when it was another request.
   */
  begin(request: KeyedRequest): (Answer & { requestId: string }) | undefined {
    const slot = slotOf(request);
    if (this.inFlight.has(slot)) {
      throw new StripeRefusal(409, 'idempotency_error', `Another request with the Idempotency-Key ${request.key} is at work.`, {
        code: 'idempotency_key_in_use',
      });
    }
    const stored = this.stored.get(slot);
    // Stripe forgets a key after a day. Whoever repeats a call later with the same key does it a second time.
    if (!stored || this.isForgotten(stored)) {
      this.inFlight.add(slot);
      return undefined;
    }
    if (stored.fingerprint !== fingerprintOf(request)) {
      const message = `The Idempotency-Key ${request.key} was first used with other parameters; use a new key for a new request.`;
      throw new StripeRefusal(400, 'idempotency_error', message);
    }
    return stored;
  }

  /** Stores the answer. In one piece with the work, so that no kill leaves an object whose key is not known. */
  keep(request: KeyedRequest, requestId: string, answer: Answer): void {
    const slot = slotOf(request);
    // Deleted first: what is kept again is the youngest, and the oldest are forgotten from the front.
    this.stored.delete(slot);
    this.stored.set(slot, { ...answer, requestId, fingerprint: fingerprintOf(request), created: this.seconds() });
    for (let left = FORGOTTEN_AT_ONCE; left > 0; left--) {
      const [oldest, kept] = this.stored.first()!;
      if (!this.isForgotten(kept)) break;
      this.stored.delete(oldest);
    }
  }

  /** Lets the key go. */
  finish(request: KeyedRequest): void {
    this.inFlight.delete(slotOf(request));
  }

  private isForgotten(stored: StoredAnswer): boolean {
    return stored.created + KEPT_SECONDS < this.seconds();
  }

  private seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}

const slotOf = (request: KeyedRequest): string => `${request.owner} ${request.key}`;

const fingerprintOf = ({ method, path, form }: KeyedRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([method, path, sorted(form)]))
    .digest('base64');

/** The same parameters in another order are the same request. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inside]) => [key, sorted(inside)]);
};
