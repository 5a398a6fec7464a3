/** Balances: every movement of money is a balance transaction, and a balance is the sum of them, pending and available. */
import { newId } from '../wire/ids.ts';
import { page } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { paging, text } from '../wire/rules.ts';
import type { StripeState } from '../state.ts';
import type { StripeBalanceTransaction } from '../payments/types.ts';

export function balanceRoutes(state: StripeState): Route[] {
  const filters = {
    ...paging,
    currency: text.optional(),
    payout: text.optional(),
    source: text.optional(),
    type: text.optional(),
  };
  return [
    route('GET /v1/balance', {}, (_params, { owner }) => {
      const transactions = state.transactions.of(owner);
      const currencies = [...new Set(['usd', ...transactions.map((transaction) => transaction.currency)])].sort();
      const row = (currency: string, part: 'available' | 'pending') => {
        const amount = balanceOf(state, owner, currency)[part];
        return { amount, currency, source_types: { card: amount } };
      };
      return {
        object: 'balance',
        available: currencies.map((currency) => row(currency, 'available')),
        livemode: false,
        pending: currencies.map((currency) => row(currency, 'pending')),
      };
    }),
    route('GET /v1/balance_transactions', filters, (params, { owner }) => {
      const wanted = state.transactions
        .of(owner)
        .filter((transaction) => !params.currency || transaction.currency === params.currency)
        .filter((transaction) => !params.source || transaction.source === params.source)
        .filter((transaction) => !params.payout || transaction.source === params.payout)
        .filter((transaction) => !params.type || transaction.type === params.type);
      return page('/v1/balance_transactions', wanted, params);
    }),
    route('GET /v1/balance_transactions/:id', {}, (_params, { owner, id }) => state.transactions.get(owner, id)),
  ];
}

export interface Movement {
  type:
    | 'charge'
    | 'payment'
    | 'refund'
    | 'payment_refund'
    | 'transfer'
    | 'transfer_refund'
    | 'payout'
    | 'payout_failure'
    | 'adjustment';
  /** The object that moves the money. */
  source: string;
  /** Minor units; negative when the money leaves. */
  amount: number;
  /** Minor units that Stripe keeps of it. */
  fee?: number;
  currency: string;
  description?: string | null;
  /** Epoch seconds; now, if not given. */
  availableOn?: number;
}

/** Moves money into or out of the owner's balance. */
export function move(state: StripeState, owner: string, movement: Movement): StripeBalanceTransaction {
  const { type, source, amount, fee = 0, currency, description = null, availableOn = state.now() } = movement;
  const feeDetail = { amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' };
  return state.transactions.put(owner, {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: availableOn,
    balance_type: 'payments',
    created: state.now(),
    currency,
    description,
    exchange_rate: null,
    fee,
    fee_details: fee ? [feeDetail] : [],
    net: amount - fee,
    reporting_category: CATEGORY[type] ?? type,
    source,
    status: 'pending',
    type,
  });
}

const CATEGORY: Partial<Record<Movement['type'], string>> = {
  payment: 'charge',
  payment_refund: 'refund',
  transfer_refund: 'transfer_reversal',
  payout_failure: 'payout_reversal',
  adjustment: 'dispute',
};

/** What the owner has, in minor units: usable now, and still on its way. */
export function balanceOf(state: StripeState, owner: string, currency: string): { available: number; pending: number } {
  const now = state.now();
  const balance = { available: 0, pending: 0 };
  for (const { owner: of, object: transaction } of state.transactions.all()) {
    if (of !== owner || transaction.currency !== currency) continue;
    balance[transaction.available_on <= now ? 'available' : 'pending'] += transaction.net;
  }
  return balance;
}

/** Stripe's standard price for a card payment: 2.9 % rounded half up, and 30 minor units. */
export const processingFee = (amount: number): number => Math.floor((amount * 29 + 500) / 1000) + 30;
