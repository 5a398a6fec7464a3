/**
 * Failures on request. A fault is queued for an operation (`RunInstances`, `POST /v1/payment_intents`) and taken by the next
 * call of it: refused before anything is done, or done and then not answered (`commitThenTimeOut`), as a real network does.
 */
import type { Store, Table } from './store.ts';

export interface Fault {
  id: string;
  /** EC2/STS action name, or Stripe's `METHOD /v1/path/:id`. */
  operation: string;
  /** The vendor's error code: `InsufficientInstanceCapacity`, `card_declined`, … Ignored when `commitThenTimeOut`. */
  code: string;
  message?: string;
  httpStatus?: number;
  /** Do the work, then drop the connection without an answer. */
  commitThenTimeOut?: boolean;
  /** How many calls it still lets through first, so that the n-th call fails. */
  after?: number;
  /** How many calls it still fails. */
  times: number;
}

export class Faults {
  private readonly queued: Table<Fault>;
  private next = 0;

  constructor(store: Store) {
    this.queued = store.table('fault');
  }

  failNext(fault: Omit<Fault, 'id' | 'times'> & { times?: number }): Fault {
    const queued: Fault = { ...fault, times: fault.times ?? 1, id: `${Date.now()}-${this.next++}` };
    this.queued.set(queued.id, queued);
    return queued;
  }

  /** The fault waiting for this operation, counted down; undefined when the call may succeed. */
  take(operation: string): Fault | undefined {
    const fault = this.queued.values().find((candidate) => candidate.operation === operation);
    if (!fault) return undefined;
    if (fault.after) {
      this.queued.set(fault.id, { ...fault, after: fault.after - 1 });
      return undefined;
    }
    if (fault.times <= 1) this.queued.delete(fault.id);
    else this.queued.set(fault.id, { ...fault, times: fault.times - 1 });
    return fault;
  }

  clear(): void {
    for (const fault of this.queued.values()) this.queued.delete(fault.id);
  }
}
