/** The parameters of an account that can be set when it is made and later, and what they change on it. */
import { z } from 'zod';
import { addressOf } from '../payments/addresses.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { address, clearableMetadata, currency, email, emptyable, emptyableText, flag, integer, text } from '../wire/rules.ts';
import { bankAccountOf, externalAccount, firstExternalAccount, withBanks } from './banks.ts';
import type { StripeAccount } from './types.ts';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;

const dayOfMonth = integer.refine((day) => day >= 1 && day <= 31, 'must be from 1 to 31');

const schedule = z.strictObject({
  delay_days: z.union([z.literal('minimum').transform(() => 2), integer]).optional(),
  interval: z.enum(['manual', 'daily', 'weekly', 'monthly']).optional(),
  monthly_anchor: dayOfMonth.optional(),
  monthly_payout_days: z.array(dayOfMonth).min(1).optional(),
  weekly_anchor: z.enum([...WEEKDAYS, 'saturday', 'sunday']).optional(),
  weekly_payout_days: z.array(z.enum(WEEKDAYS)).min(1).optional(),
});

const profile = z.strictObject({
  mcc: text.regex(/^\d{4}$/, 'must be four digits').optional(),
  name: text.optional(),
  product_description: text.optional(),
  support_address: address.optional(),
  support_email: email.optional(),
  support_phone: text.optional(),
  support_url: emptyableText.optional(),
  url: text.optional(),
});

const company = z.strictObject({
  address: address.optional(),
  directors_provided: flag.optional(),
  executives_provided: flag.optional(),
  name: text.optional(),
  owners_provided: flag.optional(),
  phone: text.optional(),
  tax_id: text.optional(),
  vat_id: text.optional(),
});

/** What can be asked for here; Stripe has many more. */
const CAPABILITIES = ['card_payments', 'sepa_debit_payments', 'transfers', 'us_bank_account_ach_payments'] as const;

const requested = z.strictObject({ requested: flag.optional() }).optional();

const capabilities = z.strictObject(
  Object.fromEntries(CAPABILITIES.map((name) => [name, requested])) as Record<(typeof CAPABILITIES)[number], typeof requested>,
);

const settings = z.strictObject({
  branding: z.strictObject({ primary_color: text.optional(), secondary_color: text.optional() }).optional(),
  card_payments: z.strictObject({ statement_descriptor_prefix: text.optional() }).optional(),
  payments: z.strictObject({ statement_descriptor: text.optional() }).optional(),
  payouts: z
    .strictObject({
      debit_negative_balances: flag.optional(),
      schedule: schedule.optional(),
      statement_descriptor: text.optional(),
    })
    .optional(),
});

const common = {
  business_profile: profile.optional(),
  business_type: z.enum(['company', 'government_entity', 'individual', 'non_profit']).optional(),
  capabilities: capabilities.optional(),
  company: company.optional(),
  default_currency: currency.optional(),
  email: email.optional(),
  metadata: clearableMetadata.optional(),
  settings: settings.optional(),
  tos_acceptance: z
    .strictObject({
      date: integer.optional(),
      ip: text.optional(),
      service_agreement: text.optional(),
      user_agent: text.optional(),
    })
    .optional(),
};

export const createFields = { ...common, external_account: firstExternalAccount.optional() };
export const updateFields = { ...common, external_account: emptyable(externalAccount).optional() };

export type AccountFields = z.output<z.ZodObject<typeof updateFields>>;
export type PayoutSettingsGiven = NonNullable<NonNullable<AccountFields['settings']>['payouts']>;

/** The account with the given fields set; does not judge what it may do now. */
export function withFields(account: StripeAccount, fields: AccountFields): StripeAccount {
  const { capabilities = {}, company, settings, external_account, metadata, tos_acceptance, business_profile, ...plain } = fields;
  const kept = { ...account.capabilities };
  for (const [name, wish] of Object.entries(capabilities)) {
    if (wish?.requested) kept[name] ??= 'inactive';
    else if (wish?.requested === false) delete kept[name];
  }
  const { payouts, ...others } = settings ?? {};
  const changed: StripeAccount = {
    ...account,
    ...plain,
    business_profile: {
      ...account.business_profile,
      ...business_profile,
      ...(business_profile?.support_address && { support_address: addressOf(business_profile.support_address) }),
    },
    capabilities: kept,
    ...(company && { company: { ...account.company, ...companyShown(company) } }),
    metadata: mergeMetadata(account.metadata, metadata),
    settings: { ...mergedSettings(account.settings, others), payouts: payoutSettings(account.settings.payouts, payouts) },
    tos_acceptance: { ...account.tos_acceptance, ...tos_acceptance },
  };
  if (external_account === undefined) return changed;
  return withBanks(changed, external_account === null ? [] : [bankAccountOf(changed, external_account)]);
}

export function payoutSettings(
  before: StripeAccount['settings']['payouts'],
  given: PayoutSettingsGiven = {},
): StripeAccount['settings']['payouts'] {
  const { schedule: wish, ...others } = given;
  if (!wish) return { ...before, ...others };
  const interval = wish.interval ?? before.schedule.interval;
  const { weekly_anchor, weekly_payout_days, monthly_anchor, monthly_payout_days } = { ...before.schedule, ...wish };
  const weekly = weekly_payout_days ?? [weekly_anchor ?? 'monday'];
  const monthly = monthly_payout_days ?? [monthly_anchor ?? 1];
  return {
    ...before,
    ...others,
    schedule: {
      delay_days: wish.delay_days ?? before.schedule.delay_days,
      interval,
      ...(interval === 'weekly' && { weekly_anchor: weekly[0]!, weekly_payout_days: weekly }),
      ...(interval === 'monthly' && { monthly_anchor: monthly[0]!, monthly_payout_days: monthly }),
    },
  };
}

/** Numbers of a company are taken and not shown again. */
function companyShown({ address, tax_id, vat_id, ...plain }: z.output<typeof company>): Record<string, unknown> {
  return {
    ...plain,
    ...(address && { address: addressOf(address) }),
    ...(tax_id && { tax_id_provided: true }),
    ...(vat_id && { vat_id_provided: true }),
  };
}

function mergedSettings(before: Record<string, unknown>, given: Record<string, object | undefined>): Record<string, unknown> {
  const merged = { ...before };
  for (const [name, part] of Object.entries(given)) merged[name] = { ...(before[name] as object), ...part };
  return merged;
}
