/** The port to Stripe's own payment pages: Checkout Sessions, on which a buyer pays one amount once. */
import { Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { BillingConfig } from '../config.ts';
import { toStripe } from './amounts.ts';
import { asked, first, keyed, page, stripeClient, type Mark } from './client.ts';

/** Kept as JSON with the call's first attempt. */
export interface LinkParams {
  /** Null where the buyer is no customer at Stripe yet. */
  customerId: string | null;
  amount: string;
  currency: string;
  /** What is paid, as the page says it. */
  description: string;
  group: string;
  returnUrl: string;
}

export interface Session {
  id: string;
  opId: string | null;
  /** complete: it was paid there, though a bank debit takes days. */
  state: (typeof STATES)[number];
  /** Null unless open. */
  url: string | null;
  expiresAt: Date;
  paymentIntentId: string | null;
}

@Injectable()
export class StripeCheckout {
  private readonly stripe: Stripe;

  constructor(config: BillingConfig) {
    this.stripe = stripeClient(config);
  }

  async open(params: LinkParams, mark: Mark): Promise<Session> {
    const { customerId, currency, description, group, returnUrl } = params;
    const create: Stripe.Checkout.SessionCreateParams = {
      mode: 'payment',
      ...(customerId !== null && { customer: customerId }),
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency,
            unit_amount: toStripe(BigInt(params.amount), currency),
            product_data: { name: description },
          },
        },
      ],
      // The intent is told of by webhook and found by the same id as one of ours.
      payment_intent_data: { description, transfer_group: group, capture_method: 'automatic', metadata: { op_id: mark.opId } },
      client_reference_id: group,
      success_url: returnUrl,
      cancel_url: returnUrl,
      metadata: { op_id: mark.opId },
    };
    return sessionOf(await asked(this.stripe.checkout.sessions.create(create, keyed(mark))));
  }

  async find(opId: string, since: Date): Promise<Session | undefined> {
    const found = await asked(first(this.stripe.checkout.sessions.list(page(since)), opId));
    return found && sessionOf(found);
  }

  async fetch(id: string): Promise<Session> {
    return sessionOf(await asked(this.stripe.checkout.sessions.retrieve(id)));
  }

  /** Nobody can pay there any more. @throws StripeFailure when it was paid or is over already */
  async expire(id: string): Promise<Session> {
    return sessionOf(await asked(this.stripe.checkout.sessions.expire(id)));
  }
}

const STATES = ['open', 'complete', 'expired'] as const;

const sessionOf = (session: Stripe.Checkout.Session): Session => ({
  id: session.id,
  opId: session.metadata?.op_id ?? null,
  state: STATES.find((state) => state === session.status) ?? 'open',
  url: session.url,
  expiresAt: new Date(session.expires_at * 1000),
  paymentIntentId: typeof session.payment_intent === 'string' ? session.payment_intent : (session.payment_intent?.id ?? null),
});
