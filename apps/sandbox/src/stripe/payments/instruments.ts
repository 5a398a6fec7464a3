/** Stripe's magic payment methods (docs.stripe.com/testing): what each one does when it is kept, charged or authenticated. */
import { createHash } from 'node:crypto';
import { DECLINES, type Decline } from './declines.ts';
import type { MethodDetails, MethodType } from './types.ts';

export interface Instrument {
  /** Under which it is passed, without `pm_` or `tok_`. */
  name: string;
  type: MethodType;
  brand: string;
  country: string;
  funding: 'credit' | 'debit' | 'prepaid';
  last4: string;
  /** Why the bank refuses; null when it pays. */
  decline: Decline | null;
  /** Whether the refusal already meets the attempt to keep it with a customer. */
  isRefusedWhenKept: boolean;
  /** When the bank wants to see the customer: each time, until a setup with authentication has been done, or when they are there. */
  authentication: 'never' | 'always' | 'until_set_up' | 'when_present';
  /** The money skips the pending balance. */
  isAvailableAtOnce: boolean;
  /** The customer disputes the payment as soon as it is made, for this reason. */
  dispute: { reason: string; isInquiry?: boolean } | null;
  refunds: 'at_once' | 'later' | 'fail_later';
  /** How long a bank debit takes, in its usual times; for ever when it is null. */
  clearing: number | null;
}

const PLAIN: Omit<Instrument, 'name' | 'last4'> = {
  type: 'card',
  brand: 'visa',
  country: 'US',
  funding: 'credit',
  decline: null,
  isRefusedWhenKept: false,
  authentication: 'never',
  isAvailableAtOnce: false,
  dispute: null,
  refunds: 'at_once',
  clearing: 1,
};

const refused = (decline: Decline): Partial<Instrument> => ({ decline, isRefusedWhenKept: true });

/** The last four digits are those of Stripe's test numbers. Several names are older ones of the same card. */
const CARDS: [names: string, last4: string, traits?: Partial<Instrument>][] = [
  ['card_visa card_us', '4242'],
  ['card_visa_debit', '5556', { funding: 'debit' }],
  ['card_mastercard', '4444', { brand: 'mastercard' }],
  ['card_mastercard_debit', '8210', { brand: 'mastercard', funding: 'debit' }],
  ['card_mastercard_prepaid', '5100', { brand: 'mastercard', funding: 'prepaid' }],
  ['card_amex', '8431', { brand: 'amex' }],
  ['card_discover', '9424', { brand: 'discover' }],
  ['card_diners', '0004', { brand: 'diners' }],
  ['card_jcb', '0505', { brand: 'jcb', country: 'JP' }],
  ['card_unionpay', '0005', { brand: 'unionpay', country: 'CN' }],
  ['card_gb', '0000', { country: 'GB' }],
  ['card_de', '0016', { country: 'DE' }],
  ['card_fr', '0003', { country: 'FR' }],
  ['card_ca', '0000', { country: 'CA' }],
  ['card_bypassPending', '0077', { isAvailableAtOnce: true }],
  ['card_bypassPendingInternational', '0278', { isAvailableAtOnce: true, country: 'IE' }],
  ['card_visa_chargeDeclined card_chargeDeclined', '0002', refused(DECLINES.generic)],
  ['card_visa_chargeDeclinedInsufficientFunds card_chargeDeclinedInsufficientFunds', '9995', refused(DECLINES.insufficientFunds)],
  ['card_visa_chargeDeclinedLostCard card_chargeDeclinedLostCard', '9987', refused(DECLINES.lost)],
  ['card_visa_chargeDeclinedStolenCard card_chargeDeclinedStolenCard', '9979', refused(DECLINES.stolen)],
  ['card_visa_chargeDeclinedVelocityLimitExceeded', '6975', refused(DECLINES.velocity)],
  ['card_chargeDeclinedFraudulent card_visa_chargeDeclinedFraudulent', '0019', refused(DECLINES.fraudulent)],
  ['card_chargeDeclinedExpiredCard card_visa_chargeDeclinedExpiredCard', '0069', refused(DECLINES.expired)],
  ['card_chargeDeclinedProcessingError card_visa_chargeDeclinedProcessingError', '0119', refused(DECLINES.processing)],
  ['card_chargeDeclinedIncorrectCvc card_visa_chargeDeclinedIncorrectCvc', '0127', refused(DECLINES.incorrectCvc)],
  ['card_chargeCustomerFail', '0341', { decline: DECLINES.generic }],
  ['card_radarBlock', '0019', { decline: DECLINES.blocked }],
  ['card_riskLevelHighest', '4954', { decline: DECLINES.blocked }],
  ['card_riskLevelElevated', '9235'],
  ['card_authenticationRequired', '3184', { authentication: 'always' }],
  ['card_threeDSecure2Required', '3220', { authentication: 'always' }],
  ['card_threeDSecureRequired', '3063', { authentication: 'always' }],
  ['card_authenticationRequiredOnSetup', '3155', { authentication: 'until_set_up' }],
  ['card_authenticationRequiredSetupForOffSession', '0446', { authentication: 'when_present' }],
  [
    'card_authenticationRequiredChargeDeclinedInsufficientFunds',
    '3178',
    { authentication: 'always', decline: DECLINES.insufficientFunds },
  ],
  ['card_threeDSecureRequiredChargeDeclined', '1629', { authentication: 'always', decline: DECLINES.generic }],
  ['card_threeDSecureOptional', '3055'],
  ['card_createDispute', '0259', { dispute: { reason: 'fraudulent' } }],
  ['card_createDisputeProductNotReceived', '2685', { dispute: { reason: 'product_not_received' } }],
  ['card_createDisputeInquiry', '1976', { dispute: { reason: 'fraudulent', isInquiry: true } }],
  ['card_pendingRefund', '7726', { refunds: 'later' }],
  ['card_refundFail', '5126', { refunds: 'fail_later' }],
];

