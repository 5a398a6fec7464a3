/** One table of the store: a map in memory, written through to SQLite, with indexes for what is looked up by more than its id. */
import type { DatabaseSync } from 'node:sqlite';
import { History, type Past } from './past.ts';

export interface Table<T> {
  get(id: string): T | undefined;
  /** Writes the whole value; change a copy and set it, never the object in place. */
  set(id: string, value: T): void;
  delete(id: string): void;
  /** All values in the order they were first written. */
  values(): T[];
  /** The oldest value, without copying the others. */
  first(): [id: string, value: T] | undefined;
  /** Finds values by keys of theirs; ask for it once, when the table is opened. */
  index<N extends Numbered>(this: Table<N>, keysOf: (value: N) => string[]): Index<N>;
  /** Calls back with the id of each value that is written or deleted, and with none when all of them may have changed. */
  watch(changed: (id: string | undefined) => void): void;
  /** Tells of every change from now on, also of changes that are taken back; begins with what is there. */
  follow(follower: Follower<T>): void;
  /** Keeps what values were, and answers with that while somebody looks back. */
  keep(past: Past): void;
}

/** Keeps something in step with a table: an index, a sum. */
export interface Follower<T> {
  changed(id: string, before: T | undefined, after: T | undefined): void;
  /** The table is another one altogether; `rows` in the order they were first written. */
  reloaded(rows: Iterable<[string, T]>): void;
}

/** Numbered in the order in which they were made. */
export interface Numbered {
  number: number;
}

export interface Index<T> {
  /** The values that have the key, by their numbers. The list is the index's own: read it before the next write, and only that. */
  get(key: string): readonly T[];
}

/** What SQLite does not have yet. A row that was deleted and written again is the youngest, as it is in the map. */
type Unwritten = 'set' | 'deleted' | 'renewed';

export class MemoryTable<T> {
  private readonly rows = new Map<string, T>();
  private readonly indexes: Array<SortedIndex<Numbered>> = [];
  private readonly watchers: Array<(id: string | undefined) => void> = [];
  private readonly followers: Follower<T>[] = [];
  private readonly unwritten = new Map<string, Unwritten>();
  private readonly before = new Map<string, T | undefined>();
  private history: History<T> | undefined;
  private readonly select;
  private readonly upsert;
  private readonly remove;

  /** @param isWithinCall told of each write; says whether a call is open that will flush the table at its end. */
  constructor(
    db: DatabaseSync,
    private readonly name: string,
    private readonly isWithinCall: (table: MemoryTable<T>) => boolean,
  ) {
    this.select = db.prepare('select id, value from item where tab = ? order by seq');
    this.upsert = db.prepare(
      'insert into item (tab, id, value) values (?, ?, ?) on conflict (tab, id) do update set value = excluded.value',
    );
    this.remove = db.prepare('delete from item where tab = ? and id = ?');
    this.load();
  }

  /** Takes the rows as SQLite has them. */
  load(): void {
    this.rows.clear();
    this.forgetUndo();
    for (const row of this.select.all(this.name)) this.rows.set(String(row.id), JSON.parse(String(row.value)) as T);
    for (const index of this.indexes) index.fill(this.rows.values() as Iterable<unknown> as Iterable<Numbered>);
    for (const changed of this.watchers) changed(undefined);
    for (const follower of this.followers) follower.reloaded(this.rows);
  }

  get(id: string): T | undefined {
    const value = this.rows.get(id);
    return this.history ? this.history.seen(id, value) : value;
  }

  set(id: string, value: T): void {
    const before = this.rows.get(id);
    if (this.isWithinCall(this as MemoryTable<T>)) {
      if (!this.before.has(id)) this.before.set(id, before);
      this.unwritten.set(id, (this.unwritten.get(id) ?? 'set') === 'set' ? 'set' : 'renewed');
    } else {
      this.upsert.run(this.name, id, JSON.stringify(value));
    }
    this.rows.set(id, value);
    this.history?.remember(id, before);
    this.changed(id, before, value);
  }

  delete(id: string): void {
    const before = this.rows.get(id);
    if (before === undefined) return;
    if (this.isWithinCall(this as MemoryTable<T>)) {
      if (!this.before.has(id)) this.before.set(id, before);
      this.unwritten.set(id, 'deleted');
    } else {
      this.remove.run(this.name, id);
    }
    this.rows.delete(id);
    this.history?.remember(id, before);
    this.changed(id, before, undefined);
  }

