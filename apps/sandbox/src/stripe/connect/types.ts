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
  destination_payment_refund: null;
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
  reconciliation_status: 'not_applicable';
  reversed_by: null;
  source_type: string;
  statement_descriptor: string | null;
  status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled';
  trace_id: null;
  type: 'bank_account';
}

export interface StripeBankAccount {
  id: string;
  object: 'bank_account';
  account: string;
  country: string;
  currency: string;
  default_for_currency: boolean;
  last4: string;
  routing_number: string | null;
  status: 'new';
  [field: string]: unknown;
}

export interface StripeAccount extends StripeObject {
  object: 'account';
  business_profile: Record<string, unknown>;
  business_type: string | null;
  capabilities: Record<string, 'active' | 'inactive'>;
  charges_enabled: boolean;
  company?: Record<string, unknown>;
  controller: Record<string, unknown> & { requirement_collection: 'stripe' | 'application' };
  country: string;
  default_currency: string;
  details_submitted: boolean;
  email: string | null;
  external_accounts: { object: 'list'; data: StripeBankAccount[]; has_more: false; url: string };
  individual?: Record<string, unknown>;
  metadata: Metadata;
  payouts_enabled: boolean;
  requirements: { currently_due: string[]; disabled_reason: string | null; [field: string]: unknown };
  settings: { payouts: { debit_negative_balances: boolean; schedule: Record<string, unknown>; [field: string]: unknown } };
  tos_acceptance: Record<string, unknown>;
  type: 'standard' | 'express' | 'custom';
}