/** Of the codes with which debits come back, those that an intent repeats. */
const REPEATED = ['account_closed', 'no_account', 'insufficient_funds', 'debit_not_authorized', 'charge_exceeds_source_limit'];

const bankCode = (code: string, message: string): Decline => ({
  code,
  declineCode: code,
  message,
  ...(!REPEATED.includes(code) && { intentCode: 'payment_intent_payment_attempt_failed' }),
});

const US_ACCOUNTS: [names: string, last4: string, traits?: Partial<Instrument>][] = [
  ['usBankAccount usBankAccount_success', '6789'],
  ['usBankAccount_accountClosed', '1113', { decline: bankCode('account_closed', 'The account is closed.') }],
  ['usBankAccount_noAccount', '1116', { decline: bankCode('no_account', 'The account could not be found.') }],
  ['usBankAccount_insufficientFunds', '2227', { decline: bankCode('insufficient_funds', 'The account has insufficient funds.') }],
  [
    'usBankAccount_debitNotAuthorized',
    '3335',
    { decline: bankCode('debit_not_authorized', 'The account holder has not authorized the debit.') },
  ],
  ['usBankAccount_invalidCurrency', '4440', { decline: bankCode('invalid_currency', 'The account takes another currency.') }],
  ['usBankAccount_dispute', '5559', { dispute: { reason: 'debit_not_authorized' } }],
  ['usBankAccount_processing', '0009', { clearing: null }],
  [
    'usBankAccount_weeklyLimitExceeded',
    '7771',
    { decline: bankCode('charge_exceeds_weekly_limit', 'The payment exceeds the weekly limit of the account.') },
  ],
];

const SEPA: [names: string, last4: string, traits?: Partial<Instrument>][] = [
  ['success', '3201'],
  ['successDelayed', '3204', { clearing: 2 }],
  ['failed', '3202', { decline: bankCode('incorrect_account_holder_name', 'The bank does not know the account holder.') }],
  [
    'failedDelayed',
    '3205',
    { decline: bankCode('incorrect_account_holder_name', 'The bank does not know the account holder.'), clearing: 2 },
  ],
  ['disputed', '3203', { dispute: { reason: 'debit_not_authorized' } }],
  [
    'exceedsWeeklyVolumeLimit',
    '3434',
    { decline: bankCode('charge_exceeds_source_limit', 'The payment exceeds the weekly limit of the account.') },
  ],
  ['insufficientFunds', '2222', { decline: bankCode('insufficient_funds', 'The account has insufficient funds.') }],
];

const SEPA_COUNTRIES = 'at be de es fi fr ie it lu nl pt'.split(' ');

const INSTRUMENTS = new Map<string, Instrument>();
const BY_FINGERPRINT = new Map<string, Instrument>();

function list(names: string[], last4: string, traits: Partial<Instrument> = {}): void {
  const instrument = { ...PLAIN, ...traits, name: names[0]!, last4 };
  for (const name of names) INSTRUMENTS.set(name, instrument);
  BY_FINGERPRINT.set(fingerprintOf(instrument), instrument);
}

const fingerprintOf = ({ name }: Pick<Instrument, 'name'>): string =>
  createHash('sha256').update(name).digest('base64url').replaceAll(/[-_]/g, 'x').slice(0, 16);

for (const [names, last4, traits] of CARDS) list(names.split(' '), last4, traits);
for (const [names, last4, traits] of US_ACCOUNTS) {
  list(names.split(' '), last4, { ...traits, type: 'us_bank_account', isAvailableAtOnce: true });
}
for (const [name, last4, traits] of SEPA) {
  for (const code of SEPA_COUNTRIES) {
    const sepa = { ...traits, type: 'sepa_debit' as const, country: code.toUpperCase(), isAvailableAtOnce: true };
    list([`${name}_${code}`, `sepaDebit_${name}_${code}`], last4, sepa);
  }
}

/** The instrument behind `pm_card_visa` or `tok_visa`; undefined for any other id. */
export const magicInstrument = (id: string): Instrument | undefined =>
  INSTRUMENTS.get(id.startsWith('tok_') ? `card_${id.slice('tok_'.length)}` : id.replace(/^pm_/, ''));

/** The instrument of a payment method that has been made. */
export const instrumentByFingerprint = (fingerprint: string): Instrument => BY_FINGERPRINT.get(fingerprint)!;

/** The part of a payment method that is named after its type. */
export function instrumentDetails(instrument: Instrument): MethodDetails {
  const { brand, country, funding, last4, type } = instrument;
  const known = { fingerprint: fingerprintOf(instrument), last4 };
  if (type === 'us_bank_account') {
    return {
      account_holder_type: 'company',
      account_type: 'checking',
      bank_name: 'STRIPE TEST BANK',
      financial_connections_account: null,
      networks: { preferred: 'ach', supported: ['ach', 'us_domestic_wire'] },
      routing_number: '110000000',
      status_details: {},
      ...known,
    };
  }
  if (type === 'sepa_debit') {
    const generatedFrom = { charge: null, setup_attempt: null };
    return { bank_code: '37040044', branch_code: '', country, generated_from: generatedFrom, ...known };
  }
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country,
    display_brand: brand,
    exp_month: 12,
    exp_year: 2034,
    funding,
    generated_from: null,
    networks: { available: [brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
    ...known,
  };
}

/** Whether the bank takes days to say whether it pays. */
export const isDebit = ({ type }: Instrument): boolean => type !== 'card';
