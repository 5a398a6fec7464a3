/** Refunds: a charge is given back, whole or in parts. Stripe keeps the fee it took. */
import { z } from 'zod';
import type { StripeCharge } from '../payments/types.ts';
import type { StripeState } from '../state.ts';
import { invalid } from '../wire/errors.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { amount, clearableMetadata, flag, paging, text } from '../wire/rules.ts';
import { makeRefund, settleRefund } from './make-refund.ts';
import { blocksRefund } from './open-dispute.ts';

const create = {
  amount: amount.optional(),
  charge: text.optional(),
  metadata: clearableMetadata.optional(),
  payment_intent: text.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  refund_application_fee: flag.optional(),
  reverse_transfer: flag.optional(),
};

export function refundRoutes(state: StripeState): Route[] {
  state.due.on('refund.succeeded', (id) => settleRefund(state, id, 'succeeded'));
  state.due.on('refund.failed', (id) => settleRefund(state, id, 'failed'));
  return [
    route('POST /v1/refunds', create, (params, { owner }) => {
      const charge = chargeToRefund(state, owner, params);
      demandSeparate(params);
      const amountMinor = params.amount ?? charge.amount - charge.amount_refunded;
      demandRefundable(state, owner, charge, amountMinor);
      return makeRefund(state, owner, charge, { amountMinor, reason: params.reason, metadata: params.metadata });
    }),
    route('GET /v1/refunds', { ...paging, charge: text.optional(), payment_intent: text.optional() }, (params, { owner }) => {
      const { charge, payment_intent } = params;
      return state.refunds.page(owner, '/v1/refunds', params, { charge, payment_intent });
    }),
    route('GET /v1/refunds/:id', {}, (_params, { owner, id }) => state.refunds.get(owner, id)),
    route('POST /v1/refunds/:id', { metadata: clearableMetadata.optional() }, (params, { owner, id }) => {
      const before = state.refunds.get(owner, id);
      const after = state.refunds.put(owner, { ...before, metadata: mergeMetadata(before.metadata, params.metadata) });
      state.emitChange(owner, 'refund.updated', before, after);
      return after;
    }),
    route('POST /v1/refunds/:id/cancel', {}, (_params, { owner, id }) => {
      const { status } = state.refunds.get(owner, id);
      throw invalid(`Only a refund that requires action can be canceled; this one has a status of ${status}.`);
    }),
  ];
}

type CreateParams = z.output<z.ZodObject<typeof create>>;

function chargeToRefund(state: StripeState, owner: string, params: CreateParams): StripeCharge {
  if (params.charge && params.payment_intent)
    throw invalid('Give one of payment_intent and charge, not both.', { param: 'charge' });
  if (params.charge) return state.charges.get(owner, params.charge, 'charge');
  if (!params.payment_intent) throw invalid('One of the following params should be provided: payment_intent or charge.');
  const intent = state.paymentIntents.get(owner, params.payment_intent, 'payment_intent');
  if (intent.latest_charge && intent.status === 'succeeded') return state.charges.get(owner, intent.latest_charge);
  throw invalid(`The PaymentIntent ${intent.id} does not have a successful charge to refund.`, { param: 'payment_intent' });
}

/** Transfers that were made apart from the charge are not touched by its refund; only a charge that made its own has one to reverse. */
function demandSeparate({ refund_application_fee, reverse_transfer }: CreateParams): void {
  if (reverse_transfer) throw invalid('The charge has made no transfer that could be reversed.', { param: 'reverse_transfer' });
  if (refund_application_fee) throw invalid('The charge has no application fee.', { param: 'refund_application_fee' });
}

function demandRefundable(state: StripeState, owner: string, charge: StripeCharge, amountMinor: number): void {
  const left = charge.amount - charge.amount_refunded;
  if (charge.status !== 'succeeded') throw invalid(`Charge ${charge.id} has not succeeded.`, { param: 'charge' });
  for (const dispute of state.disputes.of(owner, { charge: charge.id })) {
    if (blocksRefund(dispute)) {
      throw invalid(`Charge ${charge.id} has been charged back.`, { code: 'charge_disputed', param: 'charge' });
    }
  }
  if (left === 0) throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  if (amountMinor > left) {
    throw invalid(`Refund amount (${amountMinor}) is greater than unrefunded amount on charge (${left}).`, { param: 'amount' });
  }
}
