/** What tax is due, and what was charged. */
import type { Address, Metadata } from '../payments/types.ts';

export interface TaxCustomer {
  address: Address | null;
  address_source: 'billing' | 'shipping' | null;
  ip_address: string | null;
  tax_ids: { type: string; value: string }[];
  taxability_override: 'customer_exempt' | 'none' | 'reverse_charge';
}

interface TaxLine {
  id: string;
  amount: number;
  amount_tax: number;
  livemode: false;
  metadata: Metadata | null;
  product: null;
  quantity: number;
  reference: string;
  tax_behavior: 'exclusive' | 'inclusive';
  tax_code: string;
}

export interface CalculationLine extends TaxLine {
  object: 'tax.calculation_line_item';
  performance_location: null;
}

export interface TransactionLine extends TaxLine {
  object: 'tax.transaction_line_item';
  reversal: { original_line_item: string } | null;
  type: 'transaction' | 'reversal';
}

export interface StripeCalculation {
  id: string;
  object: 'tax.calculation';
  amount_total: number;
  currency: string;
  customer: string | null;
  customer_details: TaxCustomer;
  /** Epoch seconds; no transaction is made of it afterwards. */
  expires_at: number;
  livemode: false;
  ship_from_details: null;
  shipping_cost: null;
  tax_amount_exclusive: number;
  tax_amount_inclusive: number;
  tax_breakdown: Record<string, unknown>[];
  tax_date: number;
}

export interface StripeTaxTransaction {
  id: string;
  object: 'tax.transaction';
  created: number;
  currency: string;
  customer: string | null;
  customer_details: TaxCustomer;
  livemode: false;
  metadata: Metadata;
  posted_at: number;
  reference: string;
  reversal: { original_transaction: string } | null;
  ship_from_details: null;
  shipping_cost: null;
  tax_date: number;
  type: 'transaction' | 'reversal';
}