  /** Writes to SQLite what the open call has changed. */
  flush(): void {
    for (const [id, state] of this.unwritten) {
      if (state !== 'set') this.remove.run(this.name, id);
      if (state !== 'deleted') this.upsert.run(this.name, id, JSON.stringify(this.rows.get(id)));
    }
  }

  forgetUndo(): void {
    this.unwritten.clear();
    this.before.clear();
  }

  /** Takes back what the open call has changed. */
  undo(): void {
    // The place of a deleted row in the order is in SQLite alone, which has not been written to.
    if ([...this.unwritten.values()].some((state) => state !== 'set')) return this.load();
    for (const [id, before] of this.before) {
      const now = this.rows.get(id);
      if (before === undefined) this.rows.delete(id);
      else this.rows.set(id, before);
      this.changed(id, now, before);
    }
    this.forgetUndo();
  }

  first(): [id: string, value: T] | undefined {
    return this.rows.entries().next().value;
  }

  follow(follower: Follower<T>): void {
    this.followers.push(follower);
    follower.reloaded(this.rows);
  }

  values(): T[] {
    const hidden = this.history?.hidden ?? [];
    if (hidden.length === 0) return [...this.rows.values()];
    const ids = new Set([...this.rows.keys(), ...hidden]);
    return [...ids].map((id) => this.get(id)).filter((value) => value !== undefined);
  }

  index<N extends Numbered>(keysOf: (value: N) => string[]): Index<N> {
    const index = new SortedIndex<N>(keysOf);
    index.fill(this.rows.values() as Iterable<unknown> as Iterable<N>);
    this.indexes.push(index as unknown as SortedIndex<Numbered>);
    const seen = (key: string): readonly N[] => this.seenBy(index, key, keysOf);
    return { get: (key) => (this.history ? seen(key) : index.get(key)) };
  }

  keep(past: Past): void {
    this.history = new History(past);
  }

  watch(changed: (id: string | undefined) => void): void {
    this.watchers.push(changed);
  }

  /** The index as who looks back sees it: some values are not there yet, some are still as they were. */
  private seenBy<N extends Numbered>(index: SortedIndex<N>, key: string, keysOf: (value: N) => string[]): readonly N[] {
    const present = index.get(key);
    const hidden = this.history?.hidden ?? [];
    if (hidden.length === 0) return present;
    const now = new Set(hidden.map((id) => this.rows.get(id) as N | undefined));
    const then = hidden.map((id) => this.get(id) as N | undefined).filter((value) => value !== undefined);
    return [...present.filter((value) => !now.has(value)), ...then.filter((value) => keysOf(value).includes(key))].sort(
      (a, b) => a.number - b.number,
    );
  }

  private changed(id: string, before: T | undefined, after: T | undefined): void {
    for (const index of this.indexes) index.move(before as Numbered | undefined, after as Numbered | undefined);
    for (const changed of this.watchers) changed(id);
    for (const follower of this.followers) follower.changed(id, before, after);
  }
}

/** A sorted list for each key, so that a page of 100,000 instances costs a page. */
class SortedIndex<T extends Numbered> implements Index<T> {
  private readonly lists = new Map<string, T[]>();

  constructor(private readonly keysOf: (value: T) => string[]) {}

  get(key: string): readonly T[] {
    return this.lists.get(key) ?? [];
  }

  fill(values: Iterable<T>): void {
    this.lists.clear();
    for (const value of values) this.move(undefined, value);
  }

  move(before: T | undefined, after: T | undefined): void {
    const had = before ? this.keysOf(before) : [];
    const has = after ? this.keysOf(after) : [];
    const sameNumber = before?.number === after?.number;
    for (const key of had) if (!sameNumber || !has.includes(key)) this.take(key, before?.number ?? 0);
    for (const key of has) if (after) this.put(key, after);
  }

  private put(key: string, value: T): void {
    const list = this.lists.get(key);
    if (!list) return void this.lists.set(key, [value]);
    const place = placeOf(list, value.number);
    list.splice(place, list[place]?.number === value.number ? 1 : 0, value);
  }

  private take(key: string, number: number): void {
    const list = this.lists.get(key);
    if (!list) return;
    const place = placeOf(list, number);
    if (list[place]?.number === number) list.splice(place, 1);
    if (list.length === 0) this.lists.delete(key);
  }
}

/** Where a value of that number is, or belongs. The newest is at the end, where most are put. */
export function placeOf(list: readonly Numbered[], number: number): number {
  let [low, high] = [0, list.length];
  if ((list.at(-1)?.number ?? 0) < number) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.number ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
