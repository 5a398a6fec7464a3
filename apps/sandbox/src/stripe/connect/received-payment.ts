/** A transfer as the connected account sees it: a payment from the platform. */
import { NO_BILLING } from '../payments/addresses.ts';
import type { StripeCharge } from '../payments/types.ts';
import type { StripeState } from '../state.ts';
import { newId } from '../wire/ids.ts';

interface Received {
  transferId: string;
  amountMinor: number;
  currency: string;
  group: string | null;
}

export function receivedPayment(state: StripeState, { transferId, amountMinor, currency, group }: Received): StripeCharge {
  return {
    id: newId('py'),
    object: 'charge',
    amount: amountMinor,
    amount_captured: amountMinor,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: NO_BILLING,
    calculated_statement_descriptor: null,
    captured: true,
    created: state.now(),
    currency,
    customer: null,
    description: null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome: null,
    paid: true,
    payment_intent: null,
    payment_method: null,
    payment_method_details: { stripe_account: {}, type: 'stripe_account' },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: transferId,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'succeeded',
    transfer_data: null,
    transfer_group: group,
  };
}
