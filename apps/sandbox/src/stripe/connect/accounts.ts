/** Connected accounts: who gets paid. What an account may do follows from the papers it has handed in. */
import { z } from 'zod';
import { accountFields, type AccountFields, newAccount, withFields } from './account-fields.ts';
import { difference } from '../payments/customers.ts';
import { invalid } from '../wire/errors.ts';
import { onboardingLink } from '../payments/links.ts';
import { page } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { hash, paging, text } from '../wire/rules.ts';
import { PLATFORM } from '../kept/shelf.ts';
import type { StripeState } from '../state.ts';
import type { StripeAccount } from './types.ts';

const controller = z.strictObject({
  fees: z.strictObject({ payer: z.enum(['account', 'application']).optional() }).optional(),
  losses: z.strictObject({ payments: z.enum(['application', 'stripe']).optional() }).optional(),
  requirement_collection: z.enum(['application', 'stripe']).optional(),
  stripe_dashboard: z.strictObject({ type: z.enum(['express', 'full', 'none']).optional() }).optional(),
});

const create = {
  ...accountFields,
  controller: controller.optional(),
  country: text.length(2).optional(),
  type: z.enum(['custom', 'express', 'standard']).optional(),
};

const link = {
  account: text,
  collect: z.enum(['currently_due', 'eventually_due']).optional(),
  collection_options: hash.optional(),
  refresh_url: text,
  return_url: text,
  type: z.enum(['account_onboarding', 'account_update']),
};

const rejection = { reason: z.enum(['fraud', 'terms_of_service', 'other']) };

export function accountRoutes(state: StripeState): Route[] {
  return [
    route('POST /v1/accounts', create, (params, { owner }) => {
      demandPlatform(owner);
      if (params.type && params.controller) throw invalid('Give either type or controller, not both.', { param: 'type' });
      const account = assess(withFields(newAccount(state.now(), params), params));
      return state.accounts.put(PLATFORM, account);
    }),
    route('GET /v1/accounts', paging, (params) => page('/v1/accounts', state.accounts.of(PLATFORM), params)),
    route('GET /v1/account', {}, (_params, { owner }) =>
      owner === PLATFORM ? platformAccount(state) : state.accounts.get(PLATFORM, owner),
    ),
    route('GET /v1/accounts/:id', {}, (_params, { id }) =>
      id === PLATFORM ? platformAccount(state) : state.accounts.get(PLATFORM, id),
    ),
    route('POST /v1/accounts/:id', accountFields, (params: AccountFields, { id }) => {
      const account = state.accounts.get(PLATFORM, id);
      const isTheirs = account.controller.requirement_collection === 'stripe';
      if (isTheirs && account.details_submitted && (params.tos_acceptance || params.external_account)) {
        throw invalid('This account hands in its papers to Stripe itself; the platform cannot change them.', {}, 403);
      }
      return keepAccount(state, withFields(account, params));
    }),
    route('POST /v1/accounts/:id/reject', rejection, ({ reason }, { id }) => {
      const account = state.accounts.get(PLATFORM, id);
      const requirements = { ...account.requirements, disabled_reason: `rejected.${reason === 'other' ? 'other' : reason}` };
      return keepAccount(state, { ...account, requirements });
    }),
    route('POST /v1/account_links', link, (params, { origin }) => {
      const account = state.accounts.get(PLATFORM, params.account, 'account');
      const { refresh_url: refreshUrl, return_url: returnUrl } = params;
      return onboardingLink(state, { objectId: account.id, origin, refreshUrl, returnUrl });
    }),
  ];
}

/** Hands in all that Stripe asks an account for, as its owner does on the hosted page. */
export function submitPapers(state: StripeState, id: string): void {
  const { object: account } = state.accounts.find(id)!;
  const acceptance = { tos_acceptance: { date: state.now(), ip: '127.0.0.1' } };
  const bank = account.external_accounts.data.length ? {} : { external_account: 'btok_us_verified' };
  keepAccount(state, { ...withFields(account, { ...acceptance, ...bank }), details_submitted: true });
}

function keepAccount(state: StripeState, changed: StripeAccount): StripeAccount {
  const before = state.accounts.get(PLATFORM, changed.id);
  const after = state.accounts.put(PLATFORM, assess(changed));
  const previous = difference(before, after);
  if (Object.keys(previous).length) state.emit(after.id, 'account.updated', after, previous);
  return after;
}

/** What follows from the account's papers: what is still due, and what it may do. */
function assess(account: StripeAccount): StripeAccount {
  const isRejected = account.requirements.disabled_reason?.startsWith('rejected.') ?? false;
  const collectsHere = account.controller.requirement_collection === 'application';
  const hasBank = account.external_accounts.data.length > 0;
  const hasAccepted = Boolean(account.tos_acceptance['date']);
  const isSubmitted = collectsHere ? hasBank && hasAccepted : account.details_submitted;
  const due = [
    ...(hasBank ? [] : ['external_account']),
    ...(hasAccepted ? [] : ['tos_acceptance.date', 'tos_acceptance.ip']),
    ...(isSubmitted || collectsHere ? [] : ['business_type']),
  ];
  const isActive = isSubmitted && !isRejected;
  const names = Object.keys(account.capabilities);
  const reason = due.length ? 'requirements.past_due' : null;
  return {
    ...account,
    capabilities: Object.fromEntries(names.map((name) => [name, isActive ? 'active' : 'inactive'])),
    charges_enabled: isActive && names.includes('card_payments'),
    details_submitted: isSubmitted,
    payouts_enabled: isActive && hasBank,
    requirements: {
      ...account.requirements,
      currently_due: isRejected ? [] : due,
      disabled_reason: isRejected ? account.requirements.disabled_reason : reason,
      eventually_due: isRejected ? [] : due,
      past_due: isRejected ? [] : due,
    },
  };
}

function demandPlatform(owner: string): void {
  if (owner !== PLATFORM) throw invalid('Only the platform can create connected accounts.', {}, 403);
}

/** The account that owns the keys. */
const platformAccount = (state: StripeState): StripeAccount =>
  assess({
    ...withFields(newAccount(state.now(), { type: 'standard' }), {
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      external_account: 'btok_us_verified',
      tos_acceptance: { date: 1_700_000_000, ip: '127.0.0.1' },
    }),
    id: PLATFORM,
    details_submitted: true,
  });
