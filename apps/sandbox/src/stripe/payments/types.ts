/** The objects of the paying side, with the fields that Stripe's own have (a spec compares them with the SDK's types). */
import type { MethodTypes } from './method-types.ts';

export type Metadata = Record<string, string>;

export interface StripeObject {
  id: string;
  object: string;
  /** Epoch seconds of the sandbox's clock. */
  created: number;
}

export interface Address {
  city: string | null;
  country: string | null;
  line1: string | null;
  line2: string | null;
  postal_code: string | null;
  state: string | null;
}

export interface BillingDetails {
  address: Address;
  email: string | null;
  name: string | null;
  phone: string | null;
  tax_id: string | null;
}

export interface StripeCustomer extends StripeObject {
  object: 'customer';
  address: Address | null;
  balance: number;
  currency: string | null;
  default_source: null;
  delinquent: boolean;
  description: string | null;
  discount: null;
  email: string | null;
  invoice_prefix: string;
  invoice_settings: { custom_fields: null; default_payment_method: string | null; footer: null; rendering_options: null };
  livemode: false;
  metadata: Metadata;
  name: string | null;
  next_invoice_sequence: number;
  phone: string | null;
  preferred_locales: string[];
  shipping: { address: Address; name: string; phone: string | null } | null;
  tax_exempt: 'none' | 'exempt' | 'reverse';
  test_clock: null;
}

export type MethodType = 'card' | 'us_bank_account' | 'sepa_debit';

export interface StripePaymentMethod extends StripeObject {
  object: 'payment_method';
  allow_redisplay: 'always' | 'limited' | 'unspecified';
  billing_details: BillingDetails;
  card?: MethodDetails;
  us_bank_account?: MethodDetails;
  sepa_debit?: MethodDetails;
  customer: string | null;
  customer_account: null;
  livemode: false;
  metadata: Metadata;
  type: MethodType;
}

/** The fingerprint is the same for the same card or account, and tells what the sandbox's bank does with it. */
export type MethodDetails = Record<string, unknown> & { fingerprint: string; last4: string };

export interface StripeMandate {
  id: string;
  object: 'mandate';
  customer_acceptance: {
    accepted_at: number;
    offline?: Record<string, never>;
    online?: { ip_address: string | null; user_agent: string | null };
    type: 'offline' | 'online';
  };
  livemode: false;
  multi_use?: Record<string, never>;
  payment_method: string;
  payment_method_details: Record<string, unknown> & { type: MethodType };
  single_use?: { amount: number; currency: string };
  status: 'active' | 'inactive' | 'pending';
  type: 'multi_use' | 'single_use';
}

export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'succeeded'
  | 'canceled';

export interface StripeSetupIntent extends StripeObject, MethodTypes {
  object: 'setup_intent';
  application: null;
  cancellation_reason: string | null;
  client_secret: string;
  customer: string | null;
  customer_account: null;
  description: string | null;
  flow_directions: null;
  last_setup_error: Record<string, unknown> | null;
  latest_attempt: null;
  livemode: false;
  mandate: string | null;
  metadata: Metadata;
  next_action: Record<string, unknown> | null;
  on_behalf_of: null;
  payment_method: string | null;
  payment_method_configuration_details: null;
  payment_method_options: Record<string, unknown> | null;
  single_use_mandate: null;
  status: IntentStatus;
  usage: 'off_session' | 'on_session';
}

export interface StripePaymentIntent extends StripeObject, MethodTypes {
  object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  application: null;
  application_fee_amount: null;
  canceled_at: number | null;
  cancellation_reason: string | null;
  capture_method: string;
  client_secret: string;
  confirmation_method: 'automatic' | 'manual';
  currency: string;
  customer: string | null;
  customer_account: null;
  description: string | null;
  last_payment_error: Record<string, unknown> | null;
  latest_charge: string | null;
  livemode: false;
  managed_payments: null;
  metadata: Metadata;
  next_action: Record<string, unknown> | null;
  on_behalf_of: null;
  payment_method: string | null;
  payment_method_configuration_details: null;
  payment_method_options: Record<string, unknown> | null;
  payment_record: null;
  processing: null;
  receipt_email: string | null;
  review: null;
  setup_future_usage: 'off_session' | 'on_session' | null;
  shipping: Record<string, unknown> | null;
  source: null;
  statement_descriptor: string | null;
  statement_descriptor_suffix: string | null;
  status: IntentStatus;
  transfer_data: null;
  transfer_group: string | null;
}

export interface StripeCharge extends StripeObject {
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  application: null;
  application_fee: null;
  application_fee_amount: null;
  balance_transaction: string | null;
  billing_details: BillingDetails;
  calculated_statement_descriptor: string | null;
  captured: boolean;
  currency: string;
  customer: string | null;
  description: string | null;
  disputed: boolean;
  failure_balance_transaction: null;
  failure_code: string | null;
  failure_message: string | null;
  fraud_details: { user_report?: string };
  livemode: false;
  metadata: Metadata;
  on_behalf_of: null;
  outcome: Record<string, unknown> | null;
  paid: boolean;
  payment_intent: string | null;
  payment_method: string | null;
  payment_method_details: Record<string, unknown> | null;
  receipt_email: string | null;
  receipt_number: null;
  receipt_url: string | null;
  refunded: boolean;
  review: null;
  shipping: Record<string, unknown> | null;
  source: null;
  source_transfer: string | null;
  statement_descriptor: string | null;
  statement_descriptor_suffix: string | null;
  status: 'succeeded' | 'pending' | 'failed';
  transfer_data: null;
  transfer_group: string | null;
}
