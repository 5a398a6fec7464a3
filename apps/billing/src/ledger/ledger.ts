/** The book: journals are posted here and nowhere else, once per business event. The database refuses what does not balance. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import type { Entry } from '#domain/ledger/entry.ts';
import type { Minor } from '#domain/money.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Journal } from '#tables/billing/journal.ts';

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
    const [id] = await this.postAll(tx, [entry]);
    return id!;
  }

  /** The same of many entries, in one statement. @returns the journals' ids, in the order of the entries */
  async postAll(tx: EntityManager, entries: ReadonlyArray<Entry & { effectiveAt: Date }>): Promise<Array<string | null>> {
    const journals = entries
      .filter(({ postings }) => postings.length > 0)
      .map((each) => ({ ...each, id: newId(), bodySha: hashOf(each) }));
    if (journals.length === 0) return entries.map(() => null);
    const postings = journals.flatMap(({ id, postings: own }) =>
      own.map((posting, index) => ({ id, ordinal: index + 1, ...posting })),
    );
    const made: Array<{ id: string }> = await tx.query(POST, [
      journals.map(({ id }) => id),
      journals.map(({ idemKey }) => idemKey),
      journals.map(({ bodySha }) => bodySha),
      journals.map(({ kind }) => kind),
      journals.map(({ effectiveAt }) => effectiveAt),
      this.clock.now(),
      postings.map(({ id }) => id),
      postings.map(({ ordinal }) => ordinal),
      postings.map(({ account }) => account),
      postings.map(({ currency }) => currency),
      postings.map(({ amountMinor }) => String(amountMinor)),
    ]);
    const ids = new Map(journals.map(({ idemKey, id }) => [idemKey, id]));
    if (made.length < journals.length) await this.findRepeated(tx, { journals, made: new Set(made.map(({ id }) => id)), ids });
    return entries.map(({ idemKey }) => ids.get(idemKey) ?? null);
  }

  /** Puts the journal that is there in the place of one that was not made. */
  private async findRepeated(
    tx: EntityManager,
    {
      journals,
      made,
      ids,
    }: { journals: ReadonlyArray<Entry & { id: string; bodySha: Buffer }>; made: ReadonlySet<string>; ids: Map<string, string> },
  ): Promise<void> {
    const repeated = journals.filter(({ id }) => !made.has(id));
    const stored = await tx.findBy(Journal, { idemKey: In(repeated.map(({ idemKey }) => idemKey)) });
    for (const { idemKey, bodySha } of repeated) {
      const known = stored.find((journal) => journal.idemKey === idemKey)!;
      if (!known.bodySha.equals(bodySha)) throw new JournalConflict(`The journal ${idemKey} was posted with other amounts.`);
      ids.set(idemKey, known.id);
    }
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

/** Postings go with their journal or, where it was there already, not at all. */
const POST = `
  with made as (
    insert into billing.journal (id, idem_key, body_sha, kind, effective_at, created_at)
    select journal.*, $6::timestamptz from unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[]) as journal
    on conflict (idem_key) do nothing returning id
  ), posted as (
    insert into billing.posting (journal_id, ordinal, account, currency, amount_minor)
    select posting.* from unnest($7::uuid[], $8::integer[], $9::text[], $10::text[], $11::bigint[]) as posting (journal_id, ordinal, account, currency, amount_minor)
      join made on made.id = posting.journal_id
  )
  select made.id from made`;

/** What must be the same when an event is told again; the time of telling is not part of it. */
function hashOf({ kind, postings }: Entry): Buffer {
  const lines = postings.map(({ account, currency, amountMinor }) => `${account} ${currency} ${amountMinor}`);
  return createHash('sha256')
    .update([kind, ...lines].join('\n'))
    .digest();
}
