/** Transfer reversals: the platform takes money back from a connected account, as far as it is still there. */
import { balanceOf, move } from '../money/balance.ts';
import type { StripeRefund } from '../money/types.ts';
import type { Metadata } from '../payments/types.ts';
import type { StripeState } from '../state.ts';
import { balanceInsufficient, invalid } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { amount, clearableMetadata, flag, paging, text } from '../wire/rules.ts';
import type { StripeTransfer, StripeTransferReversal } from './types.ts';

const create = {
  amount: amount.optional(),
  description: text.optional(),
  metadata: clearableMetadata.optional(),
  refund_application_fee: flag.optional(),
};

export function reversalRoutes(state: StripeState): Route[] {
  const address = '/v1/transfers/:id/reversals' as const;
  const { created: _created, ...pages } = paging;
  return [
    route(`POST ${address}`, create, (params, { owner, id }) => {
      if (params.refund_application_fee)
        throw invalid('The transfer has no application fee.', { param: 'refund_application_fee' });
      return reverse(state, owner, state.transfers.get(owner, id), params);
    }),
    route(`GET ${address}`, pages, (params, { owner, id }) => {
      state.transfers.get(owner, id);
      return state.reversals.page(owner, address.replace(':id', id), params, { transfer: id });
    }),
    route(`GET ${address}/:sub`, {}, (_params, { owner, id, subId }) => reversalOf(state, owner, id, subId)),
    route(`POST ${address}/:sub`, { metadata: clearableMetadata.optional() }, (params, { owner, id, subId }) => {
      const before = reversalOf(state, owner, id, subId);
      return state.reversals.put(owner, { ...before, metadata: mergeMetadata(before.metadata, params.metadata) });
    }),
  ];
}

function reversalOf(state: StripeState, owner: string, transferId: string, id: string): StripeTransferReversal {
  state.transfers.get(owner, transferId);
  const reversal = state.reversals.get(owner, id);
  if (reversal.transfer !== transferId)
    throw invalid(`No such transfer reversal: '${id}'`, { code: 'resource_missing', param: 'id' }, 404);
  return reversal;
}

interface Asked {
  amount?: number;
  metadata?: Metadata | null;
}

function reverse(state: StripeState, owner: string, transfer: StripeTransfer, params: Asked): StripeTransferReversal {
  const left = transfer.amount - transfer.amount_reversed;
  const amountMinor = params.amount ?? left;
  if (left === 0) throw invalid(`Transfer ${transfer.id} has already been fully reversed.`);
  if (amountMinor > left) throw invalid(`${amountMinor} is more than the ${left} left of the transfer.`, { param: 'amount' });
  // It goes back as it came: money that is still pending there is still pending here.
  const availableOn = Math.max(state.now(), state.transactions.get(owner, transfer.balance_transaction).available_on);
  demandReversible(state, transfer, amountMinor, availableOn > state.now());

  const { currency, destination, destination_payment: payment } = transfer;
  const id = newId('trr');
  const back = move(state, owner, { type: 'transfer_refund', source: id, amount: amountMinor, currency, availableOn });
  const refund = giveBack(state, transfer, { amountMinor, availableOn, reversalId: id });
  const reversal = state.reversals.put(owner, {
    id,
    object: 'transfer_reversal',
    amount: amountMinor,
    balance_transaction: back.id,
    created: state.now(),
    currency,
    destination_payment_refund: refund.id,
    metadata: mergeMetadata({}, params.metadata),
    source_refund: null,
    transfer: transfer.id,
  });
  const reversed = transfer.amount_reversed + amountMinor;
  const after = state.transfers.put(owner, { ...transfer, amount_reversed: reversed, reversed: reversed === transfer.amount });
  state.emitChange(owner, 'transfer.reversed', transfer, after);
  const charge = state.charges.get(destination, payment);
  const refunded = state.charges.put(destination, { ...charge, amount_refunded: reversed, refunded: after.reversed });
  state.emitChange(destination, 'charge.refunded', charge, refunded);
  return reversal;
}

/** What the connected account has already spent or paid out cannot be taken back from it. */
function demandReversible(state: StripeState, transfer: StripeTransfer, amountMinor: number, isPending: boolean): void {
  const { available, pending } = balanceOf(state, transfer.destination, transfer.currency);
  const left = isPending ? available + pending : available;
  if (amountMinor <= left) return;
  throw balanceInsufficient(`The connected account has ${left} that could be taken back, less than ${amountMinor}.`);
}

/** The reversal as the connected account sees it: a refund of the payment it had. */
function giveBack(
  state: StripeState,
  { destination, destination_payment: charge, currency }: StripeTransfer,
  { amountMinor, availableOn, reversalId }: { amountMinor: number; availableOn: number; reversalId: string },
): StripeRefund {
  const id = newId('pyr');
  const taken = move(state, destination, { type: 'payment_refund', source: id, amount: -amountMinor, currency, availableOn });
  return state.refunds.put(destination, {
    id,
    object: 'refund',
    amount: amountMinor,
    balance_transaction: taken.id,
    charge,
    created: state.now(),
    currency,
    customer: null,
    customer_account: null,
    destination_details: { type: 'stripe_account' },
    metadata: {},
    payment_intent: null,
    payment_method: null,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: reversalId,
    status: 'succeeded',
    transfer_reversal: null,
  });
}
