/** The objects of one kind, each belonging to the platform or to one connected account, which alone can see it. */
import type { Store, Table } from '../../store.ts';
import { noSuch } from '../wire/errors.ts';
import { type Paging, isWithin, type StripeList, wrongCursor } from '../wire/list.ts';
import { Order } from './order.ts';

/** The owner of what is done without a Stripe-Account header. */
export const PLATFORM = 'acct_1SlipwaySandbox';

export interface Kept<T> {
  owner: string;
  object: T;
}

/** What a list is filtered by. */
export type Wanted<T> = Partial<Record<Extract<keyof T, string>, string | undefined>>;

const MOST = 10;

export class Shelf<T extends { id: string }> {
  private readonly table: Table<Kept<T>>;
  private readonly order: Order<Kept<T>>;

  /**
   * @param noun the object's name in Stripe's sentences: `customer`, `payment_intent`.
   * @param indexed members that lists are filtered by; `metadata` stands for each of its pairs.
   */
  constructor(
    store: Store,
    readonly noun: string,
    private readonly indexed: readonly Extract<keyof T, string>[] = [],
  ) {
    this.table = store.table(`stripe.${noun}`);
    this.order = new Order((kept) => this.keysOf(kept));
    this.table.follow(this.order);
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
  *of(owner: string, wanted: Wanted<T> = {}): Generator<T> {
    for (const id of this.order.older(this.keyFor(owner, wanted))) {
      const { object } = this.table.get(id)!;
      if (this.matches(object, wanted)) yield object;
    }
  }

  /** Those whose metadata has this pair, newest first; `metadata` has to be indexed. */
  *tagged(owner: string, key: string, value: string): Generator<T> {
    for (const id of this.order.older(keyed(owner, `metadata.${key}`, value))) yield this.table.get(id)!.object;
  }

  /** Newest first, whoever owns them. */
  *all(): Generator<Kept<T>> {
    for (const id of this.order.older('')) yield this.table.get(id)!;
  }

  /** How many an owner has in all. */
  count(owner: string): number {
    return this.order.count(keyed(owner));
  }

  /**
   * A page of a list, as its cursor and its filters ask.
   * @throws StripeRefusal 400 when both cursors are given or the cursor is no object of this owner's.
   */
  page(
    owner: string,
    url: string,
    paging: Paging,
    wanted: Wanted<T> = {},
    isWanted: (object: T) => boolean = () => true,
  ): StripeList<T> {
    const { starting_after: after, ending_before: before, limit = MOST } = paging;
    if (after && before) throw wrongCursor('both');
    for (const [param, id] of Object.entries({ starting_after: after, ending_before: before })) {
      if (id && this.table.get(id)?.owner !== owner) throw wrongCursor(param, this.noun, id);
    }
    const key = this.keyFor(owner, wanted);
    const data: T[] = [];
    for (const id of before ? this.order.newer(key, before) : this.order.older(key, after)) {
      const { object } = this.table.get(id)!;
      if (!this.matches(object, wanted) || !isWithin(paging.created, object) || !isWanted(object)) continue;
      data.push(object);
      if (data.length > limit) break;
    }
    const hasMore = data.length > limit;
    const shown = data.slice(0, limit);
    return { object: 'list', data: before ? shown.toReversed() : shown, has_more: hasMore, url };
  }

  private matches(object: T, wanted: Wanted<T>): boolean {
    return Object.entries(wanted).every(
      ([name, value]) => value === undefined || (object as Record<string, unknown>)[name] === value,
    );
  }

  /** The shortest list in which everything that is wanted must be. */
  private keyFor(owner: string, wanted: Wanted<T>): string {
    let best = keyed(owner);
    for (const name of this.indexed) {
      const value = wanted[name];
      if (value === undefined) continue;
      const key = keyed(owner, name, value);
      if (this.order.count(key) <= this.order.count(best)) best = key;
    }
    return best;
  }

  private keysOf({ owner, object }: Kept<T>): string[] {
    const keys = ['', keyed(owner)];
    for (const name of this.indexed) {
      const value: unknown = object[name];
      if (name === 'metadata') {
        for (const [key, text] of Object.entries(value as Record<string, string>))
          keys.push(keyed(owner, `metadata.${key}`, text));
      } else if (typeof value === 'string') {
        keys.push(keyed(owner, name, value));
      }
    }
    return keys;
  }
}

const keyed = (owner: string, name = '', value = ''): string => `${owner} ${name} ${value}`;
