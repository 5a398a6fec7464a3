/** Addresses at the sandbox that a person opens once: to authenticate a payment, to hand in a connected account's papers. */
import { randomText } from '../wire/ids.ts';
import type { StripeState } from '../state.ts';

export interface Link {
  objectId: string;
  /** Epoch seconds. */
  expiresAt: number;
  returnUrl: string | null;
  refreshUrl: string | null;
}

const AUTHENTICATION_SECONDS = 24 * 60 * 60;
const ONBOARDING_SECONDS = 5 * 60;

/** The `next_action` of an intent whose customer the bank wants to see; opening its address authenticates. */
export function authenticationAction(
  state: StripeState,
  { objectId, origin, returnUrl }: { objectId: string; origin: string; returnUrl: string | null },
): Record<string, unknown> {
  const expiresAt = state.now() + AUTHENTICATION_SECONDS;
  const url = `${origin}/sandbox/authenticate/${keepLink(state, { objectId, expiresAt, returnUrl, refreshUrl: null })}`;
  if (!returnUrl) return { type: 'use_stripe_sdk', use_stripe_sdk: { stripe_js: url, type: 'three_d_secure_redirect' } };
  return { redirect_to_url: { return_url: returnUrl, url }, type: 'redirect_to_url' };
}

/** An account_link; opening it hands in everything that Stripe would ask for. */
export function onboardingLink(
  state: StripeState,
  link: { objectId: string; origin: string; returnUrl: string; refreshUrl: string },
): { object: 'account_link'; created: number; expires_at: number; url: string } {
  const expiresAt = state.now() + ONBOARDING_SECONDS;
  const { objectId, returnUrl, refreshUrl } = link;
  const secret = keepLink(state, { objectId, expiresAt, returnUrl, refreshUrl });
  return {
    object: 'account_link',
    created: state.now(),
    expires_at: expiresAt,
    url: `${link.origin}/setup/e/${objectId}/${secret}`,
  };
}

/** The link behind a secret, used up by asking for it. */
export function takeLink(state: StripeState, secret: string): Link | undefined {
  const table = state.store.table<Link>('stripe.link');
  const link = table.get(secret);
  if (link) table.delete(secret);
  return link;
}

function keepLink(state: StripeState, link: Link): string {
  const secret = randomText(20);
  state.store.table<Link>('stripe.link').set(secret, link);
  return secret;
}
