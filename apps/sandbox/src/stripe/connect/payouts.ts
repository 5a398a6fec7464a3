/** Payouts: an account's balance goes to its bank, when somebody asks for it. */
import { z } from 'zod';
import { PLATFORM } from '../kept/shelf.ts';
import { balanceOf } from '../money/balance.ts';
import type { StripeState } from '../state.ts';
import { balanceInsufficient, invalid, noSuch } from '../wire/errors.ts';
import { contains } from '../wire/list.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { amount, clearableMetadata, currency, instants, known, metadata, paging, text } from '../wire/rules.ts';
import { bankFor } from './banks.ts';
import { giveBack, makePayout, movePayouts } from './payout-course.ts';
import { accountOf } from './standing.ts';
import type { StripeBankAccount, StripePayout } from './types.ts';

const create = {
  amount,
  currency,
  description: text.optional(),
  destination: text.optional(),
  metadata: metadata.optional(),
  method: known(['standard'], ['instant']).optional(),
  source_type: known(['card'], ['bank_account', 'fpx']).optional(),
  statement_descriptor: text.max(22).optional(),
};

const filters = {
  ...paging,
  arrival_date: instants.optional(),
  destination: text.optional(),
  status: z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled']).optional(),
};

export function payoutRoutes(state: StripeState): Route[] {
  movePayouts(state);
  return [
    route('POST /v1/payouts', create, (params, { owner }) => {
      const bank = usableBank(state, owner, params.currency, params.destination);
      const { available } = balanceOf(state, owner, params.currency);
      if (params.amount > available) {
        throw balanceInsufficient(`Insufficient available funds: ${available} ${params.currency}, less than ${params.amount}.`);
      }
      const { amount: amountMinor, currency, description, statement_descriptor, metadata } = params;
      return makePayout(state, owner, { amountMinor, currency, description, statement_descriptor, metadata, bankId: bank.id });
    }),
    route('GET /v1/payouts', filters, ({ arrival_date: arrival, destination, status, ...paging }, { owner }) =>
      state.payouts.page(
        owner,
        '/v1/payouts',
        paging,
        { destination, status },
        (payout) => arrival === undefined || contains(arrival, payout.arrival_date),
      ),
    ),
    route('GET /v1/payouts/:id', {}, (_params, { owner, id }) => state.payouts.get(owner, id)),
    route('POST /v1/payouts/:id', { metadata: clearableMetadata.optional() }, (params, { owner, id }) => {
      const before = state.payouts.get(owner, id);
      const after = state.payouts.put(owner, { ...before, metadata: mergeMetadata(before.metadata, params.metadata) });
      state.emitChange(owner, 'payout.updated', before, after);
      return after;
    }),
    route('POST /v1/payouts/:id/cancel', {}, (_params, { owner, id }) => cancel(state, owner, state.payouts.get(owner, id))),
  ];
}

function cancel(state: StripeState, owner: string, payout: StripePayout): StripePayout {
  if (payout.automatic) throw invalid('Automatic payouts cannot be canceled.');
  if (payout.status !== 'pending') throw invalid('Payouts can only be canceled while they are pending.');
  return giveBack(state, owner, payout, 'canceled', null);
}

/** The bank account that may be paid out to. @throws StripeRefusal 400 when there is none, or none that works. */
function usableBank(state: StripeState, owner: string, code: string, wanted: string | undefined): StripeBankAccount {
  const account = accountOf(state, owner);
  const named = account.external_accounts.data.find((each) => each.id === wanted);
  if (wanted && !named) throw noSuch('external account', wanted, 'destination');
  const bank = named ?? bankFor(account, code);
  if (!bank) throw invalid(`There is no external account for payouts in ${code}.`, { param: 'destination' });
  if (bank.status === 'errored') {
    const message = `A payout to the bank account ${bank.id} came back; it takes no more until it is replaced.`;
    throw invalid(message, { code: 'bank_account_unusable', param: 'destination' });
  }
  if (account.payouts_enabled || owner === PLATFORM) return bank;
  throw invalid('Payouts are not enabled on this account.', { code: 'payouts_not_allowed' });
}
