/** Balances: every movement of money is a balance transaction, and a balance is the sum of them, pending and available. */
import type { StripeState } from '../state.ts';
import { invalid } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { type Route, route } from '../wire/route.ts';
import { currency, paging, text } from '../wire/rules.ts';
import type { Balance } from './balances.ts';
import type { StripeBalanceTransaction } from './types.ts';

const filters = {
  ...paging,
  currency: currency.optional(),
  payout: text.optional(),
  source: text.optional(),
  type: text.optional(),
};

export function balanceRoutes(state: StripeState): Route[] {
  const url = '/v1/balance_transactions' as const;
  return [
    route('GET /v1/balance', {}, (_params, { owner }) => {
      const currencies = [...new Set(['usd', ...state.balances.currencies(owner)])].sort();
      const row = (code: string, part: 'available' | 'pending') => {
        const amount = balanceOf(state, owner, code)[part];
        return { amount, currency: code, source_types: { card: amount } };
      };
      return {
        object: 'balance',
        available: currencies.map((code) => row(code, 'available')),
        livemode: false,
        pending: currencies.map((code) => row(code, 'pending')),
      };
    }),
    route(`GET ${url}`, filters, (params, { owner }) => {
      const { currency, payout, source, type } = params;
      const paidOut = payout === undefined ? undefined : new Set(partsOf(state, owner, payout));
      return state.transactions.page(owner, url, params, { currency, source, type }, ({ id }) => paidOut?.has(id) ?? true);
    }),
    route(`GET ${url}/:id`, {}, (_params, { owner, id }) => state.transactions.get(owner, id)),
  ];
}

/** What an automatic payout was made of. @throws StripeRefusal 400 for a payout that somebody asked for: nobody knows its parts. */
function partsOf(state: StripeState, owner: string, payoutId: string): string[] {
  const payout = state.payouts.get(owner, payoutId, 'payout');
  if (payout.automatic) return state.payoutParts.get(payout.id) ?? [];
  throw invalid('Balance transaction history can only be filtered on automatic transfers, not manual.', { param: 'payout' });
}

export interface Movement {
  type: MovementType;
  /** The object that moves the money. */
  source: string;
  /** Minor units; negative when the money leaves. */
  amount: number;
  /** Minor units that Stripe keeps of it; negative when it gives some back. */
  fee?: number;
  feeDescription?: string;
  currency: string;
  description?: string | null;
  /** Epoch seconds; now, if not given. */
  availableOn?: number;
}

type MovementType =
  | 'charge'
  | 'payment'
  | 'refund'
  | 'refund_failure'
  | 'payment_refund'
  | 'transfer'
  | 'transfer_refund'
  | 'payout'
  | 'payout_failure'
  | 'payout_cancel'
  | 'adjustment';

/** Moves money into or out of the owner's balance. */
export function move(state: StripeState, owner: string, movement: Movement): StripeBalanceTransaction {
  const { type, source, amount, fee = 0, currency, description = null, availableOn = state.now() } = movement;
  const feeText = movement.feeDescription ?? 'Stripe processing fees';
  const feeDetail = { amount: fee, application: null, currency, description: feeText, type: 'stripe_fee' };
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

const CATEGORY: Partial<Record<MovementType, string>> = {
  payment: 'charge',
  payment_refund: 'refund',
  transfer_refund: 'transfer_reversal',
  payout_failure: 'payout_reversal',
  payout_cancel: 'payout_reversal',
  adjustment: 'dispute',
};

/** What the owner has: usable now, and still on its way. */
export const balanceOf = (state: StripeState, owner: string, code: string): Balance =>
  state.balances.of(owner, code, state.now());
