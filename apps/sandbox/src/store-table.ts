/** One table of the store: a map in memory, its rows in SQLite, and what is needed to take a call's writes back. */
import type { DatabaseSync } from 'node:sqlite';
import type { Table, Watcher } from './store.ts';

/** What SQLite does not have yet. A row that was deleted and written again is the youngest, as it is in the map. */
type Unwritten = 'set' | 'deleted' | 'renewed';

export class MemoryTable<T> implements Table<T> {
  private readonly rows = new Map<string, T>();
  private readonly watchers: Watcher<T>[] = [];
  private readonly unwritten = new Map<string, Unwritten>();
  private readonly before = new Map<string, T | undefined>();
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
    this.unwritten.clear();
    this.before.clear();
    for (const row of this.select.all(this.name)) this.rows.set(String(row.id), JSON.parse(String(row.value)) as T);
    for (const watcher of this.watchers) watcher.reloaded(this.rows);
  }

  get(id: string): T | undefined {
    return this.rows.get(id);
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
    for (const watcher of this.watchers) watcher.changed(id, before, value);
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
    for (const watcher of this.watchers) watcher.changed(id, before, undefined);
  }

  values(): T[] {
    return [...this.rows.values()];
  }

  first(): [id: string, value: T] | undefined {
    return this.rows.entries().next().value;
  }

  watch(watcher: Watcher<T>): void {
    this.watchers.push(watcher);
    watcher.reloaded(this.rows);
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
      for (const watcher of this.watchers) watcher.changed(id, now, before);
    }
    this.forgetUndo();
  }
}
