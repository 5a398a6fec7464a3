/** What an account may do: it follows from the papers it has handed in, and from what the control port says Stripe thinks of it. */
import { PLATFORM } from '../kept/shelf.ts';
import { withFields } from './account-fields.ts';
import { newAccount } from './new-account.ts';
import type { StripeState } from '../state.ts';
import type { Requirements, StripeAccount } from './types.ts';

/** What Stripe wants of an account beyond its first papers; set by the control port, and by a bank that gave money back. */
export interface AccountOrder {
  /** `rejected.platform_fraud`, `listed`, `under_review`, `platform_paused` … Nothing works until it is lifted. */
  disabledReason?: string | null;
  /** `individual.verification.document` … The account works until `deadline`. */
  due?: string[];
  /** Epoch seconds; past it what is due disables the account. */
  deadline?: number | null;
  /** Capabilities that are taken away. */
  inactive?: string[];
}

/** Keeps the changed account with what follows from the change, and tells of it. */
export function keepAccount(state: StripeState, changed: StripeAccount): StripeAccount {
  const before = state.accounts.get(PLATFORM, changed.id);
  const after = state.accounts.put(PLATFORM, assess(state, changed));
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    state.emitChange(after.id, 'account.updated', before, after);
    for (const [name, status] of Object.entries(after.capabilities)) {
      if (before.capabilities[name] === status) continue;
      state.emit(after.id, 'capability.updated', capabilityOf(state, after, name));
    }
  }
  return after;
}

/** What follows from the account's papers: what is still due, and what it may do. */
export function assess(state: StripeState, account: StripeAccount): StripeAccount {
  const order = state.accountOrders.get(account.id) ?? {};
  const { data: banks } = account.external_accounts;
  const hasBank = banks.some((bank) => bank.status !== 'errored');
  const papers = papersDue(account, hasBank);
  const isSubmitted =
    account.controller.requirement_collection === 'application' ? papers.length === 0 : account.details_submitted;
  const late = order.deadline !== undefined && order.deadline !== null && order.deadline <= state.now() ? (order.due ?? []) : [];
  const past = [...papers, ...late];
  const disabled = order.disabledReason ?? (past.length ? 'requirements.past_due' : null);
  const isActive = isSubmitted && !disabled;
  const isRejected = disabled?.startsWith('rejected.') ?? false;
  const due = isRejected ? [] : [...papers, ...(order.due ?? [])];
  const requirements: Requirements = {
    ...account.requirements,
    current_deadline: order.deadline ?? null,
    currently_due: due,
    disabled_reason: disabled,
    errors: banks.filter((bank) => bank.status === 'errored').map(() => BANK_ERROR),
    eventually_due: due,
    past_due: isRejected ? [] : past,
  };
  const names = Object.keys(account.capabilities);
  const isOn = (name: string) => isActive && !order.inactive?.includes(name);
  return {
    ...account,
    capabilities: Object.fromEntries(names.map((name) => [name, isOn(name) ? 'active' : 'inactive'])),
    charges_enabled: names.includes('card_payments') && isOn('card_payments'),
    details_submitted: isSubmitted || account.details_submitted,
    payouts_enabled: isActive && hasBank,
    requirements,
  };
}

function papersDue(account: StripeAccount, hasBank: boolean): string[] {
  const collectsHere = account.controller.requirement_collection === 'application';
  const hasAccepted = Boolean(account.tos_acceptance['date']);
  return [
    ...(hasBank ? [] : ['external_account']),
    ...(hasAccepted ? [] : ['tos_acceptance.date', 'tos_acceptance.ip']),
    ...(account.details_submitted || collectsHere ? [] : ['business_type']),
  ];
}

const BANK_ERROR = {
  code: 'invalid_value_other',
  reason: 'A payout to this bank account came back. Another one is needed.',
  requirement: 'external_account',
};

export function capabilityOf(state: StripeState, account: StripeAccount, name: string): { id: string; object: 'capability' } {
  const status = account.capabilities[name];
  const { currently_due, eventually_due, past_due, pending_verification } = account.requirements;
  const due =
    status === 'active' ? { currently_due: [], eventually_due: [], past_due: [] } : { currently_due, eventually_due, past_due };
  const shape = { alternatives: [], current_deadline: null, disabled_reason: null, errors: [], pending_verification, ...due };
  return Object.assign(
    { id: name, object: 'capability' as const },
    {
      account: account.id,
      future_requirements: { ...shape, currently_due: [], eventually_due: [], past_due: [] },
      requested: status !== undefined,
      requested_at: status === undefined ? null : account.created,
      requirements: { ...shape, disabled_reason: status === 'inactive' ? 'requirements.fields_needed' : null },
      status: status ?? 'unrequested',
    },
  );
}

/** The account that owns the keys. */
export function platformAccount(state: StripeState): StripeAccount {
  const account = withFields(newAccount(1_700_000_000, { type: 'standard' }), {
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    external_account: 'btok_us_verified',
    tos_acceptance: { date: 1_700_000_000, ip: '127.0.0.1' },
  });
  const manual = { ...account.settings.payouts, schedule: { delay_days: 2, interval: 'manual' as const } };
  const payouts = state.platformPayouts.get(PLATFORM) ?? manual;
  const [bank] = account.external_accounts.data;
  return assess(state, {
    ...account,
    id: PLATFORM,
    details_submitted: true,
    external_accounts: {
      ...account.external_accounts,
      data: [{ ...bank!, account: PLATFORM, id: 'ba_slipway_sandbox' }],
      url: `/v1/accounts/${PLATFORM}/external_accounts`,
    },
    settings: { ...account.settings, payouts },
  });
}

/** Whoever the owner is. */
export const accountOf = (state: StripeState, owner: string): StripeAccount =>
  owner === PLATFORM ? platformAccount(state) : state.accounts.get(PLATFORM, owner);
