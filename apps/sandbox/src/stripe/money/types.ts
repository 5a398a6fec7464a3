/** The objects that move money back and keep account of it. */
import type { Metadata, StripeObject } from '../payments/types.ts';

export interface StripeRefund extends StripeObject {
  object: 'refund';
  amount: number;
  balance_transaction: string | null;
  charge: string;
  currency: string;
  customer: string | null;
  customer_account: null;
  destination_details: Record<string, unknown> & { type: string };
  failure_balance_transaction?: string;
  failure_reason?: string;
  metadata: Metadata;
  payment_intent: string | null;
  payment_method: string | null;
  pending_reason?: 'processing' | 'insufficient_funds' | 'charge_pending';
  reason: string | null;
  receipt_number: null;
  source_transfer_reversal: string | null;
  status: 'succeeded' | 'pending' | 'failed' | 'canceled';
  transfer_reversal: null;
}

export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost';

export interface StripeDispute extends StripeObject {
  object: 'dispute';
  amount: number;
  balance_transactions: StripeBalanceTransaction[];
  charge: string;
  currency: string;
  enhanced_eligibility_types: [];
  evidence: Record<string, unknown>;
  evidence_details: {
    due_by: number | null;
    enhanced_eligibility: Record<string, never>;
    has_evidence: boolean;
    past_due: boolean;
    submission_count: number;
    submission_method: 'manual' | 'not_submitted';
  };
  intended_submission_method: 'manual' | 'prefer_manual' | null;
  is_charge_refundable: boolean;
  livemode: false;
  metadata: Metadata;
  network_reason_code: string | null;
  payment_intent: string | null;
  payment_method_details?: Record<string, unknown>;
  reason: string;
  status: DisputeStatus;
}

export interface StripeBalanceTransaction extends StripeObject {
  object: 'balance_transaction';
  /** Minor units; negative when money leaves the balance. */
  amount: number;
  /** Epoch seconds from which the amount may be transferred or paid out. */
  available_on: number;
  balance_type: 'payments';
  currency: string;
  description: string | null;
  exchange_rate: null;
  fee: number;
  fee_details: unknown[];
  net: number;
  reporting_category: string;
  source: string;
  status: 'pending' | 'available';
  type: string;
}
