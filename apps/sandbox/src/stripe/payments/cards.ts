/** Stripe's magic payment methods (docs.stripe.com/testing): what each one does when it is kept, charged or authenticated. */
import { randomText } from '../wire/ids.ts';

export interface Instrument {
  type: 'card' | 'us_bank_account';
  brand: string;
  last4: string;
  /** Why the bank refuses; null when it pays. */
  decline: Decline | null;
  /** Whether the refusal already meets the attempt to keep it with a customer. */
  isRefusedWhenKept: boolean;
  /** When the bank wants to see the customer: never, each time, or until a setup with authentication has been done. */
  authentication: 'never' | 'always' | 'until_set_up';
  /** The money skips the pending balance. */
  isAvailableAtOnce: boolean;
  /** The customer disputes the payment as soon as it is made. */
  isDisputed: boolean;
}

export interface Decline {
  code: string;
  declineCode: string;
  message: string;
}

export const GENERIC_DECLINE: Decline = {
  code: 'card_declined',
  declineCode: 'generic_decline',
  message: 'Your card was declined.',
};

export const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

/** The decline for a code that a fault asked for. */
export const declineFor = (code: string): Decline => {
  const known = Object.values(DECLINES).find((decline) => decline.code === code || decline.declineCode === code);
  return known ?? { code, declineCode: code, message: 'Your card was declined.' };
};

const DECLINES = {
  generic: GENERIC_DECLINE,
  authentication: AUTHENTICATION_REQUIRED,
  insufficientFunds: declined('insufficient_funds', 'Your card has insufficient funds.'),
  lost: declined('lost_card', 'Your card was declined.'),
  stolen: declined('stolen_card', 'Your card was declined.'),
  fraudulent: declined('fraudulent', 'Your card was declined.'),
  expired: { code: 'expired_card', declineCode: 'expired_card', message: 'Your card has expired.' },
  processing: {
    code: 'processing_error',
    declineCode: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
  incorrectCvc: { code: 'incorrect_cvc', declineCode: 'incorrect_cvc', message: "Your card's security code is incorrect." },
} satisfies Record<string, Decline>;

function declined(declineCode: string, message: string): Decline {
  return { code: 'card_declined', declineCode, message };
}

const card = (last4: string, traits: Partial<Instrument> = {}): Instrument => ({
  type: 'card',
  brand: 'visa',
  last4,
  decline: null,
  isRefusedWhenKept: traits.decline !== undefined,
  authentication: 'never',
  isAvailableAtOnce: false,
  isDisputed: false,
  ...traits,
});

/** By the id under which they are passed, without `pm_` or `tok_`. The last four digits are those of Stripe's test numbers. */
const INSTRUMENTS: Record<string, Instrument> = {
  card_visa: card('4242'),
  card_visa_debit: card('5556'),
  card_mastercard: card('4444', { brand: 'mastercard' }),
  card_amex: card('8431', { brand: 'amex' }),
  card_bypassPending: card('0077', { isAvailableAtOnce: true }),
  card_chargeDeclined: card('0002', { decline: DECLINES.generic }),
  card_chargeDeclinedInsufficientFunds: card('9995', { decline: DECLINES.insufficientFunds }),
  card_chargeDeclinedLostCard: card('9987', { decline: DECLINES.lost }),
  card_chargeDeclinedStolenCard: card('9979', { decline: DECLINES.stolen }),
  card_chargeDeclinedFraudulent: card('0019', { decline: DECLINES.fraudulent }),
  card_chargeDeclinedExpiredCard: card('0069', { decline: DECLINES.expired }),
  card_chargeDeclinedProcessingError: card('0119', { decline: DECLINES.processing }),
  card_chargeDeclinedIncorrectCvc: card('0127', { decline: DECLINES.incorrectCvc }),
  card_chargeCustomerFail: card('0341', { decline: DECLINES.generic, isRefusedWhenKept: false }),
  card_authenticationRequired: card('3184', { authentication: 'always' }),
  card_authenticationRequiredOnSetup: card('3155', { authentication: 'until_set_up' }),
  card_createDispute: card('0259', { isDisputed: true }),
  usBankAccount: card('6789', { type: 'us_bank_account' }),
  usBankAccount_success: card('6789', { type: 'us_bank_account' }),
  usBankAccount_insufficientFunds: card('2227', {
    type: 'us_bank_account',
    isRefusedWhenKept: false,
    decline: { code: 'insufficient_funds', declineCode: 'insufficient_funds', message: 'The account has insufficient funds.' },
  }),
};

/** The instrument behind `pm_card_visa` or `tok_visa`; undefined for any other id. */
export const magicInstrument = (id: string): Instrument | undefined =>
  id.startsWith('tok_') ? INSTRUMENTS[`card_${id.slice(4)}`] : INSTRUMENTS[id.replace(/^pm_/, '')];

/** The instrument of a payment method that has been made, told by its last four digits. */
export const instrumentByLast4 = (last4: string): Instrument =>
  Object.values(INSTRUMENTS).find((instrument) => instrument.last4 === last4) ?? card(last4);

/** The `card` or `us_bank_account` of a payment method. */
export function instrumentDetails(instrument: Instrument): Record<string, unknown> & { last4: string } {
  const { brand, last4 } = instrument;
  if (instrument.type === 'us_bank_account') {
    return {
      account_holder_type: 'company',
      account_type: 'checking',
      bank_name: 'STRIPE TEST BANK',
      last4,
      routing_number: '110000000',
    };
  }
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    display_brand: brand,
    exp_month: 12,
    exp_year: 2034,
    fingerprint: randomText(16),
    funding: 'credit',
    generated_from: null,
    last4,
    networks: { available: [brand], preferred: null },
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}
