/** Which objects share a key, in the order they were made; finding a place in it takes no walk. */
import type { Follower } from '../../store.ts';

interface Entry {
  number: number;
  id: string;
}

export class Order<T> implements Follower<T> {
  private readonly numbers = new Map<string, number>();
  private readonly lists = new Map<string, Entry[]>();
  private next = 0;

  /** @param keysOf under what an object is looked for. An object without keys is in no list. */
  constructor(private readonly keysOf: (value: T) => string[]) {}

  changed(id: string, before: T | undefined, after: T | undefined): void {
    const old = before === undefined ? [] : this.keysOf(before);
    const fresh = after === undefined ? [] : this.keysOf(after);
    const number = this.numbers.get(id) ?? this.next++;
    for (const key of old) if (!fresh.includes(key)) this.remove(key, number);
    if (after === undefined) this.numbers.delete(id);
    else this.numbers.set(id, number);
    for (const key of fresh) if (!old.includes(key)) this.insert(key, { number, id });
  }

  reloaded(rows: Iterable<[string, T]>): void {
    this.numbers.clear();
    this.lists.clear();
    for (const [id, value] of rows) this.changed(id, undefined, value);
  }

  /** How many have the key. */
  count(key: string): number {
    return this.lists.get(key)?.length ?? 0;
  }

  /** Ids from the newest to the oldest, those older than `after` if it is given. */
  *older(key: string, after?: string): Generator<string> {
    const list = this.lists.get(key) ?? [];
    const end = after === undefined ? list.length : this.place(list, this.numbers.get(after) ?? 0);
    for (let at = end - 1; at >= 0; at--) yield list[at]!.id;
  }

  /** Ids from the oldest to the newest, those newer than `before`. */
  *newer(key: string, before: string): Generator<string> {
    const list = this.lists.get(key) ?? [];
    const number = this.numbers.get(before) ?? 0;
    const start = this.place(list, number);
    for (let at = list[start]?.number === number ? start + 1 : start; at < list.length; at++) yield list[at]!.id;
  }

  /** Where the number stands, or would stand. */
  private place(list: Entry[], number: number): number {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (list[middle]!.number < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insert(key: string, entry: Entry): void {
    const list = this.lists.get(key);
    if (!list) this.lists.set(key, [entry]);
    else if (list.at(-1)!.number < entry.number) list.push(entry);
    else list.splice(this.place(list, entry.number), 0, entry);
  }

  private remove(key: string, number: number): void {
    const list = this.lists.get(key)!;
    const at = this.place(list, number);
    if (list[at]?.number === number) list.splice(at, 1);
    if (list.length === 0) this.lists.delete(key);
  }
}
