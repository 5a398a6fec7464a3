/** Payouts above the operator's limit: set aside like others, and sent when one person has asked for it and another has agreed. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { assertMayApprove } from '#domain/payout-policy.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Payout } from '#tables/billing/payout.ts';
import { PayoutApproval } from '#tables/billing/payout-policy.ts';
import { GiveBack } from './give-back.ts';
import type { AskForPayout, LargePayoutView, PayoutDecision } from './payout-policies.schema.ts';

@Injectable()
export class PayoutApprovals {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly giveBack: GiveBack,
    private readonly doorbell: Doorbell,
  ) {}

  async list(): Promise<LargePayoutView[]> {
    const rows: LargeRow[] = await this.db.query(`${LARGE} order by payout.created_at desc, payout.id desc limit 200`);
    return rows.map(viewOf);
  }

  /** @throws DomainError `missing`, `needs_a_person`, `payout_asked_for` */
  async ask({ userId }: Caller, { payoutId, reason }: AskForPayout): Promise<LargePayoutView> {
    assertMayApprove(null, userId);
    await this.db.transaction(async (tx) => {
      const payout = await large(tx, payoutId);
      if (payout.approval !== 'waiting')
        throw new DomainError('conflict', 'payout_asked_for', 'This payout was asked for already; another person decides.');
      await tx.insert(PayoutApproval, { payoutId, askedBy: userId, askedAt: this.clock.now(), reason });
      await tx.update(Payout, { id: payoutId }, { approval: 'asked' });
    });
    return this.view(payoutId);
  }

  /**
   * Sends it, or gives it back to the vendor's account in the book; another payout takes it up again.
   * @throws DomainError `missing`, `payout_not_asked_for`, `needs_a_person`, `needs_another_person`
   */
  async decide({ userId }: Caller, payoutId: string, { decision, note }: PayoutDecision): Promise<LargePayoutView> {
    await this.db.transaction(async (tx) => {
      const payout = await large(tx, payoutId);
      const asked = await tx.findOneBy(PayoutApproval, { payoutId });
      if (payout.approval !== 'asked' || !asked)
        throw new DomainError(
          'conflict',
          'payout_not_asked_for',
          'Nobody waits for a decision about this payout; list them again.',
        );
      assertMayApprove(asked.askedBy, userId);
      await tx.update(PayoutApproval, { payoutId }, { decidedBy: userId, decidedAt: this.clock.now(), note });
      await tx.update(Payout, { id: payoutId }, { approval: decision });
      if (decision === 'refused') await this.giveBack.all(tx, payout, `Refused: ${note}`);
      await this.doorbell.ring(tx, 'billing.send-payout', payoutId);
    });
    return this.view(payoutId);
  }

  private async view(payoutId: string): Promise<LargePayoutView> {
    const [row]: LargeRow[] = await this.db.query(`${LARGE} and payout.id = $1`, [payoutId]);
    return viewOf(row!);
  }
}

/** Locked. */
async function large(tx: EntityManager, id: string): Promise<Payout> {
  const payout = await tx.findOne(Payout, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!payout || payout.approval === 'none') throw missing('payout');
  return payout;
}

const LARGE = `select payout.id, payout.vendor_id, organization.name as vendor, payout.currency, payout.amount_minor::text as amount, payout.approval,
    payout.created_at, payout_approval.asked_by, payout_approval.reason, payout_approval.decided_by, payout_approval.note
  from billing.payout join api.organization on organization.id = payout.vendor_id
  left join billing.payout_approval on payout_approval.payout_id = payout.id where payout.approval <> 'none'`;

interface LargeRow {
  id: string;
  vendor_id: string;
  vendor: string;
  currency: string;
  amount: string;
  approval: LargePayoutView['approval'];
  created_at: Date;
  asked_by: string | null;
  reason: string | null;
  decided_by: string | null;
  note: string | null;
}

const viewOf = (row: LargeRow): LargePayoutView => ({
  payoutId: row.id,
  vendorId: row.vendor_id,
  vendor: row.vendor,
  currency: row.currency,
  amountMinor: row.amount,
  approval: row.approval,
  createdAt: row.created_at.toISOString(),
  askedBy: row.asked_by,
  reason: row.reason,
  decidedBy: row.decided_by,
  note: row.note,
});
