/** Disputes as people see them: those at banks, and those about one line, which hold back that line and no other. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { LineDispute } from '#tables/billing/dispute.ts';
import { takeVendorTurns } from '../payout/vendor-turns.ts';
import { Refunds } from '../refund/refunds.ts';
import type { DisputeView, LineDecision, LineDisputeView, NewLineDispute } from './disputes.schema.ts';
import { Holds } from './holds.ts';

const MOST_LISTED = 200;

@Injectable()
export class Disputes {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly refunds: Refunds,
    private readonly doorbell: Doorbell,
  ) {}

  /** A buyer's own, a vendor's about its lines; the operator sees all. */
  async atBanks({ kind, organizationId }: Caller): Promise<DisputeView[]> {
    const rows: DisputeRow[] = await this.db.query(
      `select dispute.*, (select array_agg(invoice.number order by invoice.number) from billing.invoice where invoice.payment_id = dispute.payment_id) as invoices
         from billing.dispute where ($1 <> 'buyer' or dispute.buyer_id = $2)
           and ($1 <> 'vendor' or exists (select from billing.invoice join billing.invoice_line on invoice_line.invoice_id = invoice.id
             where invoice.payment_id = dispute.payment_id and invoice_line.vendor_id = $2))
        order by dispute.opened_at desc, dispute.id desc limit ${MOST_LISTED}`,
      [kind, organizationId],
    );
    return rows.map(disputeView);
  }

  /** @throws DomainError `missing` when the line is not the buyer's; `line_disputed` when it is disputed already */
  async open({ organizationId, userId }: Caller, { lineId, reason }: NewLineDispute): Promise<LineDisputeView> {
    const id = newId();
    await this.db.transaction(async (tx) => {
      const [line]: Array<{ vendor_id: string }> = await tx.query(
        `select invoice_line.vendor_id from billing.invoice join billing.invoice_line on invoice_line.invoice_id = invoice.id
          where invoice_line.id = $1 and invoice.buyer_id = $2 and invoice.state <> 'draft' for update of invoice`,
        [lineId, organizationId],
      );
      if (!line) throw missing('invoice_line');
      if (await tx.existsBy(LineDispute, { lineId, state: 'open' }))
        throw new DomainError('conflict', 'line_disputed', 'This line is disputed already; wait for the answer.');
      await takeVendorTurns(tx, [line.vendor_id]);
      const dispute: LineDispute = {
        id,
        lineId,
        buyerId: organizationId,
        vendorId: line.vendor_id,
        reason,
        openedBy: userId ?? organizationId,
        openedAt: this.clock.now(),
        state: 'open',
        answer: null,
        closedBy: null,
        closedAt: null,
        refundId: null,
      };
      await tx.insert(LineDispute, dispute);
      await this.holds.settle(tx, [lineId]);
    });
    return this.view(id);
  }

  async list({ kind, organizationId }: Caller): Promise<LineDisputeView[]> {
    const rows: LineDisputeRow[] = await this.db.query(
      `${LINE_DISPUTES} where ($1 <> 'buyer' or line_dispute.buyer_id = $2) and ($1 <> 'vendor' or line_dispute.vendor_id = $2)
        order by line_dispute.opened_at desc, line_dispute.id desc limit ${MOST_LISTED}`,
      [kind, organizationId],
    );
    return rows.map(lineDisputeView);
  }

  /**
   * The vendor gives its line back, or the operator decides.
   * @throws DomainError `missing`, `dispute_closed`, `operator_decides`, and those of a refund
   */
  async decide(caller: Caller, id: string, { outcome, amountMinor, answer }: LineDecision): Promise<LineDisputeView> {
    if (caller.kind === 'vendor' && outcome === 'rejected')
      throw new DomainError('forbidden', 'operator_decides', 'Only the operator can reject; answer the buyer, or give it back.');
    await this.db.transaction(async (tx) => {
      const dispute = await ownOpen(tx, id, caller.kind === 'vendor' ? { vendorId: caller.organizationId } : {});
      const refundId = outcome === 'refunded' ? newId() : null;
      await this.close(tx, dispute, { state: outcome, answer, closedBy: caller.userId ?? caller.organizationId });
      if (!refundId) return;
      const invoiceId = await invoiceOf(tx, dispute.lineId);
      await this.refunds.plan(tx, caller, { id: refundId, invoiceId, lineId: dispute.lineId, amountMinor, reason: answer });
      await tx.update(LineDispute, { id }, { refundId });
    });
    return this.view(id);
  }

  /** The buyer has changed its mind. @throws DomainError `missing`, `dispute_closed` */
  async withdraw({ organizationId, userId }: Caller, id: string): Promise<LineDisputeView> {
    await this.db.transaction(async (tx) => {
      const dispute = await ownOpen(tx, id, { buyerId: organizationId });
      await this.close(tx, dispute, { state: 'withdrawn', answer: null, closedBy: userId ?? organizationId });
    });
    return this.view(id);
  }

  private async close(
    tx: EntityManager,
    { id, lineId, vendorId }: LineDispute,
    how: Pick<LineDispute, 'state' | 'answer' | 'closedBy'>,
  ): Promise<void> {
    const invoiceId = await invoiceOf(tx, lineId);
    await tx.query('select from billing.invoice where invoice.id = $1 for update', [invoiceId]);
    await takeVendorTurns(tx, [vendorId]);
    await tx.update(LineDispute, { id }, { ...how, closedAt: this.clock.now() });
    await this.holds.settle(tx, [lineId]);
    await this.doorbell.ring(tx, 'billing.release-shares', invoiceId);
    await this.doorbell.ring(tx, 'billing.pay-out', vendorId);
  }

  private async view(id: string): Promise<LineDisputeView> {
    const [row]: LineDisputeRow[] = await this.db.query(`${LINE_DISPUTES} where line_dispute.id = $1`, [id]);
    return lineDisputeView(row!);
  }
}

