/** Our verbs in Stripe's words: the only importer of its SDK. Each call that makes something carries the key of our own row. */
import { Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import type { Minor } from '#domain/money.ts';
import { BillingConfig } from '../config.ts';
import { toStripeFailure } from './stripe.errors.ts';

/** Stripe counts the age of a signature; five minutes is its own default. */
const WEBHOOK_TOLERANCE_SECONDS = 300;

/** Which of our rows a call is made for: its id is the Idempotency-Key and `metadata.op_id`. */
export interface Operation {
  id: string;
}

export interface IntentFacts {
  id: string;
  /** The payment of ours that it was made for; null for an intent of somebody else's. */
  paymentId: string | null;
  status: 'succeeded' | 'processing' | 'failed';
  failure: string | null;
  chargeId: string | null;
  /** Null while Stripe has not booked it yet. */
  fee: { balanceTransactionId: string; amount: Minor; currency: string } | null;
}

export interface AccountFacts {
  id: string;
  payoutsEnabled: boolean;
}

@Injectable()
export class StripeGateway {
  private readonly stripe: Stripe;

  constructor(private readonly config: BillingConfig) {
    const base = config.STRIPE_API_BASE ? new URL(config.STRIPE_API_BASE) : null;
    this.stripe = new Stripe(config.STRIPE_API_KEY, {
      // Our stages repeat calls, with their keys and across crashes; the SDK must not do so behind their backs.
      maxNetworkRetries: 0,
      timeout: config.STRIPE_TIMEOUT_SECONDS * 1000,
      telemetry: false,
      ...(base ? { host: base.hostname, port: base.port || (base.protocol === 'https:' ? 443 : 80), protocol: base.protocol === 'https:' ? 'https' : 'http' } : {}),
    });
  }

  /** @returns the customer's id. @throws StripeFailure, as every verb here */
  createCustomer(operation: Operation, { buyerId, name }: { buyerId: string; name: string }): Promise<string> {
    return this.ask(async () => (await this.stripe.customers.create({ name, metadata: { op_id: operation.id, buyer_id: buyerId } }, keyOf(operation))).id);
  }

  /** Attaches a payment method to a customer. Attaching again is the same. */
  attachCard(customerId: string, paymentMethodId: string): Promise<{ id: string; label: string }> {
    return this.ask(async () => {
      const method = await this.stripe.paymentMethods.attach(paymentMethodId, { customer: customerId });
      const label = method.card ? `${capitalised(method.card.brand)} •••• ${method.card.last4}` : method.type;
      return { id: method.id, label };
    });
  }

  /** A vendor's account: it may receive transfers, and we say when it is paid out. */
  createAccount(operation: Operation, { vendorId, country, email }: { vendorId: string; country: string; email: string }): Promise<AccountFacts> {
    return this.ask(async () =>
      accountFacts(
        await this.stripe.accounts.create(
          {
            type: 'express',
            country,
            email,
            capabilities: { transfers: { requested: true } },
            settings: { payouts: { schedule: { interval: 'manual' } } },
            metadata: { op_id: operation.id, vendor_id: vendorId },
          },
          keyOf(operation),
        ),
      ),
    );
  }

  fetchAccount(accountId: string): Promise<AccountFacts> {
    return this.ask(async () => accountFacts(await this.stripe.accounts.retrieve(accountId)));
  }

  /** A page of Stripe's on which the vendor hands in its papers and its bank account; good for one visit. */
  onboardingUrl(accountId: string, returnUrl: string): Promise<string> {
    return this.ask(async () => {
      const link = await this.stripe.accountLinks.create({ account: accountId, type: 'account_onboarding', refresh_url: returnUrl, return_url: returnUrl });
      return link.url;
    });
  }

  /** Charges a card on file, off session. */
  collect(
    operation: Operation,
    given: { customerId: string; paymentMethodId: string; amount: Minor; currency: string; invoiceId: string; number: string; paymentId: string },
  ): Promise<IntentFacts> {
    return this.ask(async () =>
      intentFacts(
        await this.stripe.paymentIntents.create(
          {
            amount: Number(given.amount),
            currency: given.currency,
            customer: given.customerId,
            payment_method: given.paymentMethodId,
            confirm: true,
            off_session: true,
            description: `Invoice ${given.number}`,
            transfer_group: given.invoiceId,
            metadata: { op_id: operation.id, invoice_id: given.invoiceId, payment_id: given.paymentId },
            expand: ['latest_charge.balance_transaction'],
          },
          keyOf(operation),
        ),
      ),
    );
  }

  fetchIntent(id: string): Promise<IntentFacts> {
    return this.ask(async () => intentFacts(await this.stripe.paymentIntents.retrieve(id, { expand: ['latest_charge.balance_transaction'] })));
  }

  /** The intent that an operation made, if it made one: for when nobody knows how the call ended. */
  findIntent(operation: Operation, createdAfter: Date): Promise<IntentFacts | null> {
    return this.ask(async () => {
      const created = { gte: Math.floor(createdAfter.getTime() / 1000) };
      for await (const intent of this.stripe.paymentIntents.list({ limit: 100, created })) {
        if (intent.metadata.op_id === operation.id) return this.fetchIntent(intent.id);
      }
      return null;
    });
  }

  /** Moves money of ours to a vendor's account, out of the charge that brought it. */
  transfer(operation: Operation, given: { amount: Minor; currency: string; destination: string; sourceChargeId: string; payoutId: string }): Promise<string> {
    return this.ask(async () => {
      const transfer = await this.stripe.transfers.create(
        {
          amount: Number(given.amount),
          currency: given.currency,
          destination: given.destination,
          source_transaction: given.sourceChargeId,
          metadata: { op_id: operation.id, payout_id: given.payoutId },
        },
        keyOf(operation),
      );
      return transfer.id;
    });
  }

  /** What a vendor's account could pay out at once; charges take days to settle. */
  availableOn(accountId: string, currency: string): Promise<Minor> {
    return this.ask(async () => {
      const balance = await this.stripe.balance.retrieve({}, { stripeAccount: accountId });
      return BigInt(balance.available.find((part) => part.currency === currency)?.amount ?? 0);
    });
  }

  /** Sends a vendor's account's money to its bank. */
  payOut(operation: Operation, given: { amount: Minor; currency: string; accountId: string; payoutId: string }): Promise<string> {
    return this.ask(async () => {
      const params = { amount: Number(given.amount), currency: given.currency, metadata: { op_id: operation.id, payout_id: given.payoutId } };
      return (await this.stripe.payouts.create(params, { ...keyOf(operation), stripeAccount: given.accountId })).id;
    });
  }

  /** The transfer that an operation made, if it made one. */
  findTransfer(operation: Operation, destination: string): Promise<string | null> {
    return this.ask(() => idOfOperation(this.stripe.transfers.list({ limit: 100, destination }), operation));
  }

  /** The payout that an operation made, if it made one. */
  findPayout(operation: Operation, accountId: string): Promise<string | null> {
    return this.ask(() => idOfOperation(this.stripe.payouts.list({ limit: 100 }, { stripeAccount: accountId }), operation));
  }

  fetchPayout(id: string, accountId: string): Promise<{ id: string; isPaid: boolean; failure: string | null }> {
    return this.ask(async () => {
      const payout = await this.stripe.payouts.retrieve(id, {}, { stripeAccount: accountId });
      const failed = payout.status === 'failed' || payout.status === 'canceled';
      return { id: payout.id, isPaid: payout.status === 'paid', failure: failed ? (payout.failure_message ?? payout.status) : null };
    });
  }

  /**
   * @param body the bytes as they came in: any other reading of them has another signature.
   * @returns what the event is about; its state is not to be believed, only its id.
   * @throws Error when none of our secrets signed it, or the signature is older than five minutes.
   */
  readEvent(body: Buffer, signature: string, receivedAt: Date): { id: string; type: string; objectId: string; account: string | null } {
    let refusal: unknown = new Error('No webhook secret is set.');
    for (const secret of this.config.STRIPE_WEBHOOK_SECRET) {
      try {
        const event = this.stripe.webhooks.constructEvent(body, signature, secret, WEBHOOK_TOLERANCE_SECONDS, undefined, receivedAt.getTime());
        return { id: event.id, type: event.type, objectId: (event.data.object as { id?: string }).id ?? '', account: event.account ?? null };
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  }

  private async ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw toStripeFailure(error);
    }
  }
}

async function idOfOperation(objects: AsyncIterable<{ id: string; metadata: Stripe.Metadata | null }>, operation: Operation): Promise<string | null> {
  for await (const object of objects) if (object.metadata?.op_id === operation.id) return object.id;
  return null;
}

const keyOf = (operation: Operation): Stripe.RequestOptions => ({ idempotencyKey: operation.id });
const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const accountFacts = (account: Stripe.Account): AccountFacts => ({
  id: account.id,
  payoutsEnabled: account.payouts_enabled && account.capabilities?.transfers === 'active',
});

function intentFacts(intent: Stripe.PaymentIntent): IntentFacts {
  const charge = typeof intent.latest_charge === 'string' ? null : intent.latest_charge;
  const booked = charge && typeof charge.balance_transaction !== 'string' ? charge.balance_transaction : null;
  const isOver = intent.status === 'succeeded' || intent.status === 'processing';
  return {
    id: intent.id,
    paymentId: intent.metadata.payment_id ?? null,
    status: isOver ? (intent.status as 'succeeded' | 'processing') : 'failed',
    failure: isOver ? null : (intent.last_payment_error?.message ?? `The payment is ${intent.status.replaceAll('_', ' ')}.`),
    chargeId: charge?.id ?? (typeof intent.latest_charge === 'string' ? intent.latest_charge : null),
    fee: booked ? { balanceTransactionId: booked.id, amount: BigInt(booked.fee), currency: booked.currency } : null,
  };
}
