/** Charges: each attempt to take money is one, whether the bank paid or refused. */
import { move, processingFee } from '../money/balance.ts';
import { type Decline, type Instrument, instrumentDetails } from './cards.ts';
import { newId } from '../wire/ids.ts';
import { page } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { mergeMetadata, metadata, paging, text } from '../wire/rules.ts';
import type { StripeState } from '../state.ts';
import type { StripeCharge, StripePaymentIntent, StripePaymentMethod } from './types.ts';

export function chargeRoutes(state: StripeState): Route[] {
  const filters = { ...paging, customer: text.optional(), payment_intent: text.optional(), transfer_group: text.optional() };
  const fields = {
    description: text.optional(),
    metadata: metadata.optional(),
    transfer_group: text.optional(),
  };
  return [
    route('GET /v1/charges', filters, (params, { owner }) => {
      const wanted = state.charges
        .of(owner)
        .filter((charge) => !params.customer || charge.customer === params.customer)
        .filter((charge) => !params.payment_intent || charge.payment_intent === params.payment_intent)
        .filter((charge) => !params.transfer_group || charge.transfer_group === params.transfer_group);
      return page('/v1/charges', wanted, params);
    }),
    route('GET /v1/charges/:id', {}, (_params, { owner, id }) => state.charges.get(owner, id)),
    route('POST /v1/charges/:id', fields, ({ metadata, ...params }, { owner, id }) => {
      const before = state.charges.get(owner, id);
      const after = { ...before, ...params, metadata: mergeMetadata(before.metadata, metadata) };
      state.emit(owner, 'charge.updated', after);
      return state.charges.put(owner, after);
    }),
  ];
}

interface ChargeSource {
  intent: StripePaymentIntent;
  method: StripePaymentMethod;
  instrument: Instrument;
}

/** Takes the money: it is in the balance at once, but pending for as long as the sandbox was told. */
export function collect(state: StripeState, owner: string, source: ChargeSource, pending?: StripeCharge): StripeCharge {
  const { intent, instrument } = source;
  const base = pending ?? newCharge(state, source);
  const transaction = move(state, owner, {
    type: instrument.type === 'card' ? 'charge' : 'payment',
    source: base.id,
    amount: intent.amount,
    fee: processingFee(intent.amount),
    currency: intent.currency,
    description: intent.description,
    availableOn: state.now() + (instrument.isAvailableAtOnce ? 0 : state.availableAfterSeconds),
  });
  const charge: StripeCharge = {
    ...base,
    amount_captured: base.amount,
    balance_transaction: transaction.id,
    captured: true,
    outcome: outcome('authorized', 'approved_by_network', null, 'Payment complete.'),
    paid: true,
    status: 'succeeded',
  };
  state.charges.put(owner, charge);
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
  const charge: StripeCharge = {
    ...(pending ?? newCharge(state, source)),
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: outcome('issuer_declined', 'declined_by_network', decline.declineCode, 'The bank returned the decline code.'),
    paid: false,
    status: 'failed',
  };
  state.charges.put(owner, charge);
  state.emit(owner, 'charge.failed', charge);
  return charge;
}

/** A bank debit that has been sent and may yet come back. */
export function awaitCharge(state: StripeState, owner: string, source: ChargeSource): StripeCharge {
  const charge = state.charges.put(owner, newCharge(state, source));
  state.emit(owner, 'charge.pending', charge);
  return charge;
}

const outcome = (type: string, networkStatus: string, reason: string | null, sellerMessage: string): Record<string, unknown> => ({
  network_status: networkStatus,
  reason,
  risk_level: 'normal',
  risk_score: 12,
  seller_message: sellerMessage,
  type,
});

function newCharge(state: StripeState, { intent, method, instrument }: ChargeSource): StripeCharge {
  const id = newId(instrument.type === 'card' ? 'ch' : 'py');
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'SLIPWAY SANDBOX',
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
    payment_method_details: { [instrument.type]: instrumentDetails(instrument), type: instrument.type },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: 'pending',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
}
