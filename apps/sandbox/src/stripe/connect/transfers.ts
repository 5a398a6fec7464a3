/** Transfers: the platform passes money on to a connected account. */
import { z } from 'zod';
import { PLATFORM } from '../kept/shelf.ts';
import { balanceOf, move } from '../money/balance.ts';
import type { StripeCharge } from '../payments/types.ts';
import type { StripeState } from '../state.ts';
import { balanceInsufficient, invalid, missing, noSuch } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { amount, clearableMetadata, currency, known, metadata, paging, text } from '../wire/rules.ts';
import { receivedPayment } from './received-payment.ts';
import type { StripeTransfer } from './types.ts';

const create = {
  amount: amount.optional(),
  currency,
  description: text.optional(),
  destination: text,
  metadata: metadata.optional(),
  source_transaction: text.optional(),
  source_type: known(['card'], ['bank_account', 'fpx']).optional(),
  transfer_group: text.optional(),
};

export function transferRoutes(state: StripeState): Route[] {
  const address = '/v1/transfers' as const;
  const filters = { ...paging, destination: text.optional(), transfer_group: text.optional() };
  return [
    route(`POST ${address}`, create, (params, { owner }) => createTransfer(state, owner, params)),
    route(`GET ${address}`, filters, (params, { owner }) => {
      const { destination, transfer_group } = params;
      return state.transfers.page(owner, address, params, { destination, transfer_group });
    }),
    route(`GET ${address}/:id`, {}, (_params, { owner, id }) => state.transfers.get(owner, id)),
    route(
      `POST ${address}/:id`,
      { description: text.optional(), metadata: clearableMetadata.optional() },
      ({ metadata, ...params }, { owner, id }) => {
        const before = state.transfers.get(owner, id);
        const after = state.transfers.put(owner, { ...before, ...params, metadata: mergeMetadata(before.metadata, metadata) });
        state.emitChange(owner, 'transfer.updated', before, after);
        return after;
      },
    ),
  ];
}

function createTransfer(state: StripeState, owner: string, params: z.output<z.ZodObject<typeof create>>): StripeTransfer {
  demandDestination(state, owner, params.destination);
  const source = params.source_transaction ? sourceCharge(state, owner, params.source_transaction, params.currency) : null;
  const amountMinor = params.amount ?? source?.amount;
  if (amountMinor === undefined) throw missing('amount');
  const availableOn = source ? availabilityOf(state, owner, source) : state.now();
  if (source) demandCovered(state, owner, source, amountMinor);
  // Money of a charge that has settled is no longer told from the rest of the balance: it may have been spent or paid out.
  if (availableOn <= state.now()) demandAvailable(state, owner, params.currency, amountMinor);

  const id = newId('tr');
  const group = source ? groupOf(state, owner, source, params.transfer_group) : (params.transfer_group ?? null);
  const movement = { currency: params.currency, description: params.description, availableOn };
  const transaction = move(state, owner, { ...movement, type: 'transfer', source: id, amount: -amountMinor });
  const payment = receivedPayment(state, { transferId: id, amountMinor, currency: params.currency, group });
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
    transfer_group: group,
  });
  state.emit(owner, 'transfer.created', transfer);
  return transfer;
}

function demandDestination(state: StripeState, owner: string, id: string): void {
  const account = state.accounts.find(id)?.object;
  if (!account || owner !== PLATFORM) throw noSuch('destination', id, 'destination');
  if (account.capabilities['transfers'] === 'active') return;
  const message = `The destination account ${id} needs to have the transfers capability enabled, and it is not active.`;
  throw invalid(message, { code: 'insufficient_capabilities_for_transfer', param: 'destination' });
}

/** A bank debit that is still under way can be passed on; if it fails, the platform has paid. */
function sourceCharge(state: StripeState, owner: string, id: string, code: string): StripeCharge {
  const charge = state.charges.get(owner, id, 'source_transaction');
  if (charge.status === 'failed') throw invalid(`The charge ${id} has failed.`, { param: 'source_transaction' });
  if (charge.currency === code) return charge;
  const message = `The currency of source_transaction's balance transaction (${charge.currency}) is not the transfer's (${code}).`;
  throw invalid(message, { param: 'currency' });
}

/** What comes from a charge is as pending as the charge's own money, on both sides. */
function availabilityOf(state: StripeState, owner: string, { balance_transaction: id }: StripeCharge): number {
  return id ? state.transactions.get(owner, id).available_on : state.now() + state.debitClearsAfterSeconds;
}

/** All transfers out of one charge together may not exceed what it still is. */
function demandCovered(state: StripeState, owner: string, source: StripeCharge, amountMinor: number): void {
  let left = source.amount - source.amount_refunded;
  for (const transfer of state.transfers.of(owner, { source_transaction: source.id }))
    left -= transfer.amount - transfer.amount_reversed;
  if (amountMinor > left) throw balanceInsufficient(`The source charge ${source.id} has ${left} left, less than ${amountMinor}.`);
}

function demandAvailable(state: StripeState, owner: string, code: string, amountMinor: number): void {
  const { available, pending } = balanceOf(state, owner, code);
  if (amountMinor <= available) return;
  const message = `Insufficient available funds: ${available} ${code} available and ${pending} pending, ${amountMinor} wanted.`;
  throw balanceInsufficient(message);
}

/** Stripe groups a charge with the transfers made from it, and names the group itself if nobody has. */
function groupOf(state: StripeState, owner: string, source: StripeCharge, given: string | undefined): string {
  if (given && source.transfer_group && given !== source.transfer_group) {
    throw invalid(`The charge ${source.id} is in the transfer group ${source.transfer_group}, not in ${given}.`, {
      param: 'transfer_group',
    });
  }
  if (source.transfer_group) return source.transfer_group;
  const group = given ?? `group_${source.payment_intent ?? source.id}`;
  state.charges.put(owner, { ...source, transfer_group: group });
  const intent = source.payment_intent && state.paymentIntents.find(source.payment_intent)?.object;
  if (intent) state.paymentIntents.put(owner, { ...intent, transfer_group: group });
  return group;
}
