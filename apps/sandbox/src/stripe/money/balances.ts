/** What everybody has, kept as running sums, so that asking costs the same however many movements there were. */
import type { Follower } from '../../store.ts';
import type { Kept } from '../kept/shelf.ts';
import type { StripeBalanceTransaction } from './types.ts';

/** Minor units. */
export interface Balance {
  available: number;
  pending: number;
}

interface Purse {
  available: number;
  /** What becomes available later, soonest first. */
  pending: { from: number; net: number }[];
  /** Up to when `pending` has been gone through, epoch seconds. */
  seenUntil: number;
}

export class Balances implements Follower<Kept<StripeBalanceTransaction>> {
  private readonly purses = new Map<string, Map<string, Purse>>();

  /** @param transactionsOf every movement of an owner, to count again when the clock was turned back. */
  constructor(private readonly transactionsOf: (owner: string) => Iterable<StripeBalanceTransaction>) {}

  changed(
    _id: string,
    before: Kept<StripeBalanceTransaction> | undefined,
    after: Kept<StripeBalanceTransaction> | undefined,
  ): void {
    // A movement is only ever added; one that is taken back, with the call that made it, is rare enough to count again.
    if (before) this.purses.delete(before.owner);
    else if (after) this.add(this.purses.get(after.owner), after.object);
  }

  reloaded(): void {
    this.purses.clear();
  }

  /** @param now epoch seconds. */
  of(owner: string, currency: string, now: number): Balance {
    const purse = this.currentPurse(owner, currency, now);
    return { available: purse.available, pending: purse.pending.reduce((sum, each) => sum + each.net, 0) };
  }

  currencies(owner: string): string[] {
    return [...this.pursesOf(owner).keys()].sort();
  }

  private currentPurse(owner: string, currency: string, now: number): Purse {
    const purse = this.pursesOf(owner).get(currency) ?? { available: 0, pending: [], seenUntil: now };
    if (purse.seenUntil > now) {
      this.purses.delete(owner);
      return this.currentPurse(owner, currency, now);
    }
    const ripe = purse.pending.findIndex((each) => each.from > now);
    for (const { net } of purse.pending.splice(0, ripe < 0 ? purse.pending.length : ripe)) purse.available += net;
    purse.seenUntil = now;
    return purse;
  }

  private pursesOf(owner: string): Map<string, Purse> {
    const known = this.purses.get(owner);
    if (known) return known;
    const purses = new Map<string, Purse>();
    this.purses.set(owner, purses);
    for (const transaction of this.transactionsOf(owner)) this.add(purses, transaction);
    return purses;
  }

  private add(purses: Map<string, Purse> | undefined, { available_on: from, currency, net }: StripeBalanceTransaction): void {
    if (!purses) return;
    const purse = purses.get(currency) ?? { available: 0, pending: [], seenUntil: -Infinity };
    purses.set(currency, purse);
    let at = purse.pending.length;
    while (at > 0 && purse.pending[at - 1]!.from > from) at -= 1;
    const same = purse.pending[at - 1];
    // Movements of one second are one entry: a month of payments is not walked through for each question.
    if (same && same.from === from) same.net += net;
    else purse.pending.splice(at, 0, { from, net });
  }
}
