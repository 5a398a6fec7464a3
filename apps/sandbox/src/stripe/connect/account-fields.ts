/** The parameters of an account that can be set when it is made and later, and what they change on it. */
import { z } from 'zod';
import { noSuch } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { currency, email, flag, hash, integer, mergeMetadata, metadata, text } from '../wire/rules.ts';
import type { StripeAccount, StripeBankAccount } from './types.ts';

const schedule = z.strictObject({
  delay_days: text.transform((days) => (days === 'minimum' ? 2 : Number(days))).optional(),
  interval: z.enum(['manual', 'daily', 'weekly', 'monthly']).optional(),
  monthly_anchor: integer.optional(),
  weekly_anchor: text.optional(),
});

const bankAccount = z.strictObject({
  account_holder_name: text.optional(),
  account_holder_type: z.enum(['company', 'individual']).optional(),
  account_number: text,
  country: text,
  currency: currency.optional(),
  object: z.literal('bank_account'),
  routing_number: text.optional(),
});

export const accountFields = {
  business_profile: hash.optional(),
  business_type: z.enum(['company', 'government_entity', 'individual', 'non_profit']).optional(),
  capabilities: z.record(z.string(), z.strictObject({ requested: flag })).optional(),
  company: hash.optional(),
  default_currency: currency.optional(),
  email: email.optional(),
  external_account: z.union([text, bankAccount]).optional(),
  individual: hash.optional(),
  metadata: metadata.optional(),
  settings: z
    .strictObject({
      branding: hash.optional(),
      card_payments: hash.optional(),
      dashboard: hash.optional(),
      payments: hash.optional(),
      payouts: z
        .strictObject({
          debit_negative_balances: flag.optional(),
          schedule: schedule.optional(),
          statement_descriptor: text.optional(),
        })
        .optional(),
    })
    .optional(),
  tos_acceptance: z
    .strictObject({
      date: integer.optional(),
      ip: text.optional(),
      service_agreement: text.optional(),
      user_agent: text.optional(),
    })
    .optional(),
};

export type AccountFields = z.output<z.ZodObject<typeof accountFields>>;

/** A bank account whose payouts come back, by its number (docs.stripe.com/connect/testing). */
export const FAILING_ACCOUNT_NUMBERS: Record<string, string> = {
  '000111111113': 'account_closed',
  '000111111116': 'no_account',
  '000222222227': 'insufficient_funds',
  '000333333335': 'debit_not_authorized',
  '000444444440': 'invalid_currency',
};

/** The account with the given fields set; does not judge what it may do now. */
export function withFields(account: StripeAccount, fields: AccountFields): StripeAccount {
  const { capabilities = {}, settings, external_account, metadata, tos_acceptance, business_profile, ...plain } = fields;
  const kept = { ...account.capabilities };
  for (const [name, { requested }] of Object.entries(capabilities)) {
    if (requested) kept[name] ??= 'inactive';
    else delete kept[name];
  }
  const { payouts, ...otherSettings } = settings ?? {};
  const before = account.settings.payouts;
  return {
    ...account,
    ...plain,
    business_profile: { ...account.business_profile, ...business_profile },
    capabilities: kept,
    external_accounts: external_account
      ? { ...account.external_accounts, data: [bankAccountOf(account, external_account)] }
      : account.external_accounts,
    metadata: mergeMetadata(account.metadata, metadata),
    settings: {
      ...account.settings,
      ...otherSettings,
      payouts: { ...before, ...payouts, schedule: { ...before.schedule, ...payouts?.schedule } },
    },
    tos_acceptance: { ...account.tos_acceptance, ...tos_acceptance },
  };
}

interface NewAccount {
  country?: string;
  default_currency?: string;
  type?: StripeAccount['type'];
  controller?: { requirement_collection?: 'application' | 'stripe'; stripe_dashboard?: { type?: 'express' | 'full' | 'none' } };
}

const TYPE_OF_DASHBOARD = { express: 'express', full: 'standard', none: 'custom' } as const;
const DASHBOARD_OF_TYPE = { express: 'express', standard: 'full', custom: 'none' } as const;

export function newAccount(created: number, { country = 'US', default_currency, type, controller }: NewAccount): StripeAccount {
  const id = newId('acct');
  const shown = type ?? TYPE_OF_DASHBOARD[controller?.stripe_dashboard?.type ?? 'full'];
  const collection = controller?.requirement_collection ?? (shown === 'custom' ? 'application' : 'stripe');
  const payer = shown === 'standard' ? 'account' : 'application';
  return {
    id,
    object: 'account',
    business_profile: { mcc: null, name: null, product_description: null, support_email: null, url: null },
    business_type: null,
    capabilities: {},
    charges_enabled: false,
    controller: {
      fees: { payer },
      is_controller: true,
      losses: { payments: payer === 'account' ? 'stripe' : 'application' },
      type: 'application',
      ...controller,
      requirement_collection: collection,
      stripe_dashboard: { type: DASHBOARD_OF_TYPE[shown] },
    },
    country,
    created,
    default_currency: default_currency ?? 'usd',
    details_submitted: false,
    email: null,
    external_accounts: { object: 'list', data: [], has_more: false, url: `/v1/accounts/${id}/external_accounts` },
    metadata: {},
    payouts_enabled: false,
    requirements: {
      alternatives: [],
      current_deadline: null,
      currently_due: [],
      disabled_reason: null,
      errors: [],
      pending_verification: [],
    },
    settings: {
      payouts: {
        debit_negative_balances: shown !== 'custom',
        schedule: { delay_days: 2, interval: 'daily' },
        statement_descriptor: null,
      },
    },
    tos_acceptance: { date: null, ip: null, user_agent: null },
    type: shown,
  };
}

/** @throws StripeRefusal 400 for a token that is none of Stripe's test tokens. */
function bankAccountOf(account: StripeAccount, given: string | z.output<typeof bankAccount>): StripeBankAccount {
  if (typeof given === 'string' && !given.startsWith('btok_')) throw noSuch('token', given, 'external_account');
  const bank =
    typeof given === 'string' ? { account_number: '000123456789', country: account.country, routing_number: '110000000' } : given;
  const { account_number, object: _, ...details } = { object: 'bank_account', currency: account.default_currency, ...bank };
  return {
    account_holder_name: null,
    account_holder_type: null,
    bank_name: 'STRIPE TEST BANK',
    routing_number: null,
    ...details,
    currency: details.currency ?? account.default_currency,
    id: newId('ba'),
    object: 'bank_account',
    account: account.id,
    default_for_currency: true,
    last4: account_number.slice(-4),
    metadata: {},
    status: 'new',
  };
}
