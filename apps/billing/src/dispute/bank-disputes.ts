/**
 * Payments that buyers dispute at their bank. While the bank decides, what it took is on hold and so are the shares that the payment
 * paid for; lost, it is given back as a refund is; won, everything goes on.
 */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { laterDispute, type DisputeState } from '#domain/dispute.ts';
import { disputeFee, disputeLost, disputeOpened, disputeWon } from '#domain/ledger/dispute.ts';
import type { Minor } from '#domain/money.ts';
import { allocate } from '#domain/split.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Dispute } from '#tables/billing/dispute.ts';
import { Payment } from '#tables/billing/payment.ts';
import { Ledger } from '../ledger/ledger.ts';
import { takeVendorTurns } from '../payout/vendor-turns.ts';
import { LineReturns } from '../refund/line-returns.ts';
import type { DisputeSeen } from '../stripe/returns.ts';
import { Holds } from './holds.ts';

@Injectable()
export class BankDisputes {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly holds: Holds,
    private readonly returns: LineReturns,
    private readonly doorbell: Doorbell,
  ) {}

  /** A dispute about a payment that is none of ours changes nothing. */
  async merge(tx: EntityManager, seen: DisputeSeen): Promise<void> {
    const payment = await paymentOf(tx, seen);
    if (!payment) return;
    const invoices = await lockInvoices(tx, payment.id);
    const before = await tx.findOneBy(Dispute, { stripeDisputeId: seen.id });
    const dispute = await this.write(tx, payment, seen, before);
    await this.bookTaken(tx, dispute, before);
    if (before?.state === dispute.state) return;
    const lines = await this.returns.linesOf(tx, { paymentId: payment.id });
    await takeVendorTurns(
      tx,
      lines.map((line) => line.vendorId),
    );
    await this.holds.settle(
      tx,
      lines.map((line) => line.lineId),
    );
    if (dispute.state === 'won') await this.won(tx, dispute);
    if (dispute.state === 'lost') await this.lost(tx, dispute, invoices);
    // What is not disputed any more goes on.
    for (const { id } of invoices) await this.doorbell.ring(tx, 'billing.release-shares', id);
    for (const vendorId of new Set(lines.map((line) => line.vendorId))) await this.doorbell.ring(tx, 'billing.pay-out', vendorId);
  }

  private async write(tx: EntityManager, payment: Payment, seen: DisputeSeen, before: Dispute | null): Promise<Dispute> {
    const now = this.clock.now();
    const state: DisputeState = before ? laterDispute(before.state, seen.state) : seen.state;
    const isOver = state !== 'inquiry' && state !== 'open';
    const dispute: Dispute = {
      id: before?.id ?? newId(),
      stripeDisputeId: seen.id,
      paymentId: payment.id,
      buyerId: payment.buyerId,
      currency: seen.currency,
      amountMinor: seen.amount,
      reason: seen.reason,
      state,
      withdrawnMinor: before && before.withdrawnMinor > 0n ? before.withdrawnMinor : seen.withdrawn,
      feeMinor: before && before.withdrawnMinor > 0n ? before.feeMinor : seen.fee,
      evidenceDueAt: isOver ? null : seen.evidenceDueAt,
      openedAt: before?.openedAt ?? seen.openedAt,
      checkedAt: now,
      closedAt: isOver ? (before?.closedAt ?? now) : null,
    };
    await tx.save(Dispute, dispute);
    return dispute;
  }

  private async bookTaken(tx: EntityManager, dispute: Dispute, before: Dispute | null): Promise<void> {
    if (dispute.withdrawnMinor === 0n || (before && before.withdrawnMinor > 0n)) return;
    const { stripeDisputeId: disputeId, currency } = dispute;
    const effectiveAt = this.clock.now();
    await this.ledger.post(tx, { ...disputeOpened({ disputeId, currency, amount: dispute.withdrawnMinor }), effectiveAt });
    await this.ledger.post(tx, { ...disputeFee({ disputeId, currency, amount: dispute.feeMinor }), effectiveAt });
  }

  private async won(tx: EntityManager, { stripeDisputeId: disputeId, currency, withdrawnMinor: amount }: Dispute): Promise<void> {
    await this.ledger.post(tx, { ...disputeWon({ disputeId, currency, amount }), effectiveAt: this.clock.now() });
  }

  /** Divided over the invoices that the payment collected, by what the buyer paid for each and does not have back. */
  private async lost(tx: EntityManager, dispute: Dispute, invoices: readonly LockedInvoice[]): Promise<void> {
    const { id: disputeId, stripeDisputeId, currency, withdrawnMinor } = dispute;
    if (withdrawnMinor === 0n) return;
    const parts = allocate(
      withdrawnMinor,
      invoices.map((invoice) => invoice.left),
    );
    for (const [index, { id: invoiceId }] of invoices.entries()) {
      const amount = parts[index]!;
      if (amount === 0n) continue;
      await this.returns.give(
        tx,
        { invoiceId },
        {
          amount,
          cause: { refundId: null, disputeId },
          entryOf: (lines) => disputeLost({ disputeId: stripeDisputeId, invoiceId, currency, lines }),
        },
      );
    }
  }
}

/** Locked, as who settles a payment does it. */
async function paymentOf(tx: EntityManager, { paymentIntentId, chargeId }: DisputeSeen): Promise<Payment | null> {
  const lock = { mode: 'pessimistic_write' as const };
  const byCharge = await tx.findOne(Payment, { where: { stripeChargeId: chargeId }, lock });
  return byCharge ?? (paymentIntentId ? tx.findOne(Payment, { where: { stripePaymentIntentId: paymentIntentId }, lock }) : null);
}

interface LockedInvoice {
  id: string;
  /** What was paid in money and has not gone back. */
  left: Minor;
}

async function lockInvoices(tx: EntityManager, paymentId: string): Promise<LockedInvoice[]> {
  const rows: Array<{ id: string; left: string }> = await tx.query(
    `select invoice.id, (invoice.total_minor - invoice.credit_minor - invoice.credited_minor - coalesce((select sum(line_return.amount_minor) from billing.line_return
         join billing.invoice_line on invoice_line.id = line_return.line_id
        where invoice_line.invoice_id = invoice.id and line_return.undone_at is null), 0))::text as left
       from billing.invoice where invoice.payment_id = $1 order by invoice.id for update`,
    [paymentId],
  );
  return rows.map((row) => ({ id: row.id, left: BigInt(row.left) }));
}
