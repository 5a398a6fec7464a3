/** The objects of the connected side: accounts, transfers to them and payouts from them. */
import type { Metadata, StripeObject } from '../payments/types.ts';

export interface StripeTransfer extends StripeObject {
  object: 'transfer';
  amount: number;
  amount_reversed: number;
  balance_transaction: string;
  currency: string;
  description: string | null;
  destination: string;
  destination_payment: string;
  livemode: false;
  metadata: Metadata;
  reversed: boolean;
  source_transaction: string | null;
  source_type: string;
  transfer_group: string | null;
}

export interface StripeTransferReversal extends StripeObject {
  object: 'transfer_reversal';
  amount: number;
  balance_transaction: string;
  currency: string;
  destination_payment_refund: string;
  metadata: Metadata;
  source_refund: null;
  transfer: string;
}

export interface StripePayout extends StripeObject {
  object: 'payout';
  amount: number;
  application_fee: null;
  application_fee_amount: null;
  /** Epoch seconds at which the bank is expected to have it. */
  arrival_date: number;
  automatic: boolean;
  balance_transaction: string;
  currency: string;
  description: string | null;
  destination: string;
  failure_balance_transaction: string | null;
  failure_code: string | null;
  failure_message: string | null;
  livemode: false;
  metadata: Metadata;
  method: 'standard' | 'instant';
  original_payout: null;
  payout_method: null;
  reconciliation_status: 'not_applicable' | 'in_progress' | 'completed';
  reversed_by: null;
  source_type: string;
  statement_descriptor: string | null;
  status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled';
  trace_id: { status: 'pending' | 'supported'; value: string | null } | null;
  type: 'bank_account';
}

export interface StripeBankAccount {
  id: string;
  object: 'bank_account';
  account: string;
  account_holder_name: string | null;
  account_holder_type: string | null;
  account_type: null;
  available_payout_methods: string[];
  bank_name: string;
  country: string;
  currency: string;
  default_for_currency: boolean;
  /** The same for the same number; tells what the sandbox's bank does with a payout. */
  fingerprint: string;
  last4: string;
  metadata: Metadata;
  routing_number: string | null;
  status: 'new' | 'errored';
}

export type Interval = 'manual' | 'daily' | 'weekly' | 'monthly';

export interface PayoutSchedule {
  delay_days: number;
  interval: Interval;
  monthly_anchor?: number;
  monthly_payout_days?: number[];
  weekly_anchor?: string;
  weekly_payout_days?: string[];
}

export interface PayoutSettings {
  debit_negative_balances: boolean;
  schedule: PayoutSchedule;
  statement_descriptor: string | null;
}

export interface Requirements {
  alternatives: [];
  current_deadline: number | null;
  currently_due: string[];
  disabled_reason: string | null;
  errors: { code: string; reason: string; requirement: string }[];
  eventually_due: string[];
  past_due: string[];
  pending_verification: string[];
}

export interface StripeAccount extends StripeObject {
  object: 'account';
  business_profile: Record<string, unknown>;
  business_type: string | null;
  capabilities: Record<string, 'active' | 'inactive' | 'pending'>;
  charges_enabled: boolean;
  company?: Record<string, unknown>;
  controller: Record<string, unknown> & { requirement_collection: 'stripe' | 'application' };
  country: string;
  default_currency: string;
  details_submitted: boolean;
  email: string | null;
  external_accounts: { object: 'list'; data: StripeBankAccount[]; has_more: false; url: string };
  future_requirements: Requirements;
  metadata: Metadata;
  payouts_enabled: boolean;
  requirements: Requirements;
  settings: Record<string, unknown> & { payouts: PayoutSettings };
  tos_acceptance: Record<string, unknown>;
  type: 'standard' | 'express' | 'custom';
}
