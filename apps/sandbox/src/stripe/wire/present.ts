/** How a kept object looks on the wire, and where an id leads. */
import { lineItemsOf } from '../checkout/sessions.ts';
import type { StripeTransfer } from '../connect/types.ts';
import { PLATFORM } from '../kept/shelf.ts';
import type { StripeBalanceTransaction } from '../money/types.ts';
import type { StripeState } from '../state.ts';
import { linesOf } from '../tax/calculations.ts';
import { taxLinesOf } from '../tax/transactions.ts';
import type { KeptEndpoint } from '../webhooks/types.ts';
import { wholeList } from './list.ts';

interface Anything {
  id?: string;
  object?: string;
}

/** With what Stripe computes when an object is read, without what only the sandbox knows. */
export function present(state: StripeState, object: object): object {
  switch ((object as Anything).object) {
    case 'balance_transaction': {
      const transaction = object as StripeBalanceTransaction;
      return { ...transaction, status: transaction.available_on <= state.now() ? 'available' : 'pending' };
    }
    case 'transfer': {
      const { id } = object as StripeTransfer;
      const data = [...state.reversals.of(PLATFORM, { transfer: id })];
      return { ...object, reversals: wholeList(`/v1/transfers/${id}/reversals`, data) };
    }
    case 'webhook_endpoint': {
      const { sandbox_connect: _, ...endpoint } = object as KeptEndpoint;
      return endpoint;
    }
    default:
      return object;
  }
}

/** A member that an object has only for those who ask for it; undefined when there is none of this name. */
export function included(state: StripeState, object: Anything, member: string): object | undefined {
  const id = object.id ?? '';
  switch (`${object.object}.${member}`) {
    case 'charge.refunds': {
      const { owner } = state.charges.find(id)!;
      return wholeList(`/v1/charges/${id}/refunds`, [...state.refunds.of(owner, { charge: id })]);
    }
    case 'checkout.session.line_items':
      return lineItemsOf(state, id);
    case 'tax.calculation.line_items':
      return linesOf(state, id);
    case 'tax.transaction.line_items':
      return taxLinesOf(state, id);
    default:
      return undefined;
  }
}

/** Whatever object has this id, whoever owns it; for expansion. */
export function findById(state: StripeState, id: string): object | undefined {
  const prefix = id.slice(0, id.lastIndexOf('_'));
  if (prefix === 'cus') return state.customers.find(id)?.object ?? state.deletedCustomers.get(id);
  if (prefix === 'ba') return findBank(state, id);
  return shelves(state)[prefix]?.find(id)?.object;
}

const shelves = (state: StripeState): Record<string, { find(id: string): { object: object } | undefined }> => ({
  pm: state.paymentMethods,
  mandate: state.mandates,
  seti: state.setupIntents,
  pi: state.paymentIntents,
  ch: state.charges,
  py: state.charges,
  re: state.refunds,
  pyr: state.refunds,
  dp: state.disputes,
  txn: state.transactions,
  tr: state.transfers,
  trr: state.reversals,
  po: state.payouts,
  acct: state.accounts,
  cs_test: state.sessions,
});

function findBank(state: StripeState, id: string): object | undefined {
  for (const account of state.accounts.of(PLATFORM)) {
    const bank = account.external_accounts.data.find((each) => each.id === id);
    if (bank) return bank;
  }
  return undefined;
}
