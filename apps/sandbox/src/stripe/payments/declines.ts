/** Why banks refuse a card, in Stripe's codes (docs.stripe.com/declines/codes), and how the refusal looks on the wire. */
import { StripeRefusal } from '../wire/errors.ts';

export interface Decline {
  code: string;
  declineCode: string;
  message: string;
  /** What Stripe says to do about it. */
  advice?: 'try_again_later' | 'do_not_try_again' | 'confirm_card_data';
  /** The detail of the card that is to blame. */
  param?: string;
  /** Stripe's own Radar said no, not the bank. */
  isBlocked?: boolean;
  /** What the intent says of a bank debit that came back, where it is not the charge's own code. */
  intentCode?: string;
}

const declined = (declineCode: string, message: string, advice?: Decline['advice']): Decline => ({
  code: 'card_declined',
  declineCode,
  message,
  ...(advice && { advice }),
});

export const DECLINES = {
  generic: declined('generic_decline', 'Your card was declined.', 'try_again_later'),
  insufficientFunds: declined('insufficient_funds', 'Your card has insufficient funds.', 'try_again_later'),
  lost: declined('lost_card', 'Your card was declined.', 'do_not_try_again'),
  stolen: declined('stolen_card', 'Your card was declined.', 'do_not_try_again'),
  fraudulent: declined('fraudulent', 'Your card was declined.'),
  blocked: { ...declined('fraudulent', 'Your card was declined.'), isBlocked: true },
  velocity: declined(
    'card_velocity_exceeded',
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  ),
  doNotHonor: declined('do_not_honor', 'Your card was declined.', 'try_again_later'),
  expired: {
    code: 'expired_card',
    declineCode: 'expired_card',
    message: 'Your card has expired.',
    param: 'exp_month',
    advice: 'confirm_card_data',
  },
  processing: {
    code: 'processing_error',
    declineCode: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
    advice: 'try_again_later',
  },
  incorrectCvc: {
    code: 'incorrect_cvc',
    declineCode: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
    param: 'cvc',
    advice: 'confirm_card_data',
  },
} satisfies Record<string, Decline>;

/** The customer is away, and the bank wants to see them. */
export const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

/** The caller asked for a refusal rather than for an authentication. */
export const AUTHENTICATION_NOT_HANDLED: Decline = { ...AUTHENTICATION_REQUIRED, declineCode: 'authentication_not_handled' };

/** The decline for a code that a fault asked for. */
export function declineFor(code: string): Decline {
  const known: Decline[] = [...Object.values(DECLINES), AUTHENTICATION_REQUIRED];
  const found = known.find((decline) => decline.declineCode === code) ?? known.find((decline) => decline.code === code);
  return found ?? { code: 'card_declined', declineCode: code, message: 'Your card was declined.' };
}

/** The bank's refusal as the wire shows it: 402 card_error with both codes. */
export function declineRefusal(decline: Decline, objects: Record<string, unknown>): StripeRefusal {
  const { code, declineCode: decline_code, advice: advice_code, param, message } = decline;
  const details = { ...(advice_code && { advice_code }), code, decline_code, ...(param && { param }), ...objects };
  return new StripeRefusal(402, 'card_error', message, details);
}
