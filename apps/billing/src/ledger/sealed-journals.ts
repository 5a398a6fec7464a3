/** Journals in the order in which they are sealed, with their hashes. */
import type { EntityManager } from 'typeorm';
import { sealText } from '#domain/ledger/chain.ts';
import { sha256 } from '#platform/seal.ts';

export interface HashedJournal {
  id: string;
  idemKey: string;
  /** Hexadecimal. */
  contentSha: string;
}

interface JournalRow {
  id: string;
  idem_key: string;
  kind: string;
  effective_at: Date;
  created_at: Date;
  postings: Array<{ account: string; currency: string; amount: string }>;
}

export const POSTINGS = `(select coalesce(json_agg(json_build_object('account', posting.account, 'currency', posting.currency, 'amount', posting.amount_minor::text)
  order by posting.ordinal), '[]') from billing.posting where posting.journal_id = journal.id) as postings`;

export const hashedOf = (row: JournalRow): HashedJournal => ({
  id: row.id,
  idemKey: row.idem_key,
  contentSha: sha256(
    sealText({
      id: row.id,
      idemKey: row.idem_key,
      kind: row.kind,
      effectiveAt: row.effective_at,
      createdAt: row.created_at,
      postings: row.postings.map(({ account, currency, amount }) => ({ account, currency, amountMinor: BigInt(amount) })),
    }),
  ).toString('hex'),
});

/** The hash of a journal's content after that of the chain before it. */
export const chained = (before: string, content: string): string => sha256(before + content).toString('hex');

/**
 * The next that are to be sealed. Only what no transaction that is still open can come before: otherwise a late commit would be
 * passed over for ever.
 */
export async function unsealed(tx: EntityManager, most: number): Promise<HashedJournal[]> {
  const rows: JournalRow[] = await tx.query(
    `select journal.*, ${POSTINGS} from billing.journal
      where ${IS_UNSEALED} and journal.xid < pg_snapshot_xmin(pg_current_snapshot())
      order by journal.xid, journal.id limit $1`,
    [most],
  );
  return rows.map(hashedOf);
}

/** After the last one that is sealed. */
export const IS_UNSEALED = `(journal.xid, journal.id) > (select coalesce(max(sealed.xid), '0'::xid8), coalesce((array_agg(sealed.id))[1], '00000000-0000-0000-0000-000000000000'::uuid)
  from (select last.xid, last.id from billing.journal_seal join billing.journal last on last.id = journal_seal.journal_id
        order by journal_seal.number desc limit 1) as sealed)`;