const LINE_DISPUTES = `select line_dispute.*, invoice.number, invoice.currency, invoice_line.description, invoice_line.amount_minor::text as amount
  from billing.line_dispute join billing.invoice_line on invoice_line.id = line_dispute.line_id
  join billing.invoice on invoice.id = invoice_line.invoice_id`;

async function ownOpen(
  tx: EntityManager,
  id: string,
  owner: Partial<Pick<LineDispute, 'buyerId' | 'vendorId'>>,
): Promise<LineDispute> {
  const dispute = await tx.findOne(LineDispute, { where: { id, ...owner }, lock: { mode: 'pessimistic_write' } });
  if (!dispute) throw missing('line_dispute');
  if (dispute.state !== 'open') throw new DomainError('conflict', 'dispute_closed', `This dispute was ${dispute.state} already.`);
  return dispute;
}

async function invoiceOf(tx: EntityManager, lineId: string): Promise<string> {
  const [row] = await tx.query('select invoice_line.invoice_id from billing.invoice_line where invoice_line.id = $1', [lineId]);
  return row.invoice_id as string;
}

interface DisputeRow {
  id: string;
  invoices: string[];
  currency: string;
  amount_minor: string;
  reason: string;
  state: DisputeView['state'];
  evidence_due_at: Date | null;
  opened_at: Date;
  closed_at: Date | null;
}

interface LineDisputeRow {
  id: string;
  line_id: string;
  number: string;
  description: string;
  currency: string;
  amount: string;
  reason: string;
  state: LineDisputeView['state'];
  answer: string | null;
  refund_id: string | null;
  opened_at: Date;
  closed_at: Date | null;
}

const disputeView = (row: DisputeRow): DisputeView => ({
  id: row.id,
  invoices: row.invoices,
  currency: row.currency,
  amountMinor: row.amount_minor,
  reason: row.reason,
  state: row.state,
  evidenceDueAt: row.evidence_due_at?.toISOString() ?? null,
  openedAt: row.opened_at.toISOString(),
  closedAt: row.closed_at?.toISOString() ?? null,
});

const lineDisputeView = (row: LineDisputeRow): LineDisputeView => ({
  id: row.id,
  lineId: row.line_id,
  invoice: row.number,
  description: row.description,
  currency: row.currency,
  amountMinor: row.amount,
  reason: row.reason,
  state: row.state,
  answer: row.answer,
  refundId: row.refund_id,
  openedAt: row.opened_at.toISOString(),
  closedAt: row.closed_at?.toISOString() ?? null,
});
