/** What happens by itself later: a payout that reaches the bank, a bank debit that clears. Kept, so a restart forgets none. */
import type { SandboxClock } from '../../clock.ts';
import type { Store, Table } from '../../store.ts';
import { newId } from '../wire/ids.ts';

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

  constructor(
    store: Store,
    private readonly clock: SandboxClock,
  ) {
    this.table = store.table('stripe.due');
  }

  /** Says what to do when something of this kind is due. */
  on(kind: string, verb: (objectId: string) => void): void {
    this.verbs.set(kind, verb);
  }

  after(seconds: number, kind: string, objectId: string): void {
    const due = { id: newId('due'), kind, objectId, atMs: this.clock.now().getTime() + seconds * 1000 };
    this.table.set(due.id, due);
  }

  /** Does everything that has become due, the oldest first, including what that makes due in turn. */
  settle(): void {
    for (let due = this.next(); due; due = this.next()) {
      this.table.delete(due.id);
      this.verbs.get(due.kind)?.(due.objectId);
    }
  }

  private next(): Due | undefined {
    const now = this.clock.now().getTime();
    return this.table
      .values()
      .filter((due) => due.atMs <= now)
      .sort((a, b) => a.atMs - b.atMs)[0];
  }
}
