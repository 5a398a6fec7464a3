/** What Stripe says of a refund becomes our books, in whatever order and number it comes. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { refundReturned, refundSent, refundVoid } from '#domain/ledger/refund.ts';
import { laterRefund } from '#domain/refund.ts';
import { Clock } from '#platform/clock.ts';
import { ExternalCall } from '#tables/billing/external-call.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Refund } from '#tables/billing/refund.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { RefundSeen } from '../stripe/returns.ts';
import { LineReturns } from './line-returns.ts';

@Injectable()
export class RefundNews {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly returns: LineReturns,
  ) {}

  /** A refund that is none of ours changes nothing: reconciliation lists it. */
  async merge(tx: EntityManager, seen: RefundSeen): Promise<void> {
    const refund = await this.refundOf(tx, seen);
    if (!refund) return;
    const state = laterRefund(refund.state, seen.state);
    const now = this.clock.now();
    const { currency, amountMinor: amount } = refund;
    const book = { stripeRefundId: seen.id, currency, amount };
    // A failed one was taken from our balance too, before it came back: both are in the book, whichever is heard of first.
    if (refund.state === 'planned') await this.ledger.post(tx, { ...refundSent(book), effectiveAt: now });
    await tx.update(
      Refund,
      { id: refund.id },
      {
        state,
        stripeRefundId: seen.id,
        failure: state === 'failed' ? (seen.failure ?? refund.failure) : null,
        checkedAt: now,
        settledAt: state !== refund.state && state !== 'pending' ? now : refund.settledAt,
      },
    );
    if (state === refund.state || state !== 'failed') return;
    await this.ledger.post(tx, { ...refundReturned(book), effectiveAt: now });
    await this.undo(tx, refund);
  }

  /** Stripe refused it for good: nothing was sent. */
  async refused(tx: EntityManager, refundId: string, failure: string): Promise<void> {
    const refund = await tx.findOneOrFail(Refund, { where: { id: refundId }, lock: { mode: 'pessimistic_write' } });
    if (refund.state !== 'planned') return;
    const now = this.clock.now();
    await tx.update(Refund, { id: refundId }, { state: 'failed', failure, checkedAt: now, settledAt: now });
    await this.undo(tx, refund);
  }

  private async undo(tx: EntityManager, { id, invoiceId, currency }: Refund): Promise<void> {
    await tx.findOneOrFail(Invoice, { where: { id: invoiceId }, lock: { mode: 'pessimistic_write' } });
    await this.returns.undo(tx, id, (lines) => refundVoid({ refundId: id, currency, lines }));
  }

  /** Found by Stripe's id, or, when its news is faster than the answer to our call, by the call that made it. Locked. */
  private async refundOf(tx: EntityManager, seen: RefundSeen): Promise<Refund | null> {
    const known = await tx.findOneBy(Refund, { stripeRefundId: seen.id });
    const callId = known?.externalCallId ?? seen.opId;
    if (!callId) return null;
    // The call first, then its refund: the order in which the answer to our own call takes the two.
    const call = await tx.findOne(ExternalCall, { where: { id: callId }, lock: { mode: 'pessimistic_write' } });
    const refund = await tx.findOne(Refund, { where: { externalCallId: callId }, lock: { mode: 'pessimistic_write' } });
    if (!call || !refund) return null;
    if (call.state !== 'succeeded' && call.state !== 'failed_final')
      await tx.update(ExternalCall, { id: callId }, { state: 'succeeded', objectId: seen.id });
    return refund;
  }
}
