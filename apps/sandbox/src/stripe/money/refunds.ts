/** Refunds: a charge is given back, whole or in parts. Stripe keeps the fee it took. */
import { z } from 'zod';
import { move } from './balance.ts';
import { invalid } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { page } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { amount, mergeMetadata, metadata, paging, text } from '../wire/rules.ts';
import type { StripeState } from '../state.ts';
import type { StripeCharge, StripeRefund } from '../payments/types.ts';

const create = {
  amount: amount.optional(),
  charge: text.optional(),
  metadata: metadata.optional(),
  payment_intent: text.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
};

export function refundRoutes(state: StripeState): Route[] {
  return [
    route('POST /v1/refunds', create, (params, { owner }) => {
      const charge = chargeToRefund(state, owner, params);
      return refund(state, owner, charge, params);
    }),
    route('GET /v1/refunds', { ...paging, charge: text.optional(), payment_intent: text.optional() }, (params, { owner }) => {
      const wanted = state.refunds
        .of(owner)
        .filter((refund) => !params.charge || refund.charge === params.charge)
        .filter((refund) => !params.payment_intent || refund.payment_intent === params.payment_intent);
      return page('/v1/refunds', wanted, params);
    }),
    route('GET /v1/refunds/:id', {}, (_params, { owner, id }) => state.refunds.get(owner, id)),
    route('POST /v1/refunds/:id', { metadata: metadata.optional() }, (params, { owner, id }) => {
      const before = state.refunds.get(owner, id);
      const after = state.refunds.put(owner, { ...before, metadata: mergeMetadata(before.metadata, params.metadata) });
      state.emit(owner, 'refund.updated', after);
      return after;
    }),
  ];
}

type CreateParams = z.output<z.ZodObject<typeof create>>;

function chargeToRefund(state: StripeState, owner: string, params: CreateParams): StripeCharge {
  if (params.charge) return state.charges.get(owner, params.charge, 'charge');
  if (!params.payment_intent) throw invalid('One of the following params should be provided: payment_intent or charge.');
  const intent = state.paymentIntents.get(owner, params.payment_intent, 'payment_intent');
  if (intent.latest_charge && intent.status === 'succeeded') return state.charges.get(owner, intent.latest_charge);
  throw invalid(`The PaymentIntent ${intent.id} does not have a successful charge to refund.`, { param: 'payment_intent' });
}

function refund(state: StripeState, owner: string, charge: StripeCharge, params: CreateParams): StripeRefund {
  const left = charge.amount - charge.amount_refunded;
  const amountMinor = params.amount ?? left;
  if (charge.status !== 'succeeded') throw invalid(`Charge ${charge.id} has not succeeded.`, { param: 'charge' });
  if (charge.disputed) throw invalid(`Charge ${charge.id} has been charged back.`, { code: 'charge_disputed', param: 'charge' });
  if (left === 0) throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  if (amountMinor > left) {
    throw invalid(`Refund amount (${amountMinor}) is greater than unrefunded amount on charge (${left}).`, { param: 'amount' });
  }
  const id = newId('re');
  const movement = { source: id, amount: -amountMinor, currency: charge.currency, description: 'REFUND FOR CHARGE' };
  const transaction = move(state, owner, { ...movement, type: 'refund' });
  const refunded = state.refunds.put(owner, {
    id,
    object: 'refund',
    amount: amountMinor,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: state.now(),
    currency: charge.currency,
    customer: charge.customer,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: mergeMetadata({}, params.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: params.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  });
  const amountRefunded = charge.amount_refunded + amountMinor;
  const after = { ...charge, amount_refunded: amountRefunded, refunded: amountRefunded === charge.amount };
  state.charges.put(owner, after);
  state.emit(owner, 'refund.created', refunded);
  state.emit(owner, 'charge.refunded', after, { amount_refunded: charge.amount_refunded, refunded: charge.refunded });
  return refunded;
}
