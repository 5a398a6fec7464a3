/** What happens by itself later: a payout that reaches the bank, a bank debit that clears. Kept, so a restart forgets none. */
import type { SandboxClock } from '../../clock.ts';
import type { Store, Table } from '../../store.ts';
import { newId } from '../wire/ids.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Due {
  id: string;
  kind: string;
  objectId: string;
  /** Epoch milliseconds of the sandbox's clock. */
  atMs: number;
}

export class DueList {
  private readonly table: Table<Due>;
  private readonly verbs = new Map<string, (objectId: string) => void>();
  /** Soonest first, from `head` on. Entries that are no longer in the table are passed over. */
  private readonly queue: Due[] = [];
  private head = 0;
  private readonly midnights: (() => void)[] = [];
  private readonly days: Table<number>;
  /** The moment for which what is done at present was due. */
  private momentMs: number | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: SandboxClock,
  ) {
    this.table = store.table('stripe.due');
    this.days = store.table('stripe.day');
    this.table.follow({
      changed: (_id, _before, due) => due && this.enqueue(due),
      reloaded: (rows) => {
        this.queue.length = this.head = 0;
        for (const [, due] of rows) this.enqueue(due);
      },
    });
  }

  /** Says what to do when something of this kind is due. */
  on(kind: string, verb: (objectId: string) => void): void {
    this.verbs.set(kind, verb);
  }

  /** Says what to do at each midnight, UTC. */
  daily(verb: () => void): void {
    this.midnights.push(verb);
  }

  /** Epoch milliseconds; while something due is done, of the moment for which it was due. */
  nowMs(): number {
    return this.momentMs ?? this.clock.now().getTime();
  }

  after(seconds: number, kind: string, objectId: string): void {
    const due = { id: newId('due'), kind, objectId, atMs: this.nowMs() + seconds * 1000 };
    this.table.set(due.id, due);
  }

  /**
   * Does everything that has become due, the oldest first, including what that makes due in turn. A clock that was moved by a month
   * finds the month as if it had passed day by day.
   */
  settle(): void {
    const now = this.clock.now().getTime();
    const today = Math.floor(now / DAY_MS);
    let day = this.days.get('day') ?? today;
    // A clock that was turned back does not make days come twice.
    if (day > today) day = today;
    for (;;) {
      const due = this.queue[this.head];
      const midnight = (day + 1) * DAY_MS;
      if (due && due.atMs <= now && due.atMs < midnight) this.work(due);
      else if (midnight <= now) this.turnDay((day += 1));
      else break;
    }
    if (this.days.get('day') !== day) this.days.set('day', day);
    if (this.head < 1000) return;
    this.queue.splice(0, this.head);
    this.head = 0;
  }

  private work({ id, kind, objectId, atMs }: Due): void {
    this.head += 1;
    if (!this.table.get(id)) return;
    this.during(atMs, () => {
      this.table.delete(id);
      this.verbs.get(kind)?.(objectId);
    });
  }

  private turnDay(day: number): void {
    this.during(day * DAY_MS, () => {
      this.days.set('day', day);
      for (const verb of this.midnights) verb();
    });
  }

  private during(momentMs: number, work: () => void): void {
    this.momentMs = momentMs;
    try {
      this.store.atomically(work);
    } finally {
      this.momentMs = undefined;
    }
  }

  /** What was asked for first happens first among what is due at the same instant. */
  private enqueue(due: Due): void {
    let [low, high] = [this.head, this.queue.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.queue[middle]!.atMs <= due.atMs) low = middle + 1;
      else high = middle;
    }
    this.queue.splice(low, 0, due);
  }
}
