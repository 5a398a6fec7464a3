/** A refund that is granted, and what becomes of it: most arrive at once, some later, and some come back. */
import { instrumentOf } from '../payments/payment-methods.ts';
import type { Metadata, StripeCharge } from '../payments/types.ts';
import type { StripeState } from '../state.ts';
import { newId } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { move } from './balance.ts';
import { closeDispute, isOpen } from './open-dispute.ts';
import type { StripeRefund } from './types.ts';

/** A day, after which a refund that is on its way arrives or comes back. */
const SETTLES_AFTER_SECONDS = 24 * 60 * 60;

interface Asked {
  amountMinor: number;
  reason?: string | undefined;
  metadata?: Metadata | null | undefined;
}

export function makeRefund(state: StripeState, owner: string, charge: StripeCharge, asked: Asked): StripeRefund {
  const { amountMinor, reason, metadata } = asked;
  const instrument = instrumentOf(state.paymentMethods.find(charge.payment_method!)!.object);
  const isCard = instrument.type === 'card';
  const course = isCard ? instrument.refunds : 'later';
  const id = newId('re');
  const movement = { source: id, amount: -amountMinor, currency: charge.currency, description: 'REFUND FOR CHARGE' };
  const transaction = move(state, owner, { ...movement, type: isCard ? 'refund' : 'payment_refund' });
  const refund = state.refunds.put(owner, {
    id,
    object: 'refund',
    amount: amountMinor,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: state.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: isCard ? TO_CARD : DESTINATIONS[instrument.type]!,
    metadata: mergeMetadata({}, metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(course === 'later' && { pending_reason: 'processing' as const }),
    reason: reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: course === 'later' ? 'pending' : 'succeeded',
    transfer_reversal: null,
  });
  const after = countRefunded(state, owner, charge.id, amountMinor);
  state.emit(owner, 'refund.created', refund);
  state.emitChange(owner, 'charge.refunded', charge, after);
  if (course !== 'at_once') {
    state.due.after(SETTLES_AFTER_SECONDS, course === 'later' ? 'refund.succeeded' : 'refund.failed', id);
  }
  if (after.refunded) satisfyInquiry(state, owner, after);
  return refund;
}

/**
 * A refund arrives, or comes back with its money.
 * @param reason Stripe's word for why it failed
 * @returns undefined when it has ended before
 */
export function settleRefund(
  state: StripeState,
  id: string,
  status: 'succeeded' | 'failed',
  reason = 'expired_or_canceled_card',
): StripeRefund | undefined {
  const { owner, object: before } = state.refunds.find(id)!;
  if (before.status === 'failed' || before.status === status) return undefined;
  const { pending_reason: _, ...plain } = before;
  if (status === 'succeeded') {
    const arrived = state.refunds.put(owner, { ...plain, status });
    tell(state, owner, before, arrived, 'refund.updated');
    return arrived;
  }
  const movement = { source: id, amount: before.amount, currency: before.currency, description: 'REFUND FAILURE' };
  const transaction = move(state, owner, { ...movement, type: 'refund_failure' });
  const failed = state.refunds.put(owner, {
    ...plain,
    failure_balance_transaction: transaction.id,
    failure_reason: reason,
    status,
  });
  countRefunded(state, owner, before.charge, -before.amount);
  tell(state, owner, before, failed, 'refund.failed');
  return failed;
}

function tell(state: StripeState, owner: string, before: StripeRefund, after: StripeRefund, type: string): void {
  state.emitChange(owner, type, before, after);
  state.emitChange(owner, 'charge.refund.updated', before, after);
}

function countRefunded(state: StripeState, owner: string, chargeId: string, amountMinor: number): StripeCharge {
  const charge = state.charges.get(owner, chargeId);
  const refunded = charge.amount_refunded + amountMinor;
  return state.charges.put(owner, { ...charge, amount_refunded: refunded, refunded: refunded === charge.amount });
}

/** A bank that only asked is satisfied when the customer has all of their money back. */
function satisfyInquiry(state: StripeState, owner: string, charge: StripeCharge): void {
  for (const dispute of state.disputes.of(owner, { charge: charge.id })) {
    if (isOpen(dispute)) closeDispute(state, owner, dispute, 'warning_closed');
  }
}

const TO_CARD = {
  card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
  type: 'card',
};

const DESTINATIONS: Record<string, StripeRefund['destination_details']> = {
  us_bank_account: { type: 'us_bank_transfer', us_bank_transfer: { reference: null, reference_status: null } },
  sepa_debit: { eu_bank_transfer: { reference: null, reference_status: null }, type: 'eu_bank_transfer' },
};
