/** Who owes what could not be collected, as domain/dunning wants to see it: from the buyers' invoices and the payments that tried them. */
import type { EntityManager } from 'typeorm';
import type { Debt, DunningPolicy, StandingState } from '#domain/dunning.ts';
import type { BillingConfig } from '../config.ts';

export interface BuyersDebt extends Debt {
  buyerId: string;
  buyer: string;
  standing: StandingState;
}

/** @param buyerId of one buyer; null for all, longest first. */
export async function debtsOf(tx: EntityManager, buyerId: string | null): Promise<BuyersDebt[]> {
  const rows: Row[] = await tx.query(DEBTS, [buyerId]);
  return rows.map((row) => ({
    buyerId: row.buyer_id,
    buyer: row.buyer,
    standing: row.standing,
    since: row.since,
    triedAt: row.tried_at,
    isBeingCollected: row.is_being_collected,
    isCollectable: row.is_collectable,
  }));
}

export const policyOf = (config: BillingConfig): DunningPolicy => ({
  retryDays: config.DUNNING_RETRY_DAYS,
  suspendDays: config.DUNNING_SUSPEND_DAYS,
  endDays: config.DUNNING_END_DAYS,
});

interface Row {
  buyer_id: string;
  buyer: string;
  standing: StandingState;
  since: Date;
  tried_at: Date | null;
  is_being_collected: boolean;
  is_collectable: boolean;
}

const DEBTS = `
  select owed.*, organization.name as buyer, coalesce(standing.state, 'good') as standing,
    greatest(owed.paid_at, standing.dunned_at) as tried_at
  from (
    select invoice.buyer_id, min(invoice.collection_failed_at) as since, max(payment.created_at) as paid_at,
      coalesce(bool_or(payment.state in ('planned', 'processing')), false) as is_being_collected,
      bool_or(invoice.state = 'open') as is_collectable
    from billing.invoice left join billing.payment on payment.id = invoice.payment_id
    where invoice.collection_failed_at is not null and invoice.state in ('open', 'written_off') and ($1::uuid is null or invoice.buyer_id = $1)
    group by invoice.buyer_id
  ) owed
  join api.organization on organization.id = owed.buyer_id
  left join billing.standing on standing.buyer_id = owed.buyer_id
  order by owed.since, owed.buyer_id`;
