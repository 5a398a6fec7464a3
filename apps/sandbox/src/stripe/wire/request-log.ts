/** What was asked of the sandbox's Stripe: how often each endpoint, and the last requests word for word. Forgotten at a restart. */
import type { Form } from './form.ts';

export interface LoggedRequest {
  requestId: string;
  /** ISO 8601, by the sandbox's clock. */
  at: string;
  /** `POST /v1/transfers/:id/reversals` */
  endpoint: string;
  path: string;
  account: string;
  idempotencyKey: string | null;
  params: Form;
  status: number;
  isReplay: boolean;
}

const KEPT = 1000;

export class RequestLog {
  private counts = new Map<string, number>();
  private recent: LoggedRequest[] = [];

  add(request: LoggedRequest): void {
    this.counts.set(request.endpoint, (this.counts.get(request.endpoint) ?? 0) + 1);
    this.recent.push(request);
    if (this.recent.length >= 2 * KEPT) this.recent = this.recent.slice(-KEPT);
  }

  /** Calls of each endpoint since the start, or since `clear`. */
  calls(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }

  /** The last thousand, oldest first. */
  last(): LoggedRequest[] {
    return this.recent.slice(-KEPT);
  }

  clear(): void {
    this.counts = new Map();
    this.recent = [];
  }
}
