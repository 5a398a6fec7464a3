/** Seals the book: appends journals to its hash chain, in batches and after they are committed, so that posting waits for nobody. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GENESIS } from '#domain/ledger/chain.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { JournalSeal } from '#tables/billing/journal-seal.ts';
import { chained, IS_UNSEALED, unsealed } from './sealed-journals.ts';

const AT_ONCE = 1000;
/** There is one book, and so one chain. */
const BOOK = 'book';

@Injectable()
export class SealJournals extends Stage {
  readonly queue = 'billing.seal-journals';
  override readonly concurrency = 1;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  async work(): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('billing.journal_seal', 0))`);
      const journals = await unsealed(tx, AT_ONCE);
      if (journals.length === 0) return;
      await this.seal(tx, journals);
      if (journals.length === AT_ONCE) await this.doorbell.ring(tx, this.queue, BOOK);
    });
  }

  async due(): Promise<string[]> {
    const [row] = await this.db.query(
      `select exists (select from billing.journal where ${IS_UNSEALED} and journal.xid < pg_snapshot_xmin(pg_current_snapshot())) as is_due`,
    );
    return row.is_due ? [BOOK] : [];
  }

  private async seal(tx: EntityManager, journals: ReadonlyArray<{ id: string; contentSha: string }>): Promise<void> {
    const [head] = await tx.find(JournalSeal, { order: { number: 'desc' }, take: 1 });
    let number = head?.number ?? 0n;
    let chain = head?.chainSha.toString('hex') ?? GENESIS;
    const sealedAt = this.clock.now();
    const seals = journals.map(({ id: journalId, contentSha }): JournalSeal => {
      number += 1n;
      chain = chained(chain, contentSha);
      return { number, journalId, contentSha: Buffer.from(contentSha, 'hex'), chainSha: Buffer.from(chain, 'hex'), sealedAt };
    });
    await tx.insert(JournalSeal, seals);
  }
}
