/** How a connected account begins. */
import { newId } from '../wire/ids.ts';
import type { Requirements, StripeAccount } from './types.ts';

export interface NewAccount {
  country?: string;
  default_currency?: string;
  type?: StripeAccount['type'];
  controller?: {
    fees?: { payer?: string };
    losses?: { payments?: string };
    requirement_collection?: 'application' | 'stripe';
    stripe_dashboard?: { type?: 'express' | 'full' | 'none' };
  };
}

const TYPE_OF_DASHBOARD = { express: 'express', full: 'standard', none: 'custom' } as const;
const DASHBOARD_OF_TYPE = { express: 'express', standard: 'full', custom: 'none' } as const;

export const NOTHING_DUE: Requirements = {
  alternatives: [],
  current_deadline: null,
  currently_due: [],
  disabled_reason: null,
  errors: [],
  eventually_due: [],
  past_due: [],
  pending_verification: [],
};

/** @param created epoch seconds */
export function newAccount(created: number, { country = 'US', default_currency, type, controller }: NewAccount): StripeAccount {
  const id = newId('acct');
  const shown = type ?? TYPE_OF_DASHBOARD[controller?.stripe_dashboard?.type ?? 'full'];
  const collection = controller?.requirement_collection ?? (shown === 'custom' ? 'application' : 'stripe');
  const payer = shown === 'standard' ? 'account' : 'application';
  return {
    id,
    object: 'account',
    business_profile: NO_PROFILE,
    business_type: null,
    capabilities: {},
    charges_enabled: false,
    controller: {
      fees: { payer: controller?.fees?.payer ?? payer },
      is_controller: true,
      losses: { payments: controller?.losses?.payments ?? (payer === 'account' ? 'stripe' : 'application') },
      requirement_collection: collection,
      stripe_dashboard: { type: DASHBOARD_OF_TYPE[shown] },
      type: 'application',
    },
    country,
    created,
    default_currency: default_currency ?? CURRENCIES[country] ?? 'usd',
    details_submitted: false,
    email: null,
    external_accounts: { object: 'list', data: [], has_more: false, url: `/v1/accounts/${id}/external_accounts` },
    future_requirements: NOTHING_DUE,
    metadata: {},
    payouts_enabled: false,
    requirements: NOTHING_DUE,
    settings: {
      branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
      card_payments: {
        decline_on: { avs_failure: false, cvc_failure: false },
        statement_descriptor_prefix: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      dashboard: { display_name: null, timezone: 'Etc/UTC' },
      payments: {
        statement_descriptor: null,
        statement_descriptor_kana: null,
        statement_descriptor_kanji: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
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

/** What an account is paid in where it says nothing else. */
const CURRENCIES: Record<string, string> = {
  AT: 'eur',
  AU: 'aud',
  BE: 'eur',
  CA: 'cad',
  CH: 'chf',
  DE: 'eur',
  DK: 'dkk',
  ES: 'eur',
  FI: 'eur',
  FR: 'eur',
  GB: 'gbp',
  IE: 'eur',
  IT: 'eur',
  JP: 'jpy',
  NL: 'eur',
  NO: 'nok',
  PT: 'eur',
  SE: 'sek',
  US: 'usd',
};

const NO_PROFILE = {
  annual_revenue: null,
  estimated_worker_count: null,
  mcc: null,
  minority_owned_business_designation: null,
  name: null,
  product_description: null,
  specified_commercial_transactions_act_url: null,
  support_address: null,
  support_email: null,
  support_phone: null,
  support_url: null,
  url: null,
};
