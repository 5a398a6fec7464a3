/** An invoice with terms has fallen due: from now on it is collected, with whatever else its buyer owes. */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Collection } from './collection.ts';

@Injectable()
export class CollectDue extends Stage {
  readonly queue = 'billing.collect-due';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly collection: Collection,
  ) {
    super();
  }

  /** @param id of an invoice. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const invoice = await tx.findOneBy(Invoice, { id, state: 'open', collectionAskedAt: IsNull() });
      if (!invoice || invoice.termsDays === 0 || invoice.dueAt! > this.clock.now()) return;
      await this.collection.takeTurns(tx, invoice.buyerId);
      await tx.update(Invoice, { id, collectionAskedAt: IsNull() }, { collectionAskedAt: this.clock.now() });
      await this.collection.plan(tx, invoice.buyerId, invoice.currency);
    });
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select invoice.id from billing.invoice where invoice.state = 'open' and invoice.terms_days > 0
         and invoice.collection_asked_at is null and invoice.due_at <= $1 order by invoice.due_at limit 200`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }
}
