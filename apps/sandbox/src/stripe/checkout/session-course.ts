/** What becomes of a checkout session: it is paid on its page, at once or days later, or it expires. */
import { newCustomer } from '../payments/customers.ts';
import { newIntent } from '../payments/intent-fields.ts';
import { cancelIntent, confirmIntent } from '../payments/payment-intents.ts';
import type { StripePaymentIntent } from '../payments/types.ts';
import type { StripeState } from '../state.ts';
import type { CreateParams } from './session-fields.ts';
import type { StripeLineItem, StripeSession } from './types.ts';

/** What a session knows and does not show. */
export interface SessionDetails {
  items: StripeLineItem[];
  intent: NonNullable<CreateParams['payment_intent_data']>;
}

/** Sessions end by time, and learn from their payment when a bank says only later whether it pays. */
export function followPayments(state: StripeState): void {
  state.due.on('checkout.expired', (id) => {
    const { owner, object: session } = state.sessions.find(id)!;
    if (session.status === 'open') expireSession(state, owner, session);
  });
  state.onIntentSettled((owner, intent) => {
    const [session] = state.sessions.of(owner, { payment_intent: intent.id });
    if (session?.status === 'complete' && session.payment_status === 'unpaid') settleLater(state, owner, session, intent);
    else if (session?.status === 'open' && intent.status === 'succeeded') completeSession(state, owner, session, intent);
  });
}

export function expireSession(state: StripeState, owner: string, session: StripeSession): StripeSession {
  const expired = state.sessions.put(owner, { ...session, status: 'expired', url: null });
  const intent = session.payment_intent && state.paymentIntents.find(session.payment_intent)?.object;
  if (intent && intent.status !== 'succeeded') cancelIntent(state, owner, intent, 'abandoned');
  state.emit(owner, 'checkout.session.expired', expired);
  return expired;
}

export interface Payer {
  paymentMethod: string;
  email: string | null;
  name: string | null;
  /** Where the customer comes back to after having been at their bank. */
  returnUrl: string;
  origin: string;
}

/**
 * The customer presses the button.
 * @returns the intent as it then is: paid, under way, or waiting for the customer at their bank
 * @throws StripeRefusal 402 when the bank refuses; the session stays open for another try.
 */
export function paySession(state: StripeState, owner: string, before: StripeSession, payer: Payer): StripePaymentIntent {
  const session = state.sessions.put(owner, {
    ...before,
    customer_details: {
      address: null,
      business_name: null,
      email: payer.email ?? before.customer_email,
      individual_name: null,
      name: payer.name,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    },
  });
  const intent = intentOf(state, owner, session);
  const paid = confirmIntent(
    state,
    intent,
    {
      payment_method: payer.paymentMethod,
      return_url: payer.returnUrl,
      // Stripe's page shows the mandate above the button.
      mandate_data: { customer_acceptance: { type: 'online', online: { ip_address: '127.0.0.1', user_agent: 'Checkout' } } },
    },
    { owner, origin: payer.origin },
  );
  const now = state.sessions.get(owner, session.id);
  if (paid.status === 'processing' && now.status === 'open') completeSession(state, owner, now, paid);
  return paid;
}

/** One intent for all tries on the page. */
function intentOf(state: StripeState, owner: string, session: StripeSession): StripePaymentIntent {
  if (session.payment_intent) return state.paymentIntents.get(owner, session.payment_intent);
  const { intent: data } = state.sessionDetails.get(session.id)!;
  const created = newIntent(state, {
    ...data,
    amount: session.amount_total,
    currency: session.currency,
    ...(session.allowed_payment_method_types && { allowed_payment_method_types: session.allowed_payment_method_types }),
    ...(session.excluded_payment_method_types && { excluded_payment_method_types: session.excluded_payment_method_types }),
    customer: customerFor(state, owner, session) ?? undefined,
  });
  const intent = state.paymentIntents.put(owner, created);
  state.sessions.put(owner, { ...session, payment_intent: intent.id, customer: intent.customer });
  state.emit(owner, 'payment_intent.created', intent);
  return intent;
}

function customerFor(state: StripeState, owner: string, session: StripeSession): string | null {
  if (session.customer || session.customer_creation !== 'always') return session.customer;
  const { email = null, name = null } = session.customer_details ?? {};
  const customer = state.customers.put(owner, { ...newCustomer(state.now()), email, name });
  state.emit(owner, 'customer.created', customer);
  return customer.id;
}

function completeSession(state: StripeState, owner: string, session: StripeSession, intent: StripePaymentIntent): void {
  const isPaid = intent.status === 'succeeded';
  const complete = state.sessions.put(owner, {
    ...session,
    payment_status: isPaid ? 'paid' : 'unpaid',
    status: 'complete',
    url: null,
  });
  state.emit(owner, 'checkout.session.completed', complete);
}

function settleLater(state: StripeState, owner: string, session: StripeSession, intent: StripePaymentIntent): void {
  const isPaid = intent.status === 'succeeded';
  const settled = isPaid ? state.sessions.put(owner, { ...session, payment_status: 'paid' }) : session;
  state.emit(owner, isPaid ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed', settled);
}
