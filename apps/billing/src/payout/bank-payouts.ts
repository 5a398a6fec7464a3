/** What Stripe says of the way from a vendor's account to its bank, merged into our payout, in whatever order it comes. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { laterPayout } from '#domain/payout.ts';
import { Clock } from '#platform/clock.ts';
import { ExternalCall } from '#tables/billing/external-call.ts';
import { Payout } from '#tables/billing/payout.ts';
import type { BankPayout } from '../stripe/stripe.read.ts';

const ASK_AGAIN_MS = 3_600_000;

@Injectable()
export class BankPayouts {
  constructor(private readonly clock: Clock) {}

  /** A payout at the bank that is none of ours changes nothing. */
  async merge(tx: EntityManager, seen: BankPayout): Promise<void> {
    const payout = await this.payoutOf(tx, seen);
    if (!payout) return;
    const state = laterPayout(payout.state, seen.state);
    const now = this.clock.now();
    await tx.update(
      Payout,
      { id: payout.id },
      {
        state,
        stripePayoutId: seen.id,
        failure: state === 'returned' ? (seen.failure ?? 'The bank returned the money.') : null,
        paidAt: state === 'paid' ? (payout.paidAt ?? now) : payout.paidAt,
        dueAt: new Date(now.getTime() + ASK_AGAIN_MS),
      },
    );
  }

  /** Found by Stripe's id, or, when its news is faster than the answer to our call, by the call that made it. Locked. */
  private async payoutOf(tx: EntityManager, seen: BankPayout): Promise<Payout | null> {
    const known = await tx.findOneBy(Payout, { stripePayoutId: seen.id });
    const callId = known?.externalCallId ?? seen.opId;
    if (!callId) return null;
    const call = await tx.findOne(ExternalCall, { where: { id: callId }, lock: { mode: 'pessimistic_write' } });
    const payout = await tx.findOne(Payout, { where: { externalCallId: callId }, lock: { mode: 'pessimistic_write' } });
    if (!call || !payout) return null;
    if (call.state !== 'succeeded' && call.state !== 'failed_final')
      await tx.update(ExternalCall, { id: callId }, { state: 'succeeded', objectId: seen.id });
    return payout;
  }
}
