/**
 * Payouts: an account's balance goes to its bank. A payout is pending, then in transit, then paid, seconds apart; a bank account
 * with one of Stripe's failing numbers, or a fault on `payout.paid`, makes it fail, and one on `payout.returned` later.
 */
import { z } from 'zod';
import { FAILING_ACCOUNT_NUMBERS } from './account-fields.ts';
import { balanceOf, move } from '../money/balance.ts';
import { balanceInsufficient, invalid } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { page } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { amount, currency, mergeMetadata, metadata, paging, text } from '../wire/rules.ts';
import { PLATFORM } from '../kept/shelf.ts';
import type { StripeState } from '../state.ts';
import type { StripeBankAccount, StripePayout } from './types.ts';

const create = {
  amount,
  currency,
  description: text.optional(),
  destination: text.optional(),
  metadata: metadata.optional(),
  method: z.enum(['standard', 'instant']).optional(),
  source_type: z.enum(['card', 'bank_account', 'fpx']).optional(),
  statement_descriptor: text.max(22).optional(),
};

const status = z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled']);

const IN_TRANSIT_AFTER_SECONDS = 1;
const PAID_AFTER_SECONDS = 2;

export function payoutRoutes(state: StripeState): Route[] {
  movePayouts(state);
  return [
    route('POST /v1/payouts', create, (params, { owner }) => createPayout(state, owner, params)),
    route('GET /v1/payouts', { ...paging, destination: text.optional(), status: status.optional() }, (params, { owner }) => {
      const wanted = state.payouts
        .of(owner)
        .filter((payout) => !params.status || payout.status === params.status)
        .filter((payout) => !params.destination || payout.destination === params.destination);
      return page('/v1/payouts', wanted, params);
    }),
    route('GET /v1/payouts/:id', {}, (_params, { owner, id }) => state.payouts.get(owner, id)),
    route('POST /v1/payouts/:id', { metadata: metadata.optional() }, (params, { owner, id }) => {
      const payout = state.payouts.get(owner, id);
      return state.payouts.put(owner, { ...payout, metadata: mergeMetadata(payout.metadata, params.metadata) });
    }),
    route('POST /v1/payouts/:id/cancel', {}, (_params, { owner, id }) => {
      const payout = state.payouts.get(owner, id);
      if (payout.status !== 'pending') throw invalid('Payouts can only be canceled while they are pending.');
      return giveBack(state, owner, payout, 'canceled', null);
    }),
  ];
}

function createPayout(state: StripeState, owner: string, params: z.output<z.ZodObject<typeof create>>): StripePayout {
  const bank = bankOf(state, owner);
  const { available } = balanceOf(state, owner, params.currency);
  if (params.amount > available) {
    throw balanceInsufficient(`Insufficient available funds: ${available} ${params.currency}, less than ${params.amount}.`);
  }
  const id = newId('po');
  const movement = { type: 'payout' as const, source: id, amount: -params.amount, currency: params.currency };
  const transaction = move(state, owner, movement);
  const payout = state.payouts.put(owner, {
    id,
    object: 'payout',
    amount: params.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: state.now() + PAID_AFTER_SECONDS,
    automatic: false,
    balance_transaction: transaction.id,
    created: state.now(),
    currency: params.currency,
    description: params.description ?? null,
    destination: bank.id,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    method: params.method ?? 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'not_applicable',
    reversed_by: null,
    source_type: params.source_type ?? 'card',
    statement_descriptor: params.statement_descriptor ?? null,
    status: 'pending',
    trace_id: null,
    type: 'bank_account',
  });
  state.due.after(IN_TRANSIT_AFTER_SECONDS, 'payout.in_transit', id);
  state.due.after(PAID_AFTER_SECONDS, 'payout.paid', id);
  state.emit(owner, 'payout.created', payout);
  return payout;
}

/** The bank account of a connected account that may be paid out; the platform has one of its own. */
function bankOf(state: StripeState, owner: string): Pick<StripeBankAccount, 'id'> {
  if (owner === PLATFORM) return { id: 'ba_slipway_sandbox' };
  const account = state.accounts.get(PLATFORM, owner);
  const bank = account.external_accounts.data[0];
  if (!bank) throw invalid('This account has no external account to pay out to.', { param: 'destination' });
  if (!account.payouts_enabled) throw invalid('Payouts are not enabled on this account.', { code: 'payouts_not_allowed' });
  return bank;
}

/** What a payout does as time passes. A canceled one stays where it is. */
function movePayouts(state: StripeState): void {
  state.due.on('payout.in_transit', (id) => {
    const { owner, object: payout } = state.payouts.find(id)!;
    if (payout.status !== 'pending') return;
    const moved = state.payouts.put(owner, { ...payout, status: 'in_transit' });
    state.emit(owner, 'payout.updated', moved, { status: payout.status });
  });
  state.due.on('payout.paid', (id) => {
    const { owner, object: payout } = state.payouts.find(id)!;
    if (payout.status !== 'in_transit') return;
    const refusal = bankRefusal(state, owner) ?? state.faults.take('payout.paid')?.code;
    if (refusal) {
      giveBack(state, owner, payout, 'failed', refusal);
      return;
    }
    const paid = state.payouts.put(owner, { ...payout, status: 'paid' });
    state.emit(owner, 'payout.paid', paid);
    // Banks return money that they had taken; Stripe then turns a paid payout into a failed one.
    const returned = state.faults.take('payout.returned');
    if (returned) giveBack(state, owner, paid, 'failed', returned.code);
  });
}

function bankRefusal(state: StripeState, owner: string): string | undefined {
  const last4 = state.accounts.find(owner)?.object.external_accounts.data[0]?.last4;
  const number = Object.keys(FAILING_ACCOUNT_NUMBERS).find((candidate) => candidate.slice(-4) === last4);
  return number && FAILING_ACCOUNT_NUMBERS[number];
}

function giveBack(
  state: StripeState,
  owner: string,
  payout: StripePayout,
  status: 'failed' | 'canceled',
  code: string | null,
): StripePayout {
  const { id: source, currency } = payout;
  const transaction = move(state, owner, { type: 'payout_failure', source, amount: payout.amount, currency });
  const after = state.payouts.put(owner, {
    ...payout,
    failure_balance_transaction: transaction.id,
    failure_code: code,
    failure_message: code && `The bank returned the payout: ${code}.`,
    status,
  });
  state.emit(owner, status === 'failed' ? 'payout.failed' : 'payout.canceled', after);
  return after;
}
