/** Charges: each attempt to take money is one, whether the bank paid or refused. */
import { z } from 'zod';
import { move } from '../money/balance.ts';
import { processingFee } from '../money/fees.ts';
import type { StripeState } from '../state.ts';
import { newId, randomText } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { clearableMetadata, email, emptyable, paging, text } from '../wire/rules.ts';
import type { Decline } from './declines.ts';
import type { Instrument } from './instruments.ts';
import type { StripeCharge, StripePaymentIntent, StripePaymentMethod } from './types.ts';

export function chargeRoutes(state: StripeState): Route[] {
  const filters = { customer: text.optional(), payment_intent: text.optional(), transfer_group: text.optional() };
  const fields = {
    description: text.optional(),
    fraud_details: z.strictObject({ user_report: emptyable(z.enum(['fraudulent', 'safe'])) }).optional(),
    metadata: clearableMetadata.optional(),
    receipt_email: email.optional(),
    transfer_group: text.optional(),
  };
  return [
    route('GET /v1/charges', { ...paging, ...filters }, (params, { owner }) => {
      const { customer, payment_intent, transfer_group } = params;
      return state.charges.page(owner, '/v1/charges', params, { customer, payment_intent, transfer_group });
    }),
    route('GET /v1/charges/:id', {}, (_params, { owner, id }) => state.charges.get(owner, id)),
    route('POST /v1/charges/:id', fields, ({ metadata, fraud_details: fraud, ...params }, { owner, id }) => {
      const before = state.charges.get(owner, id);
      const report = fraud?.user_report;
      const fraud_details = report === undefined ? before.fraud_details : report === null ? {} : { user_report: report };
      const merged = mergeMetadata(before.metadata, metadata);
      const after = state.charges.put(owner, { ...before, ...params, fraud_details, metadata: merged });
      state.emitChange(owner, 'charge.updated', before, after);
      return after;
    }),
  ];
}

export interface ChargeSource {
  intent: StripePaymentIntent;
  method: StripePaymentMethod;
  instrument: Instrument;
  /** The id of the mandate under which a bank account is debited. */
  mandate?: string;
  isAuthenticated?: boolean;
}

/** Takes the money: it is in the balance at once, but pending for as long as the sandbox was told. */
export function collect(state: StripeState, owner: string, source: ChargeSource, pending?: StripeCharge): StripeCharge {
  const { intent, instrument } = source;
  const base = pending ?? newCharge(state, source);
  const transaction = move(state, owner, {
    type: instrument.type === 'card' ? 'charge' : 'payment',
    source: base.id,
    amount: intent.amount,
    fee: processingFee(instrument.type, intent.amount),
    currency: intent.currency,
    description: intent.description,
    availableOn: state.now() + (instrument.isAvailableAtOnce ? 0 : state.availableAfterSeconds),
  });
  const charge = state.charges.put(owner, {
    ...base,
    amount_captured: base.amount,
    balance_transaction: transaction.id,
    captured: true,
    outcome: outcome({ type: 'authorized', networkStatus: 'approved_by_network', sellerMessage: 'Payment complete.' }),
    paid: true,
    receipt_url: `https://pay.stripe.com/receipts/${base.id}`,
    status: 'succeeded',
  });
  state.emit(owner, 'charge.succeeded', charge);
  return charge;
}

/** The attempt as the bank refused it; no money moves. */
export function refuseCharge(
  state: StripeState,
  owner: string,
  source: ChargeSource,
  decline: Decline,
  pending?: StripeCharge,
): StripeCharge {
  const charge = state.charges.put(owner, {
    ...(pending ?? newCharge(state, source)),
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: outcome(
      decline.isBlocked
        ? { type: 'blocked', networkStatus: 'not_sent_to_network', reason: 'highest_risk_level', risk: 'highest', decline }
        : { type: 'issuer_declined', networkStatus: 'declined_by_network', reason: decline.declineCode, decline },
    ),
    paid: false,
    status: 'failed',
  });
  state.emit(owner, 'charge.failed', charge);
  return charge;
}

/** A bank debit that has been sent and may yet come back. */
export function awaitCharge(state: StripeState, owner: string, source: ChargeSource): StripeCharge {
  const charge = state.charges.put(owner, newCharge(state, source));
  state.emit(owner, 'charge.pending', charge);
  return charge;
}

interface Ending {
  type: string;
  networkStatus: string;
  reason?: string;
  risk?: 'normal' | 'highest';
  decline?: Decline;
  sellerMessage?: string;
}

const outcome = ({ type, networkStatus, reason, risk = 'normal', decline, sellerMessage }: Ending): Record<string, unknown> => ({
  advice_code: decline?.advice ?? null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: networkStatus,
  reason: reason ?? null,
  risk_level: risk,
  risk_score: risk === 'normal' ? 12 : 89,
  seller_message: sellerMessage ?? (decline?.isBlocked ? 'Stripe blocked this payment.' : 'The bank returned the decline code.'),
  type,
});

function newCharge(state: StripeState, source: ChargeSource): StripeCharge {
  const { intent, method, instrument } = source;
  return {
    id: newId(instrument.type === 'card' ? 'ch' : 'py'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: instrument.type === 'card' ? 'SLIPWAY SANDBOX' : null,
    captured: false,
    created: state.now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { [instrument.type]: usedDetails(source), type: instrument.type },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: 'pending',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
}

/** The payment method as it was when it was used. */
function usedDetails({ intent, method, instrument, mandate, isAuthenticated }: ChargeSource): Record<string, unknown> {
  const details = method[instrument.type]!;
  if (instrument.type === 'us_bank_account') {
    const { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number } = details;
    const known = { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number };
    return { ...known, ...(mandate && { mandate }), payment_reference: null };
  }
  if (instrument.type === 'sepa_debit') {
    const { bank_code, branch_code, country, fingerprint, last4 } = details;
    return { bank_code, branch_code, country, fingerprint, last4, mandate: mandate ?? null };
  }
  const { brand, checks, country, exp_month, exp_year, fingerprint, funding, last4 } = details;
  return {
    amount_authorized: intent.amount,
    authorization_code: randomText(6).toUpperCase(),
    brand,
    checks,
    country,
    electronic_commerce_indicator: isAuthenticated ? '05' : null,
    exp_month,
    exp_year,
    fingerprint,
    funding,
    installments: null,
    last4,
    mandate: null,
    network: brand,
    network_transaction_id: randomText(15),
    regulated_status: 'unregulated',
    three_d_secure: isAuthenticated ? THREE_D_SECURE : null,
    transaction_link_id: null,
    wallet: null,
  };
}

const THREE_D_SECURE = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: '00000000-0000-4000-8000-000000000000',
  version: '2.2.0',
};
