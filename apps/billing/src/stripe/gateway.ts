/**
 * The port to Stripe: our verbs, in Stripe's words. Every object that is made carries `metadata.op_id`, the id of our row that
 * asked for it; amounts are minor units. The only file (with its neighbours) that knows the SDK.
 */
import { Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { BillingConfig } from '../config.ts';
import { toStripe } from './amounts.ts';
import { asked, first, keyed, page, stripeClient, type Mark } from './client.ts';
import {
  accountOf,
  bankPayoutOf,
  intentOf,
  labelOf,
  type BankPayout,
  type ConnectedAccount,
  type Intent,
} from './stripe.read.ts';

export interface StripeEvent {
  id: string;
  type: string;
  objectId: string;
  account: string | null;
}

/* What goes into a call. Kept as JSON with the call's first attempt, so amounts are decimal strings. */
export interface CustomerParams {
  name: string;
  buyerId: string;
}
export interface AccountParams {
  country: string;
  email: string;
  vendorId: string;
}
export interface CollectParams {
  customerId: string;
  paymentMethodId: string;
  amount: string;
  currency: string;
  description: string;
  group: string;
}
export interface TransferParams {
  accountId: string;
  /** The charge that the money came with; null for the platform's own balance. */
  sourceChargeId: string | null;
  amount: string;
  currency: string;
  group: string;
}
export interface PayoutParams {
  accountId: string;
  amount: string;
  currency: string;
}

const WEBHOOK_TOLERANCE_SECONDS = 300;
const EXPAND = ['latest_charge.balance_transaction'];

@Injectable()
export class StripeGateway {
  private readonly stripe: Stripe;

  constructor(private readonly config: BillingConfig) {
    this.stripe = stripeClient(config);
  }

  async createCustomer({ name, buyerId }: CustomerParams, mark: Mark): Promise<{ id: string }> {
    return asked(this.stripe.customers.create({ name, metadata: { op_id: mark.opId, buyer_id: buyerId } }, keyed(mark)));
  }

  findCustomer(opId: string, since: Date): Promise<{ id: string } | undefined> {
    return asked(first(this.stripe.customers.list(page(since)), opId));
  }

  /**
   * Keeps a payment method with a customer, as the one that invoices are charged to.
   * @returns its own id (a test id such as `pm_card_visa` stands for a new one) and what a person knows it by.
   */
  async attachCard(customerId: string, paymentMethodId: string): Promise<{ id: string; label: string }> {
    const method = await asked(this.stripe.paymentMethods.attach(paymentMethodId, { customer: customerId }));
    if (isBankDebit(method)) await this.agreeToDebits(customerId, method);
    await asked(this.stripe.customers.update(customerId, { invoice_settings: { default_payment_method: method.id } }));
    return { id: method.id, label: labelOf(method) };
  }

  /** No bank is debited without its holder's mandate; naming the account to us, under our terms, is the acceptance of one. */
  private async agreeToDebits(customer: string, { id, type }: Stripe.PaymentMethod): Promise<void> {
    const setup: Stripe.SetupIntentCreateParams = {
      customer,
      payment_method: id,
      allowed_payment_method_types: [type as Stripe.SetupIntentCreateParams.AllowedPaymentMethodType],
      usage: 'off_session',
      confirm: true,
      mandate_data: { customer_acceptance: { type: 'offline' } },
    };
    await asked(this.stripe.setupIntents.create(setup));
  }

  /** An Express account: Stripe itself asks its owner who they are, and we decide when it is paid out. */
  async createConnectedAccount({ country, email, vendorId }: AccountParams, mark: Mark): Promise<ConnectedAccount> {
    const params: Stripe.AccountCreateParams = {
      country,
      email,
      controller: {
        fees: { payer: 'application' },
        losses: { payments: 'application' },
        requirement_collection: 'stripe',
        stripe_dashboard: { type: 'express' },
      },
      capabilities: { transfers: { requested: true } },
      settings: { payouts: { schedule: { interval: 'manual' } } },
      metadata: { op_id: mark.opId, vendor_id: vendorId },
    };
    return accountOf(await asked(this.stripe.accounts.create(params, keyed(mark))));
  }

  async findConnectedAccount(opId: string, since: Date): Promise<ConnectedAccount | undefined> {
    const account = await asked(first(this.stripe.accounts.list(page(since)), opId));
    return account && accountOf(account);
  }

  async fetchConnectedAccount(id: string): Promise<ConnectedAccount> {
    return accountOf(await asked(this.stripe.accounts.retrieve(id)));
  }

  /** Where its owner tells Stripe who they are; good for one visit, within minutes. */
  async onboardingUrl(accountId: string, returnUrl: string): Promise<string> {
    const link = { account: accountId, type: 'account_onboarding' as const, refresh_url: returnUrl, return_url: returnUrl };
    return (await asked(this.stripe.accountLinks.create(link))).url;
  }

  /** Charges a customer's card while the customer is away. */
  async collect(params: CollectParams, mark: Mark): Promise<Intent> {
    const { customerId, paymentMethodId, currency, description, group } = params;
    const create: Stripe.PaymentIntentCreateParams = {
      amount: toStripe(BigInt(params.amount), currency),
      currency,
      customer: customerId,
      payment_method: paymentMethodId,
      confirm: true,
      off_session: true,
      // At once, so that the answer says what Stripe keeps of it.
      capture_method: 'automatic',
      description,
      transfer_group: group,
      metadata: { op_id: mark.opId },
      expand: EXPAND,
    };
    return intentOf(await asked(this.stripe.paymentIntents.create(create, keyed(mark))));
  }

  async findPaymentIntent(customerId: string, opId: string, since: Date): Promise<Intent | undefined> {
    const found = await asked(first(this.stripe.paymentIntents.list({ ...page(since), customer: customerId }), opId));
    return found && this.fetchPaymentIntent(found.id);
  }

  async fetchPaymentIntent(id: string): Promise<Intent> {
    return intentOf(await asked(this.stripe.paymentIntents.retrieve(id, { expand: EXPAND })));
  }

  /** @returns the intent that a charge belongs to, if any. */
  async intentOfCharge(chargeId: string): Promise<string | null> {
    const { payment_intent: intent } = await asked(this.stripe.charges.retrieve(chargeId));
    return typeof intent === 'string' ? intent : (intent?.id ?? null);
  }

  /** Passes a part of a charge's money, or of the platform's own, on to a vendor's account. */
  async transfer(params: TransferParams, mark: Mark): Promise<{ id: string }> {
    const { accountId, sourceChargeId, currency, group } = params;
    const create: Stripe.TransferCreateParams = {
      amount: toStripe(BigInt(params.amount), currency),
      currency,
      destination: accountId,
      ...(sourceChargeId !== null && { source_transaction: sourceChargeId }),
      transfer_group: group,
      metadata: { op_id: mark.opId },
    };
    return asked(this.stripe.transfers.create(create, keyed(mark)));
  }

  findTransfer(accountId: string, opId: string, since: Date): Promise<{ id: string } | undefined> {
    return asked(first(this.stripe.transfers.list({ ...page(since), destination: accountId }), opId));
  }

  /** Sends what a vendor's account holds to the vendor's bank. */
  async payOut({ accountId, amount, currency }: PayoutParams, mark: Mark): Promise<BankPayout> {
    const create = { amount: toStripe(BigInt(amount), currency), currency, metadata: { op_id: mark.opId } };
    return bankPayoutOf(await asked(this.stripe.payouts.create(create, { ...keyed(mark), stripeAccount: accountId })));
  }

  async findPayout(accountId: string, opId: string, since: Date): Promise<BankPayout | undefined> {
    const found = await asked(first(this.stripe.payouts.list(page(since), { stripeAccount: accountId }), opId));
    return found && bankPayoutOf(found);
  }

  async fetchPayout(accountId: string, id: string): Promise<BankPayout> {
    return bankPayoutOf(await asked(this.stripe.payouts.retrieve(id, {}, { stripeAccount: accountId })));
  }

  /** @returns what a webhook tells of, or undefined when it is not signed by Stripe, or not lately. */
  readEvent(body: Buffer, signature: string, now: Date): StripeEvent | undefined {
    for (const secret of [...this.config.STRIPE_WEBHOOK_SECRET, ...(this.config.STRIPE_CONNECT_WEBHOOK_SECRET ?? [])]) {
      try {
        const at = now.getTime();
        const event = this.stripe.webhooks.constructEvent(body, signature, secret, WEBHOOK_TOLERANCE_SECONDS, undefined, at);
        const object = event.data.object as { id?: string };
        return { id: event.id, type: event.type, objectId: object.id ?? '', account: event.account ?? null };
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
      }
    }
    return undefined;
  }
}

const isBankDebit = ({ type }: Stripe.PaymentMethod): boolean => type === 'us_bank_account' || type === 'sepa_debit';
