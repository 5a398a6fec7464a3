/** The bank accounts that accounts are paid out to, and what happens at each of Stripe's test numbers (docs.stripe.com/connect/testing). */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid, noSuch } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { country, currency, text } from '../wire/rules.ts';
import type { StripeAccount, StripeBankAccount } from './types.ts';

export const bankAccount = z.strictObject({
  account_holder_name: text.optional(),
  account_holder_type: z.enum(['company', 'individual']).optional(),
  account_number: text,
  country,
  currency: currency.optional(),
  object: z.literal('bank_account'),
  routing_number: text.optional(),
});

/** A token of Stripe's test tokens, or the account itself. */
export const externalAccount = z.union([text, bankAccount]);

/** As above, with an account that is being made. */
export const firstExternalAccount = z.union([text, bankAccount.extend({ currency })]);

export type GivenBank = z.output<typeof externalAccount>;

const FAILING_NUMBERS: Record<string, string> = {
  '000111111113': 'account_closed',
  '000111111116': 'no_account',
  '000222222227': 'insufficient_funds',
  '000333333335': 'debit_not_authorized',
  '000444444440': 'invalid_currency',
};

const fingerprintOf = (number: string): string =>
  createHash('sha256').update(number).digest('base64url').replaceAll(/[-_]/g, 'x').slice(0, 16);

const FAILING = new Map(Object.entries(FAILING_NUMBERS).map(([number, code]) => [fingerprintOf(number), code]));

/** The code with which payouts to this account come back; undefined when they arrive. */
export const refusalAt = ({ fingerprint }: StripeBankAccount): string | undefined => FAILING.get(fingerprint);

/** @throws StripeRefusal 400 for a token that is none of Stripe's test tokens, or a number that none is. */
export function bankAccountOf(account: StripeAccount, given: GivenBank): StripeBankAccount {
  if (typeof given === 'string' && !given.startsWith('btok_')) throw noSuch('token', given, 'external_account');
  const bank = typeof given === 'string' ? { ...TEST_BANK, country: account.country, currency: account.default_currency } : given;
  if (!/^[A-Z0-9]{4,34}$/.test(bank.account_number)) {
    throw invalid('Invalid account number.', { code: 'account_number_invalid', param: 'external_account[account_number]' });
  }
  if (bank.country === 'US' && !/^\d{9}$/.test(bank.routing_number ?? '')) {
    throw invalid('Routing numbers in the US have nine digits.', {
      code: 'routing_number_invalid',
      param: 'external_account[routing_number]',
    });
  }
  return {
    id: newId('ba'),
    object: 'bank_account',
    account: account.id,
    account_holder_name: bank.account_holder_name ?? null,
    account_holder_type: bank.account_holder_type ?? null,
    account_type: null,
    available_payout_methods: ['standard'],
    bank_name: 'STRIPE TEST BANK',
    country: bank.country,
    currency: bank.currency ?? account.default_currency,
    default_for_currency: true,
    fingerprint: fingerprintOf(bank.account_number),
    last4: bank.account_number.slice(-4),
    metadata: {},
    routing_number: bank.routing_number ?? null,
    status: 'new',
  };
}

const TEST_BANK: z.output<typeof bankAccount> = {
  account_number: '000123456789',
  country: 'US',
  object: 'bank_account',
  routing_number: '110000000',
};

/** Where payouts in a currency go: its default account, or the only kind there is. */
export const bankFor = (account: StripeAccount, code: string): StripeBankAccount | undefined =>
  account.external_accounts.data.find((bank) => bank.currency === code && bank.default_for_currency) ??
  account.external_accounts.data.find((bank) => bank.default_for_currency);

/** The account with another bank account, which is from now on the default for its currency. */
export function withBank(account: StripeAccount, bank: StripeBankAccount): StripeAccount {
  const others = account.external_accounts.data.map((other) =>
    bank.default_for_currency && other.currency === bank.currency ? { ...other, default_for_currency: false } : other,
  );
  return withBanks(account, [bank, ...others]);
}

export const withBanks = (account: StripeAccount, data: StripeBankAccount[]): StripeAccount => ({
  ...account,
  external_accounts: { ...account.external_accounts, data },
});
