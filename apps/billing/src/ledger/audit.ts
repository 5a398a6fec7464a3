/** Whether the book is as it was written: its hash chain followed from the first journal to the last, and the daily proofs. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ChainCheck, type Link } from '#domain/ledger/chain.ts';
import { LedgerProof } from '#tables/billing/journal-seal.ts';
import type { ChainView, ProofView } from './ledger.schema.ts';
import { chained, hashedOf, IS_UNSEALED, POSTINGS } from './sealed-journals.ts';

const AT_ONCE = 1000;
const MOST_PROOFS = 100;

@Injectable()
export class Audit {
  constructor(private readonly db: DataSource) {}

  /** Recomputes the whole chain: it takes as long as the book is. */
  async chain(): Promise<ChainView> {
    const check = new ChainCheck(chained);
    for (;;) {
      const links = await this.links(check.head.number);
      if (links.length === 0) break;
      check.follow(links);
    }
    const slipped: Array<{ idem_key: string }> = await this.db.query(
      `select journal.idem_key from billing.journal where not ${IS_UNSEALED}
         and not exists (select from billing.journal_seal where journal_seal.journal_id = journal.id) order by journal.id limit 100`,
    );
    const [{ waiting }] = await this.db.query(`select count(*)::text as waiting from billing.journal where ${IS_UNSEALED}`);
    return {
      sealed: String(check.head.number),
      waiting,
      headSha256: check.head.sha,
      findings: [
        ...check.findings,
        ...slipped.map((row) => `The journal ${row.idem_key} stands among sealed ones and has no seal.`),
      ],
    };
  }

  async proofs(): Promise<ProofView[]> {
    const proofs = await this.db.manager.find(LedgerProof, { order: { day: 'desc' }, take: MOST_PROOFS });
    return proofs.map(({ day, provenAt, journals, isSound, findings, clearing }) => ({
      day,
      provenAt: provenAt.toISOString(),
      journals: String(journals),
      isSound,
      findings,
      clearing,
    }));
  }

  private async links(after: bigint): Promise<Link[]> {
    const rows: LinkRow[] = await this.db.query(
      `select journal_seal.number, journal_seal.journal_id, journal_seal.content_sha, journal_seal.chain_sha,
         journal.id, journal.idem_key, journal.kind, journal.effective_at, journal.created_at, ${POSTINGS}
       from billing.journal_seal left join billing.journal on journal.id = journal_seal.journal_id
       where journal_seal.number > $1 order by journal_seal.number limit ${AT_ONCE}`,
      [String(after)],
    );
    return rows.map((row) => ({
      number: BigInt(row.number),
      journalId: row.journal_id,
      contentSha: row.content_sha.toString('hex'),
      chainSha: row.chain_sha.toString('hex'),
      computed: row.id === null ? null : hashedOf({ ...row, id: row.id }),
    }));
  }
}

type LinkRow = Omit<Parameters<typeof hashedOf>[0], 'id'> & {
  id: string | null;
  number: string;
  journal_id: string;
  content_sha: Buffer;
  chain_sha: Buffer;
};
