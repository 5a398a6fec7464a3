/** Transfers: the platform passes money on to a connected account, and takes it back by a reversal. */
import { z } from 'zod';
import { balanceOf, move } from '../money/balance.ts';
import { balanceInsufficient, invalid, noSuch } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { page } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { amount, currency, mergeMetadata, metadata, paging, text } from '../wire/rules.ts';
import { PLATFORM } from '../kept/shelf.ts';
import type { StripeState } from '../state.ts';
import type { StripeTransfer, StripeTransferReversal } from './types.ts';
import type { StripeCharge } from '../payments/types.ts';

const create = {
  amount: amount.optional(),
  currency,
  description: text.optional(),
  destination: text,
  metadata: metadata.optional(),
  source_transaction: text.optional(),
  source_type: z.enum(['card', 'bank_account', 'fpx']).optional(),
  transfer_group: text.optional(),
};

const filters = { ...paging, destination: text.optional(), transfer_group: text.optional() };
const described = { description: text.optional(), metadata: metadata.optional() };

export function transferRoutes(state: StripeState): Route[] {
  const address = '/v1/transfers' as const;
  return [
    route(`POST ${address}`, create, (params, { owner }) => createTransfer(state, owner, params)),
    route(`GET ${address}`, filters, (params, { owner }) => {
      const wanted = state.transfers
        .of(owner)
        .filter((transfer) => !params.destination || transfer.destination === params.destination)
        .filter((transfer) => !params.transfer_group || transfer.transfer_group === params.transfer_group);
      return page(address, wanted, params);
    }),
    route(`GET ${address}/:id`, {}, (_params, { owner, id }) => state.transfers.get(owner, id)),
    route(`POST ${address}/:id`, described, ({ metadata, ...params }, { owner, id }) => {
      const before = state.transfers.get(owner, id);
      const after = state.transfers.put(owner, { ...before, ...params, metadata: mergeMetadata(before.metadata, metadata) });
      state.emit(owner, 'transfer.updated', after);
      return after;
    }),
    route(`POST ${address}/:id/reversals`, { ...described, amount: amount.optional() }, (params, { owner, id }) =>
      reverse(state, owner, state.transfers.get(owner, id), params),
    ),
    route(`GET ${address}/:id/reversals`, paging, (params, { owner, id }) => {
      state.transfers.get(owner, id);
      const own = state.reversals.of(owner).filter((reversal) => reversal.transfer === id);
      return page(`${address}/${id}/reversals`, own, params);
    }),
    route(`GET ${address}/:id/reversals/:sub`, {}, (_params, { owner, subId }) => state.reversals.get(owner, subId)),
  ];
}

function createTransfer(state: StripeState, owner: string, params: z.output<z.ZodObject<typeof create>>): StripeTransfer {
  demandDestination(state, owner, params.destination);
  const source = params.source_transaction ? sourceCharge(state, owner, params.source_transaction, params.currency) : null;
  const amountMinor = params.amount ?? source?.amount;
  if (amountMinor === undefined) throw invalid('Missing required param: amount.', { code: 'parameter_missing', param: 'amount' });
  if (source) demandCovered(state, source, amountMinor);
  else demandAvailable(state, owner, params.currency, amountMinor);

  const id = newId('tr');
  // What comes from a charge is as pending as the charge's own money, on both sides.
  const sourceMoney = source && state.transactions.get(owner, source.balance_transaction!);
  const availableOn = Math.max(state.now(), sourceMoney?.available_on ?? 0);
  const movement = { currency: params.currency, description: params.description, availableOn };
  const transaction = move(state, owner, { ...movement, type: 'transfer', source: id, amount: -amountMinor });
  const payment = receivedPayment(state, id, amountMinor, params.currency);
  const received = move(state, params.destination, { ...movement, type: 'payment', source: payment.id, amount: amountMinor });
  state.charges.put(params.destination, { ...payment, balance_transaction: received.id });

  const transfer = state.transfers.put(owner, {
    id,
    object: 'transfer',
    amount: amountMinor,
    amount_reversed: 0,
    balance_transaction: transaction.id,
    created: state.now(),
    currency: params.currency,
    description: params.description ?? null,
    destination: params.destination,
    destination_payment: payment.id,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    reversed: false,
    source_transaction: source?.id ?? null,
    source_type: params.source_type ?? 'card',
    transfer_group: params.transfer_group ?? (source ? groupOf(state, owner, source) : null),
  });
  state.emit(owner, 'transfer.created', transfer);
  return transfer;
}

