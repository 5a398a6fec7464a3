/**
 * Rows remembered for some seconds, and read together: whatever many requests ask for in one turn of the event loop is one query.
 * What is not there is not remembered.
 */
import { LRUCache } from 'lru-cache';

const MOST_REMEMBERED = 100_000;
const MOST_PER_QUERY = 1_000;
/** How exactly the age of what is remembered is known; asking the clock for each costs more than it is worth. */
const CLOCK_MS = 50;

interface Reading<V> {
  keys: Set<string>;
  found: Promise<Map<string, V>>;
}

export class Remembered<V extends object> {
  private readonly known: LRUCache<string, V> | undefined;
  /** The query that is being put together. */
  private next: Reading<V> | undefined;

  /** @param seconds that what was read is remembered; 0 for not at all. */
  constructor(
    seconds: number,
    private readonly read: (keys: string[]) => Promise<Map<string, V>>,
  ) {
    this.known =
      seconds > 0 ? new LRUCache<string, V>({ max: MOST_REMEMBERED, ttl: seconds * 1000, ttlResolution: CLOCK_MS }) : undefined;
  }

  /** @returns what there is; keys without anything are left out. */
  async of(keys: readonly string[]): Promise<Map<string, V>> {
    const found = new Map<string, V>();
    const unknown: string[] = [];
    for (const key of keys) {
      const value = this.known?.get(key);
      if (value) found.set(key, value);
      else unknown.push(key);
    }
    if (unknown.length === 0) return found;
    const read = await this.ask(unknown);
    for (const key of unknown) {
      const value = read.get(key);
      if (value) found.set(key, value);
    }
    return found;
  }

  async one(key: string): Promise<V | undefined> {
    return this.known?.get(key) ?? (await this.ask([key])).get(key);
  }

  private ask(keys: readonly string[]): Promise<Map<string, V>> {
    const reading = this.next ?? this.begin();
    for (const key of keys) reading.keys.add(key);
    if (reading.keys.size >= MOST_PER_QUERY) this.next = undefined;
    return reading.found;
  }

  private begin(): Reading<V> {
    const keys = new Set<string>();
    const found = new Promise((done) => setImmediate(done)).then(async () => {
      if (this.next === reading) this.next = undefined;
      const rows = await this.read([...keys]);
      for (const [key, value] of rows) this.known?.set(key, value);
      return rows;
    });
    const reading: Reading<V> = { keys, found };
    this.next = reading;
    return reading;
  }
}
