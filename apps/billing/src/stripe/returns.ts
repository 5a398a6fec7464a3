/** The port to Stripe for money that goes back: refunds, what a bank takes for a dispute, and what is taken back from vendors. */
import { Injectable } from '@nestjs/common';
import type { Stripe } from 'stripe';
import { disputeStateOf, type DisputeState } from '#domain/dispute.ts';
import type { Minor } from '#domain/money.ts';
import type { RefundState } from '#domain/refund.ts';
import { BillingConfig } from '../config.ts';
import { fromStripe, toStripe } from './amounts.ts';
import { asked, first, keyed, page, stripeClient, type Mark } from './client.ts';

/* What goes into a call. Kept as JSON with the call's first attempt, so amounts are decimal strings. */
export interface RefundParams {
  paymentIntentId: string;
  amount: string;
  currency: string;
}
export interface ReversalParams {
  transferId: string;
  amount: string;
  currency: string;
}

export interface RefundSeen {
  id: string;
  opId: string | null;
  state: Exclude<RefundState, 'planned'>;
  failure: string | null;
}

export interface DisputeSeen {
  id: string;
  state: DisputeState;
  reason: string;
  paymentIntentId: string | null;
  chargeId: string;
  currency: string;
  amount: Minor;
  /** What the bank took, and what Stripe asked for it; before the bank gave any back. */
  withdrawn: Minor;
  fee: Minor;
  evidenceDueAt: Date | null;
  openedAt: Date;
}

@Injectable()
export class StripeReturns {
  private readonly stripe: Stripe;

  constructor(config: BillingConfig) {
    this.stripe = stripeClient(config);
  }

  /** Gives a part of a payment back, to what it was paid with. */
  async refund({ paymentIntentId, amount, currency }: RefundParams, mark: Mark): Promise<RefundSeen> {
    const create: Stripe.RefundCreateParams = {
      payment_intent: paymentIntentId,
      amount: toStripe(BigInt(amount), currency),
      reason: 'requested_by_customer',
      metadata: { op_id: mark.opId },
    };
    return refundOf(await asked(this.stripe.refunds.create(create, keyed(mark))));
  }

  async findRefund(paymentIntentId: string, opId: string, since: Date): Promise<RefundSeen | undefined> {
    const found = await asked(first(this.stripe.refunds.list({ ...page(since), payment_intent: paymentIntentId }), opId));
    return found && refundOf(found);
  }

  async fetchRefund(id: string): Promise<RefundSeen> {
    return refundOf(await asked(this.stripe.refunds.retrieve(id)));
  }

  /** Takes back a part of what was transferred, as far as the vendor's account still has it. */
  async reverseTransfer({ transferId, amount, currency }: ReversalParams, mark: Mark): Promise<{ id: string }> {
    const create = { amount: toStripe(BigInt(amount), currency), metadata: { op_id: mark.opId } };
    return asked(this.stripe.transfers.createReversal(transferId, create, keyed(mark)));
  }

  findReversal(transferId: string, opId: string): Promise<{ id: string } | undefined> {
    return asked(first(this.stripe.transfers.listReversals(transferId, { limit: 100 }), opId));
  }

  async fetchDispute(id: string): Promise<DisputeSeen> {
    return disputeOf(await asked(this.stripe.disputes.retrieve(id)));
  }
}

function refundOf(refund: Stripe.Refund): RefundSeen {
  const isFailed = refund.status === 'failed' || refund.status === 'canceled';
  return {
    id: refund.id,
    opId: refund.metadata?.op_id ?? null,
    state: isFailed ? 'failed' : refund.status === 'succeeded' ? 'succeeded' : 'pending',
    failure: isFailed ? `The bank did not take it: ${refund.failure_reason ?? refund.status}.` : null,
  };
}

function disputeOf(dispute: Stripe.Dispute): DisputeSeen {
  const { currency, payment_intent: intent, charge } = dispute;
  // What the bank takes is below zero; what it gives back when we win is above, and brings no fee.
  const taken = dispute.balance_transactions.filter((each) => each.amount < 0);
  const sum = (amounts: number[]): Minor => amounts.reduce((all, amount) => all + fromStripe(amount, currency), 0n);
  return {
    id: dispute.id,
    state: disputeStateOf(dispute.status),
    reason: dispute.reason,
    paymentIntentId: typeof intent === 'string' ? intent : (intent?.id ?? null),
    chargeId: typeof charge === 'string' ? charge : charge.id,
    currency,
    amount: fromStripe(dispute.amount, currency),
    withdrawn: sum(taken.map((each) => -each.amount)),
    fee: sum(taken.map((each) => each.fee)),
    evidenceDueAt: dispute.evidence_details.due_by ? new Date(dispute.evidence_details.due_by * 1000) : null,
    openedAt: new Date(dispute.created * 1000),
  };
}