function demandDestination(state: StripeState, owner: string, id: string): void {
  const account = state.accounts.find(id)?.object;
  if (!account || owner !== PLATFORM) throw noSuch('destination', id, 'destination');
  if (account.capabilities['transfers'] === 'active') return;
  const message = `The destination account ${id} needs the transfers capability, and it is not active.`;
  throw invalid(message, { code: 'insufficient_capabilities_for_transfer', param: 'destination' });
}

function sourceCharge(state: StripeState, owner: string, id: string, code: string): StripeCharge {
  const charge = state.charges.get(owner, id, 'source_transaction');
  if (charge.status !== 'succeeded') throw invalid(`The charge ${id} has not succeeded.`, { param: 'source_transaction' });
  if (charge.currency === code) return charge;
  const message = `The currency of source_transaction's balance transaction (${charge.currency}) is not the transfer's (${code}).`;
  throw invalid(message, { param: 'currency' });
}

/** All transfers out of one charge together may not exceed it. */
function demandCovered(state: StripeState, source: StripeCharge, amountMinor: number): void {
  const taken = state.transfers
    .all()
    .filter((kept) => kept.object.source_transaction === source.id)
    .reduce((sum, kept) => sum + kept.object.amount - kept.object.amount_reversed, 0);
  const left = source.amount - source.amount_refunded - taken;
  if (amountMinor > left) throw balanceInsufficient(`The source charge ${source.id} has ${left} left, less than ${amountMinor}.`);
}

function demandAvailable(state: StripeState, owner: string, code: string, amountMinor: number): void {
  const { available, pending } = balanceOf(state, owner, code);
  if (amountMinor <= available) return;
  const message = `Insufficient available funds: ${available} ${code} available and ${pending} pending, ${amountMinor} wanted.`;
  throw balanceInsufficient(message);
}

/** Stripe groups a charge with the transfers made from it, and names the group itself if nobody has. */
function groupOf(state: StripeState, owner: string, source: StripeCharge): string {
  if (source.transfer_group) return source.transfer_group;
  const group = `group_${source.payment_intent ?? source.id}`;
  state.charges.put(owner, { ...source, transfer_group: group });
  const intent = source.payment_intent && state.paymentIntents.find(source.payment_intent)?.object;
  if (intent) state.paymentIntents.put(owner, { ...intent, transfer_group: group });
  return group;
}

interface Reversal {
  amount?: number;
  description?: string;
  metadata?: Record<string, string> | null;
}

function reverse(state: StripeState, owner: string, transfer: StripeTransfer, params: Reversal): StripeTransferReversal {
  const left = transfer.amount - transfer.amount_reversed;
  const amountMinor = params.amount ?? left;
  if (left === 0) throw invalid(`Transfer ${transfer.id} has already been fully reversed.`);
  if (amountMinor > left) throw invalid(`${amountMinor} is more than the ${left} left of the transfer.`, { param: 'amount' });
  demandReversible(state, transfer, amountMinor);

  const id = newId('trr');
  const { currency } = transfer;
  // It goes back as it came: money that is still pending there is still pending here.
  const availableOn = Math.max(state.now(), state.transactions.get(owner, transfer.balance_transaction).available_on);
  const back = move(state, owner, { type: 'transfer_refund', source: id, amount: amountMinor, currency, availableOn });
  const taken = { type: 'payment_refund' as const, source: id, amount: -amountMinor, currency, availableOn };
  move(state, transfer.destination, taken);
  const reversal = state.reversals.put(owner, {
    id,
    object: 'transfer_reversal',
    amount: amountMinor,
    balance_transaction: back.id,
    created: state.now(),
    currency,
    destination_payment_refund: null,
    metadata: mergeMetadata({}, params.metadata),
    source_refund: null,
    transfer: transfer.id,
  });
  const amountReversed = transfer.amount_reversed + amountMinor;
  const after = { ...transfer, amount_reversed: amountReversed, reversed: amountReversed === transfer.amount };
  state.transfers.put(owner, after);
  state.emit(owner, 'transfer.reversed', after, { amount_reversed: transfer.amount_reversed, reversed: transfer.reversed });
  return reversal;
}

/** What the connected account has already paid out cannot be taken back from it. */
function demandReversible(state: StripeState, transfer: StripeTransfer, amountMinor: number): void {
  const { available, pending } = balanceOf(state, transfer.destination, transfer.currency);
  if (amountMinor <= available + pending) return;
  throw balanceInsufficient(`The connected account has ${available + pending} left, less than the ${amountMinor} to take back.`);
}

/** The transfer as the connected account sees it: a payment from the platform. */
function receivedPayment(state: StripeState, transferId: string, amountMinor: number, code: string): StripeCharge {
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
    billing_details: {},
    calculated_statement_descriptor: 'SLIPWAY SANDBOX',
    captured: true,
    created: state.now(),
    currency: code,
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
    transfer_group: null,
  };
}
