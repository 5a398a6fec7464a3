/** Connected accounts: who gets paid. */
import { z } from 'zod';
import { PLATFORM } from '../kept/shelf.ts';
import { onboardingLink } from '../payments/links.ts';
import type { StripeState } from '../state.ts';
import { invalid, missing } from '../wire/errors.ts';
import { randomText } from '../wire/ids.ts';
import { type Caller, type Route, route } from '../wire/route.ts';
import { paging, text, url } from '../wire/rules.ts';
import { type AccountFields, createFields, updateFields, withFields } from './account-fields.ts';
import { newAccount } from './new-account.ts';
import { assess, keepAccount, platformAccount } from './standing.ts';
import type { StripeAccount } from './types.ts';

const controller = z.strictObject({
  fees: z.strictObject({ payer: z.enum(['account', 'application']).optional() }).optional(),
  losses: z.strictObject({ payments: z.enum(['application', 'stripe']).optional() }).optional(),
  requirement_collection: z.enum(['application', 'stripe']).optional(),
  stripe_dashboard: z.strictObject({ type: z.enum(['express', 'full', 'none']).optional() }).optional(),
});

const create = {
  ...createFields,
  controller: controller.optional(),
  country: text.regex(/^[A-Z]{2}$/, 'must be two capital letters').optional(),
  type: z.enum(['custom', 'express', 'standard']).optional(),
};

const link = {
  account: text,
  collect: z.enum(['currently_due', 'eventually_due']).optional(),
  collection_options: z
    .strictObject({
      fields: z.enum(['currently_due', 'eventually_due']).optional(),
      future_requirements: z.enum(['include', 'omit']).optional(),
    })
    .optional(),
  refresh_url: url.optional(),
  return_url: url.optional(),
  type: z.enum(['account_onboarding', 'account_update']),
};

const REJECTIONS: Record<string, string> = {
  fraud_no_intent_to_fulfill: 'rejected.platform_fraud',
  fraud_other: 'rejected.platform_fraud',
  fraud_payment_method_casher: 'rejected.platform_fraud',
  fraud_payment_method_tester: 'rejected.platform_fraud',
  other: 'rejected.platform_other',
  credit: 'rejected.platform_other',
  terms_of_service: 'rejected.platform_terms_of_service',
};

const rejection = {
  reason: z.enum([
    'credit',
    'fraud_no_intent_to_fulfill',
    'fraud_other',
    'fraud_payment_method_casher',
    'fraud_payment_method_tester',
    'other',
    'terms_of_service',
  ]),
};

export function accountRoutes(state: StripeState): Route[] {
  return [
    route('POST /v1/accounts', create, (params, { owner }) => {
      if (owner !== PLATFORM) throw invalid('Only the platform can create connected accounts.', {}, 403);
      if (params.type && params.controller) throw invalid('Give either type or controller, not both.', { param: 'type' });
      const { controller: _controller, country: _country, type: _type, ...fields } = params;
      return state.accounts.put(PLATFORM, assess(state, withFields(newAccount(state.now(), params), fields)));
    }),
    route('GET /v1/accounts', paging, (params, { owner }) => state.accounts.page(owner, '/v1/accounts', params)),
    route('GET /v1/account', {}, (_params, { owner }) => shown(state, owner)),
    route('GET /v1/accounts/:id', {}, (_params, { id }) => shown(state, id)),
    route('POST /v1/accounts/:id', updateFields, (params, { id }) => updateAccount(state, ownAccount(state, id), params)),
    route('DELETE /v1/accounts/:id', {}, (_params, { id }) => deleteAccount(state, ownAccount(state, id))),
    route('POST /v1/accounts/:id/reject', rejection, ({ reason }, { id }) => {
      const account = ownAccount(state, id);
      state.accountOrders.set(id, { ...state.accountOrders.get(id), disabledReason: REJECTIONS[reason]! });
      return keepAccount(state, account);
    }),
    route('POST /v1/account_links', link, (params, caller) => linkTo(state, params, caller)),
    route('POST /v1/accounts/:id/login_links', {}, (_params, { id, origin }) => {
      const account = ownAccount(state, id);
      if (account.type !== 'express') throw invalid('Login links are for accounts with an Express dashboard.');
      if (!account.details_submitted) throw invalid('The account has not been onboarded yet.');
      return { object: 'login_link', created: state.now(), url: `${origin}/sandbox/express/${id}/${randomText(20)}` };
    }),
  ];
}

/** @throws StripeRefusal 403: an account that is not the platform's is not told from one that does not exist. */
export function ownAccount(state: StripeState, id: string): StripeAccount {
  const account = state.accounts.find(id)?.object;
  if (account) return account;
  const message = `The provided key does not have access to account '${id}', or it does not exist.`;
  throw invalid(message, { code: 'account_invalid' }, 403);
}

const shown = (state: StripeState, id: string): StripeAccount =>
  id === PLATFORM ? platformAccount(state) : ownAccount(state, id);

function updateAccount(state: StripeState, account: StripeAccount, params: AccountFields): StripeAccount {
  const isTheirs = account.controller.requirement_collection === 'stripe';
  if (isTheirs && account.details_submitted && (params.tos_acceptance || params.external_account)) {
    throw invalid('This account hands in its papers to Stripe itself; the platform cannot change them.', {}, 403);
  }
  return keepAccount(state, withFields(account, params));
}

function deleteAccount(state: StripeState, { id, type }: StripeAccount): object {
  if (type === 'standard') throw invalid('Accounts with a dashboard of their own cannot be deleted.', {}, 403);
  for (const code of state.balances.currencies(id)) {
    const { available, pending } = state.balances.of(id, code, state.now());
    if (available !== 0 || pending !== 0) throw invalid(`Account ${id} has a balance that is not zero and cannot be deleted.`);
  }
  state.accounts.delete(id);
  state.emit(id, 'account.application.deauthorized', { id, object: 'application', name: 'Slipway' });
  return { id, object: 'account', deleted: true };
}

type LinkParams = z.output<z.ZodObject<typeof link>>;

function linkTo(state: StripeState, params: LinkParams, { origin }: Caller): object {
  const account = ownAccount(state, params.account);
  const { refresh_url: refreshUrl, return_url: returnUrl, type } = params;
  if (!refreshUrl) throw missing('refresh_url');
  if (!returnUrl) throw missing('return_url');
  if (type === 'account_update' && account.controller.requirement_collection === 'stripe') {
    throw invalid('This account updates its papers in its own dashboard; make an account_onboarding link.', { param: 'type' });
  }
  return onboardingLink(state, { objectId: account.id, origin, refreshUrl, returnUrl });
}

/** Hands in all that Stripe asks an account for, as its owner does on the hosted page. */
export function submitPapers(state: StripeState, id: string): void {
  const { object: account } = state.accounts.find(id)!;
  const { due: _due, deadline: _deadline, ...order } = state.accountOrders.get(id) ?? {};
  state.accountOrders.set(id, order);
  const acceptance = { tos_acceptance: { date: state.now(), ip: '127.0.0.1' } };
  const needsBank = account.external_accounts.data.every((bank) => bank.status === 'errored');
  const bank = needsBank ? { external_account: 'btok_us_verified' } : {};
  keepAccount(state, { ...withFields(account, { ...acceptance, ...bank }), details_submitted: true });
}
