/** The objects of one kind, each belonging to the platform or to one connected account, which alone can see it. */
import type { Store, Table } from '../../store.ts';
import { noSuch } from '../wire/errors.ts';

/** The owner of what is done without a Stripe-Account header. */
export const PLATFORM = 'acct_1SlipwaySandbox';

export interface Kept<T> {
  owner: string;
  object: T;
}

export class Shelf<T extends { id: string }> {
  private readonly table: Table<Kept<T>>;

  /** @param noun the object's name in Stripe's sentences: `customer`, `payment_intent`. */
  constructor(
    store: Store,
    readonly noun: string,
  ) {
    this.table = store.table(`stripe.${noun}`);
  }

  /** @throws StripeRefusal resource_missing; 404, or 400 when a parameter named the id. */
  get(owner: string, id: string, param?: string): T {
    const kept = this.table.get(id);
    if (!kept || kept.owner !== owner) throw noSuch(this.noun, id, param);
    return kept.object;
  }

  /** Whoever owns it. */
  find(id: string): Kept<T> | undefined {
    return this.table.get(id);
  }

  /** Keeps the object as it now is. Change a copy, never the one that was read. */
  put(owner: string, object: T): T {
    this.table.set(object.id, { owner, object });
    return object;
  }

  delete(id: string): void {
    this.table.delete(id);
  }

  /** Newest first, as Stripe lists. */
  of(owner: string): T[] {
    return this.table
      .values()
      .filter((kept) => kept.owner === owner)
      .map((kept) => kept.object)
      .toReversed();
  }

  all(): Kept<T>[] {
    return this.table.values();
  }
}
