/** Reconciliations as the operator asks for them and reads them; the comparing is done by the stage ReconcileStripe. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { Reconciliation } from '#tables/billing/reconciliation.ts';
import type { NewReconciliation, ReconciliationSummary, ReconciliationView } from './reconciliations.schema.ts';

const MOST = 100;

@Injectable()
export class Reconciliations {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /** The same Idempotency-Key asks once. @throws DomainError `idempotency_mismatch` */
  async ask(caller: Caller, { from, to }: NewReconciliation, key?: string): Promise<ReconciliationView> {
    const id = idFor(caller.organizationId, 'reconciliation', key);
    await this.db.transaction(async (tx) => {
      const planned = {
        id,
        day: null,
        askedBy: caller.userId ?? caller.organizationId,
        coversFrom: from,
        coversTo: to,
        askedAt: this.clock.now(),
        finishedAt: null,
        totals: [],
        differences: [],
      };
      await tx.createQueryBuilder().insert().into(Reconciliation).values(planned).orIgnore().execute();
      const kept = await find(tx, id);
      assertSame(windowOf(kept), windowOf(planned));
      await this.doorbell.ring(tx, 'billing.reconcile-stripe', id);
    });
    return this.get(id);
  }

  async list(): Promise<ReconciliationSummary[]> {
    const found = await this.db.manager.find(Reconciliation, { order: { askedAt: 'desc', id: 'desc' }, take: MOST });
    return found.map(summary);
  }

  /** @throws DomainError `missing` */
  async get(id: string): Promise<ReconciliationView> {
    const found = await find(this.db.manager, id);
    return { ...summary(found), totals: found.totals, differences: found.differences };
  }
}

async function find(tx: EntityManager, id: string): Promise<Reconciliation> {
  const found = await tx.findOneBy(Reconciliation, { id });
  if (!found) throw missing('reconciliation');
  return found;
}

const windowOf = ({ coversFrom, coversTo }: Pick<Reconciliation, 'coversFrom' | 'coversTo'>) => ({
  from: coversFrom.toISOString(),
  to: coversTo.toISOString(),
});

const summary = ({ id, day, coversFrom, coversTo, askedAt, finishedAt, differences }: Reconciliation): ReconciliationSummary => ({
  id,
  day,
  coversFrom: coversFrom.toISOString(),
  coversTo: coversTo.toISOString(),
  askedAt: askedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
  differenceCount: differences.length,
});
