/** A customer turns to their bank, and the bank takes the payment back, or first asks; and how that ends. */
import { revokeMandates } from '../payments/mandates.ts';
import type { StripeCharge } from '../payments/types.ts';
import type { StripeState } from '../state.ts';
import { newId } from '../wire/ids.ts';
import { move } from './balance.ts';
import { DISPUTE_FEE } from './fees.ts';
import type { DisputeStatus, StripeDispute } from './types.ts';

export interface Complaint {
  /** Stripe's word for it: `fraudulent`, `product_not_received`, `debit_not_authorized` … */
  reason: string;
  /** The bank only asks; no money moves unless it is not satisfied. */
  isInquiry?: boolean;
  /** Minor units; all that has not been refunded, if not given. */
  amount?: number;
}

export const DUE_AFTER_SECONDS = 9 * 24 * 60 * 60;

const REASON_CODES: Record<string, string> = {
  fraudulent: '10.4',
  product_not_received: '13.1',
  product_unacceptable: '13.3',
  credit_not_processed: '13.6',
  subscription_canceled: '13.2',
  duplicate: '12.6.1',
  general: '10.4',
};

/** Whether somebody may still answer the bank. */
export const isOpen = ({ status }: StripeDispute): boolean => status === 'needs_response' || status === 'warning_needs_response';

/** Whether the payment cannot be refunded: the bank has taken it back already, or is about to decide. */
export const blocksRefund = ({ status }: StripeDispute): boolean => status !== 'won' && !status.startsWith('warning');

export function openDispute(state: StripeState, owner: string, before: StripeCharge, complaint: Complaint): StripeDispute {
  const isDebit = before.payment_method_details?.['type'] !== 'card';
  const charge = state.charges.put(owner, { ...state.charges.get(owner, before.id), disputed: true });
  const made = state.disputes.put(owner, newDispute(state, charge, complaint));
  state.emit(owner, 'charge.dispute.created', made);
  if (complaint.isInquiry) {
    state.due.after(DUE_AFTER_SECONDS, 'dispute.due', made.id);
    return made;
  }
  const withdrawn = withdraw(state, owner, made);
  if (!isDebit) {
    state.due.after(DUE_AFTER_SECONDS, 'dispute.due', made.id);
    return withdrawn;
  }
  // A bank debit that its account holder disputes is lost at once, and so is the right to debit the account.
  revokeMandates(state, owner, charge.payment_method!);
  return closeDispute(state, owner, withdrawn, 'lost');
}

/** The bank takes the money. */
function withdraw(state: StripeState, owner: string, dispute: StripeDispute): StripeDispute {
  const movement = {
    source: dispute.id,
    amount: -dispute.amount,
    currency: dispute.currency,
    description: 'Chargeback withdrawal',
  };
  const fee = { fee: DISPUTE_FEE, feeDescription: 'Dispute fee' };
  const transaction = move(state, owner, { ...movement, ...fee, type: 'adjustment' });
  const transactions = [...dispute.balance_transactions, transaction];
  const withdrawn = state.disputes.put(owner, { ...dispute, balance_transactions: transactions });
  state.emit(owner, 'charge.dispute.funds_withdrawn', withdrawn);
  return withdrawn;
}

/** An inquiry that did not satisfy the bank becomes a dispute. */
export function escalate(state: StripeState, owner: string, dispute: StripeDispute): StripeDispute {
  const details = { ...dispute.payment_method_details };
  const card = { ...(details['card'] as object), case_type: 'chargeback' };
  const escalated = state.disputes.put(owner, {
    ...dispute,
    is_charge_refundable: false,
    payment_method_details: { ...details, card },
    status: 'needs_response',
  });
  state.emit(owner, 'charge.dispute.updated', escalated, { status: dispute.status });
  return withdraw(state, owner, escalated);
}

export function closeDispute(
  state: StripeState,
  owner: string,
  dispute: StripeDispute,
  status: Extract<DisputeStatus, 'won' | 'lost' | 'warning_closed'>,
): StripeDispute {
  const returned = { source: dispute.id, amount: dispute.amount, currency: dispute.currency, description: 'Chargeback reversal' };
  // The fee stays with Stripe either way.
  const back = status === 'won' ? [move(state, owner, { ...returned, type: 'adjustment' })] : [];
  const closed = state.disputes.put(owner, {
    ...dispute,
    balance_transactions: [...dispute.balance_transactions, ...back],
    evidence_details: { ...dispute.evidence_details, due_by: null },
    is_charge_refundable: status !== 'lost',
    status,
  });
  state.emit(owner, 'charge.dispute.closed', closed, { status: dispute.status });
  if (status === 'won') state.emit(owner, 'charge.dispute.funds_reinstated', closed);
  return closed;
}

function newDispute(state: StripeState, charge: StripeCharge, { reason, isInquiry = false, amount }: Complaint): StripeDispute {
  const details = charge.payment_method_details!;
  const card = details['card'] as { brand: string } | undefined;
  const code = card ? (REASON_CODES[reason] ?? '10.4') : 'R10';
  return {
    id: newId('dp'),
    object: 'dispute',
    amount: amount ?? charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: state.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: NO_EVIDENCE,
    evidence_details: {
      due_by: state.now() + DUE_AFTER_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    network_reason_code: code,
    payment_intent: charge.payment_intent,
    ...(card && { payment_method_details: { card: caseOf(card.brand, isInquiry, code), type: 'card' } }),
    reason,
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  };
}

const caseOf = (brand: string, isInquiry: boolean, code: string): Record<string, unknown> => ({
  brand,
  case_type: isInquiry ? 'inquiry' : 'chargeback',
  network: brand,
  network_reason_code: code,
});

const NO_EVIDENCE: Record<string, unknown> = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
