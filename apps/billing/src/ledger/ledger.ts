/** The book: journals are posted here and nowhere else, once per business event. The database refuses what does not balance. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Entry } from '#domain/ledger/entry.ts';
import type { Minor } from '#domain/money.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Journal, Posting } from '#tables/billing/journal.ts';

/** The same event told two different stories: a bug, never to be papered over. */
export class JournalConflict extends Error {}

export interface TrialBalance {
  account: string;
  currency: string;
  balanceMinor: Minor;
}

@Injectable()
export class Ledger {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Posts an entry in the transaction of the event it belongs to. A repeat is the journal that is there.
   * @param entry.effectiveAt when the event happened, which may be before now.
   * @returns the journal's id, or null when there is nothing to post.
   * @throws JournalConflict when the key was used with another body.
   */
  async post(tx: EntityManager, entry: Entry & { effectiveAt: Date }): Promise<string | null> {
    if (entry.postings.length === 0) return null;
    const bodySha = hashOf(entry);
    const id = newId();
    const journal: Journal = {
      id,
      idemKey: entry.idemKey,
      bodySha,
      kind: entry.kind,
      effectiveAt: entry.effectiveAt,
      createdAt: this.clock.now(),
    };
    const inserted = await tx.createQueryBuilder().insert().into(Journal).values(journal).orIgnore().returning('id').execute();
    if (inserted.raw.length === 0) {
      const stored = await tx.findOneByOrFail(Journal, { idemKey: entry.idemKey });
      if (!stored.bodySha.equals(bodySha))
        throw new JournalConflict(`The journal ${entry.idemKey} was posted with other amounts.`);
      return stored.id;
    }
    await tx.insert(
      Posting,
      entry.postings.map((posting, index) => ({ journalId: id, ordinal: index + 1, ...posting })),
    );
    return id;
  }

  /** Debits less credits of an account, in minor units: what is owed to somebody is negative. */
  async balance(account: string, currency: string, tx: EntityManager = this.db.manager): Promise<Minor> {
    const [row] = await tx.query(
      'select coalesce(sum(posting.amount_minor), 0)::text as balance from billing.posting where posting.account = $1 and posting.currency = $2',
      [account, currency],
    );
    return BigInt(row.balance);
  }

  /** Every account's balance; per currency they sum to zero. */
  async trialBalance(): Promise<TrialBalance[]> {
    const rows: Array<{ account: string; currency: string; balance: string }> = await this.db.query(
      `select posting.account, posting.currency, sum(posting.amount_minor)::text as balance from billing.posting
       group by posting.account, posting.currency order by posting.currency, posting.account`,
    );
    return rows.map(({ account, currency, balance }) => ({ account, currency, balanceMinor: BigInt(balance) }));
  }
}

/** What must be the same when an event is told again; the time of telling is not part of it. */
function hashOf({ kind, postings }: Entry): Buffer {
  const lines = postings.map(({ account, currency, amountMinor }) => `${account} ${currency} ${amountMinor}`);
  return createHash('sha256')
    .update([kind, ...lines].join('\n'))
    .digest();
}
