/** What hangs on a connected account: its bank accounts and its capabilities. */
import { z } from 'zod';
import type { StripeState } from '../state.ts';
import { invalid, noSuch } from '../wire/errors.ts';
import { wholeList } from '../wire/list.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { clearableMetadata, emptyable, flag, metadata, pages, text } from '../wire/rules.ts';
import { ownAccount } from './accounts.ts';
import { bankAccountOf, externalAccount, withBank, withBanks } from './banks.ts';
import { capabilityOf, keepAccount } from './standing.ts';
import type { StripeAccount, StripeBankAccount } from './types.ts';

const create = { default_for_currency: flag.optional(), external_account: externalAccount, metadata: metadata.optional() };

const update = {
  account_holder_name: text.optional(),
  account_holder_type: emptyable(z.enum(['company', 'individual'])).optional(),
  default_for_currency: flag.optional(),
  metadata: clearableMetadata.optional(),
};

export function accountPartRoutes(state: StripeState): Route[] {
  const banks = '/v1/accounts/:id/external_accounts' as const;
  const capabilities = '/v1/accounts/:id/capabilities' as const;
  return [
    route(`POST ${banks}`, create, (params, { id }) => {
      const account = changeable(state, id);
      const made = bankAccountOf(account, params.external_account);
      const isFirst = account.external_accounts.data.every((bank) => bank.currency !== made.currency);
      const isDefault = params.default_for_currency ?? isFirst;
      const bank = { ...made, default_for_currency: isDefault, metadata: mergeMetadata({}, params.metadata) };
      keepAccount(state, withBank(account, bank));
      state.emit(id, 'account.external_account.created', bank);
      return bank;
    }),
    route(`GET ${banks}`, { ...pages, object: z.enum(['bank_account', 'card']).optional() }, (params, { id }) => {
      const { data, url } = ownAccount(state, id).external_accounts;
      return wholeList(url, params.object === 'card' ? [] : data.slice(0, params.limit ?? 10));
    }),
    route(`GET ${banks}/:sub`, {}, (_params, { id, subId }) => bankOf(ownAccount(state, id), subId)),
    route(`POST ${banks}/:sub`, update, ({ metadata, ...params }, { id, subId }) => {
      const account = changeable(state, id);
      const before = bankOf(account, subId);
      const bank = { ...before, ...params, metadata: mergeMetadata(before.metadata, metadata) };
      const others = account.external_accounts.data.filter((other) => other.id !== subId);
      keepAccount(state, withBank(withBanks(account, others), bank));
      state.emitChange(id, 'account.external_account.updated', before, bank);
      return bank;
    }),
    route(`DELETE ${banks}/:sub`, {}, (_params, { id, subId }) => {
      const account = changeable(state, id);
      const bank = bankOf(account, subId);
      const others = account.external_accounts.data.filter((other) => other.id !== subId);
      if (bank.default_for_currency && others.some((other) => other.currency === bank.currency)) {
        throw invalid(
          'The default account of a currency cannot be deleted while there is another; make that one the default first.',
        );
      }
      keepAccount(state, withBanks(account, others));
      state.emit(id, 'account.external_account.deleted', bank);
      return { id: subId, object: 'bank_account', deleted: true };
    }),
    route(`GET ${capabilities}`, {}, (_params, { id }) => {
      const account = ownAccount(state, id);
      const names = Object.keys(account.capabilities);
      return wholeList(
        capabilities.replace(':id', id),
        names.map((name) => capabilityOf(state, account, name)),
      );
    }),
    route(`GET ${capabilities}/:sub`, {}, (_params, { id, subId }) => capabilityOf(state, ownAccount(state, id), subId)),
    route(`POST ${capabilities}/:sub`, { requested: flag.optional() }, ({ requested }, { id, subId }) => {
      const { [subId]: status = 'inactive', ...others } = ownAccount(state, id).capabilities;
      const wanted = requested === false ? others : { ...others, [subId]: status };
      return capabilityOf(state, keepAccount(state, { ...ownAccount(state, id), capabilities: wanted }), subId);
    }),
  ];
}

function bankOf(account: StripeAccount, id: string): StripeBankAccount {
  const bank = account.external_accounts.data.find((each) => each.id === id);
  if (!bank) throw noSuch('external account', id);
  return bank;
}

/** An account that hands in its papers to Stripe itself keeps its bank accounts itself. */
function changeable(state: StripeState, id: string): StripeAccount {
  const account = ownAccount(state, id);
  if (account.controller.requirement_collection === 'application') return account;
  throw invalid('This account keeps its bank accounts itself; the platform cannot change them.', {}, 403);
}
