/**
 * What the sandbox remembers. Reads come from memory, every write goes through to SQLite before it returns, so a sandbox
 * that is killed answers as AWS and Stripe would after a dropped connection: what it acknowledged is still there.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MemoryTable, type Table } from './table.ts';

export type { Follower, Index, Numbered, Table } from './table.ts';

export class Store {
  private readonly db: DatabaseSync;
  private readonly tables = new Map<string, MemoryTable<unknown>>();
  /** The tables written to since the outermost `atomically` began; undefined outside of one. */
  private touched: Set<MemoryTable<unknown>> | undefined;

  /** @param file path of the SQLite file, or ':memory:' for a sandbox that forgets. */
  constructor(file: string) {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    this.db = new DatabaseSync(file);
    this.db.exec(`pragma journal_mode = wal; pragma synchronous = normal;
      create table if not exists item (tab text not null, id text not null, seq integer primary key autoincrement, value text not null, unique (tab, id))`);
  }

  /** The named table; the same name gives the same table. */
  table<T>(name: string): Table<T> {
    let table = this.tables.get(name);
    if (!table) {
      table = new MemoryTable<unknown>(this.db, name, (written) => this.touched?.add(written) !== undefined);
      this.tables.set(name, table);
    }
    return table as unknown as Table<T>;
  }

  /**
   * All of `work`'s writes or none of them: neither a throw nor a kill leaves half of a call behind. Calls may be nested. What is
   * written several times in between is written to SQLite once, at the end.
   */
  atomically<T>(work: () => T): T {
    if (this.touched) return work();
    const touched = new Set<MemoryTable<unknown>>();
    this.touched = touched;
    try {
      const result = work();
      this.commit(touched);
      return result;
    } catch (error) {
      for (const table of touched) table.undo();
      throw error;
    } finally {
      this.touched = undefined;
    }
  }

  /** The next number of a series: 1, 2, 3 … Never the same one twice, also after a restart. */
  next(series: string): number {
    const numbers = this.table<number>('number');
    const next = (numbers.get(series) ?? 0) + 1;
    numbers.set(series, next);
    return next;
  }

  /** Forgets everything, but for the tables named in `kept`. */
  clear(kept: string[] = []): void {
    const placeholders = kept.map(() => '?').join(', ');
    this.db.prepare(`delete from item where tab not in (${placeholders})`).run(...kept);
    for (const table of this.tables.values()) table.load();
  }

  close(): void {
    this.db.close();
  }

  private commit(touched: Set<MemoryTable<unknown>>): void {
    if (touched.size === 0) return;
    this.db.exec('begin');
    try {
      for (const table of touched) table.flush();
      this.db.exec('commit');
    } catch (error) {
      this.db.exec('rollback');
      throw error;
    }
    for (const table of touched) table.forgetUndo();
  }
}
