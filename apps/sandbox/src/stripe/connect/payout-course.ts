/**
 * What becomes of a payout: it is pending, then in transit, then paid, seconds apart; a bank account with one of Stripe's failing
 * numbers, or a fault on `payout.paid`, makes it fail, and one on `payout.returned` later, as banks do that give money back.
 */
import { PLATFORM } from '../kept/shelf.ts';
import { move } from '../money/balance.ts';
import type { Metadata } from '../payments/types.ts';
import type { StripeState } from '../state.ts';
import { newId, randomText } from '../wire/ids.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { refusalAt, withBanks } from './banks.ts';
import { accountOf, keepAccount } from './standing.ts';
import type { StripePayout } from './types.ts';

export interface Asked {
  amountMinor: number;
  currency: string;
  bankId: string;
  description?: string | undefined;
  statement_descriptor?: string | undefined;
  metadata?: Metadata | undefined;
  /** The balance transactions that an automatic payout pays out; nobody knows those of another. */
  parts?: string[];
}

export function makePayout(state: StripeState, owner: string, asked: Asked): StripePayout {
  const id = newId('po');
  const { amountMinor, currency, parts } = asked;
  const transaction = move(state, owner, { type: 'payout', source: id, amount: -amountMinor, currency });
  if (parts) state.payoutParts.set(id, [transaction.id, ...parts]);
  const payout = state.payouts.put(owner, {
    id,
    object: 'payout',
    amount: amountMinor,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: state.now() + state.payoutArrivesAfterSeconds,
    automatic: parts !== undefined,
    balance_transaction: transaction.id,
    created: state.now(),
    currency,
    description: asked.description ?? (parts ? 'STRIPE PAYOUT' : null),
    destination: asked.bankId,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: mergeMetadata({}, asked.metadata),
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: parts ? 'completed' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: asked.statement_descriptor ?? null,
    status: 'pending',
    trace_id: { status: 'pending', value: null },
    type: 'bank_account',
  });
  state.due.after(state.payoutArrivesAfterSeconds / 2, 'payout.in_transit', id);
  state.due.after(state.payoutArrivesAfterSeconds, 'payout.paid', id);
  state.emit(owner, 'payout.created', payout);
  return payout;
}

/** What a payout does as time passes. A canceled one stays where it is. */
export function movePayouts(state: StripeState): void {
  state.due.on('payout.in_transit', (id) => {
    const { owner, object: payout } = state.payouts.find(id)!;
    if (payout.status !== 'pending') return;
    const moved = state.payouts.put(owner, { ...payout, status: 'in_transit' });
    state.emitChange(owner, 'payout.updated', payout, moved);
  });
  state.due.on('payout.paid', (id) => {
    const { owner, object: payout } = state.payouts.find(id)!;
    if (payout.status !== 'in_transit') return;
    const refusal = bankRefusal(state, owner, payout) ?? state.faults.take('payout.paid')?.code;
    if (refusal) {
      giveBack(state, owner, payout, 'failed', refusal);
      return;
    }
    const trace = { status: 'supported' as const, value: `${randomText(12)}` };
    const paid = state.payouts.put(owner, { ...payout, status: 'paid', trace_id: trace });
    state.emitChange(owner, 'payout.paid', payout, paid);
    // Banks return money that they had taken; Stripe then turns a paid payout into a failed one.
    const returned = state.faults.take('payout.returned');
    if (returned) giveBack(state, owner, paid, 'failed', returned.code);
  });
}

function bankRefusal(state: StripeState, owner: string, { destination }: StripePayout): string | undefined {
  if (owner === PLATFORM) return undefined;
  const bank = accountOf(state, owner).external_accounts.data.find((each) => each.id === destination);
  return bank ? refusalAt(bank) : 'account_closed';
}

/** The money is in the balance again. */
export function giveBack(
  state: StripeState,
  owner: string,
  payout: StripePayout,
  status: 'failed' | 'canceled',
  code: string | null,
): StripePayout {
  const { id: source, currency } = payout;
  const type = status === 'failed' ? 'payout_failure' : 'payout_cancel';
  const transaction = move(state, owner, { type, source, amount: payout.amount, currency });
  const after = state.payouts.put(owner, {
    ...payout,
    failure_balance_transaction: transaction.id,
    failure_code: code,
    failure_message: code && `The bank returned the payout: ${code}.`,
    status,
  });
  state.emitChange(owner, status === 'failed' ? 'payout.failed' : 'payout.canceled', payout, after);
  if (code && !PASSING.includes(code)) disableBank(state, owner, payout.destination);
  return after;
}

/** Reasons that say nothing about the bank account itself. */
const PASSING = ['insufficient_funds', 'could_not_process', 'declined'];

/** Stripe pays out to a bank account no more once money came back from it, until its owner names another. */
function disableBank(state: StripeState, owner: string, bankId: string): void {
  if (owner === PLATFORM) return;
  const account = accountOf(state, owner);
  const before = account.external_accounts.data.find((bank) => bank.id === bankId);
  if (!before) return;
  const errored = { ...before, status: 'errored' as const };
  const banks = account.external_accounts.data.map((bank) => (bank.id === bankId ? errored : bank));
  keepAccount(state, withBanks(account, banks));
  state.emitChange(owner, 'account.external_account.updated', before, errored);
}
