/** Charges the buyer's card for a planned payment, and asks after one whose news did not come. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Payment } from '#tables/billing/payment.ts';
import { StripeCustomer } from '#tables/billing/stripe-account.ts';
import { ExternalCalls, type Outcome } from '../stripe/external-calls.ts';
import { StripeGateway, type CollectParams } from '../stripe/gateway.ts';
import type { Intent } from '../stripe/stripe.read.ts';
import { LinkPages } from './link-pages.ts';
import { invoiceNumbersOf, Settlements } from './settlements.ts';

const ASK_AGAIN_MS = 3_600_000;
/** Stripe may know its own fee a little after the payment. */
const ASK_FOR_FEE_MS = 60_000;

@Injectable()
export class CollectPayment extends Stage {
  readonly queue = 'billing.collect-payment';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeGateway,
    private readonly calls: ExternalCalls,
    private readonly settlements: Settlements,
    private readonly pages: LinkPages,
  ) {
    super();
  }

  /** @param id of a payment. */
  async work(id: string): Promise<void> {
    const payment = await this.db.manager.findOneBy(Payment, { id });
    if (!payment || payment.state === 'failed') return;
    if (payment.via === 'link' && payment.state === 'planned') return this.pages.open(id);
    if (payment.state === 'planned') return this.collect(payment);
    if (payment.state === 'processing' && payment.stripeSessionId) return this.pages.ask(payment.stripeSessionId);
    if (payment.stripePaymentIntentId) await this.ask(payment.stripePaymentIntentId);
  }

  /** Planned ones, and those that Stripe should have told more of by now: a webhook can be lost for ever. */
  async due(): Promise<string[]> {
    const now = this.clock.now().getTime();
    const rows: Array<{ id: string }> = await this.db.query(
      `select payment.id from billing.payment where payment.state = 'planned'
         or (payment.state = 'processing' and payment.checked_at <= $1)
         or (payment.state = 'succeeded' and payment.stripe_fee_minor is null and payment.checked_at <= $2)
       order by payment.created_at limit 200`,
      [new Date(now - ASK_AGAIN_MS), new Date(now - ASK_FOR_FEE_MS)],
    );
    return rows.map((row) => row.id);
  }

  private async collect(payment: Payment): Promise<void> {
    const payer = await this.db.manager.findOneBy(StripeCustomer, { buyerId: payment.buyerId });
    const { customerId, paymentMethodId } = payer ?? {};
    if (!customerId || !paymentMethodId) {
      return this.db.transaction((tx) => this.settlements.fail(tx, payment.id, 'There is no payment method on file.'));
    }
    await this.calls.make<CollectParams, Intent>(payment.externalCallId, {
      params: async () => ({
        customerId,
        paymentMethodId,
        amount: String(payment.amountMinor),
        currency: payment.currency,
        description: (await invoiceNumbersOf(this.db.manager, payment.id)).join(', '),
        group: payment.id,
      }),
      send: (params, mark) => this.stripe.collect(params, mark),
      find: (params, opId, since) => this.stripe.findPaymentIntent(params.customerId, opId, since),
      record: (tx, outcome) => this.record(tx, payment.id, outcome),
    });
  }

  private async record(
    tx: Parameters<Settlements['merge']>[0],
    paymentId: string,
    { object, failure }: Outcome<Intent>,
  ): Promise<void> {
    if (object) return this.settlements.merge(tx, object);
    // Stripe keeps the intent of a declined card; its later news must find the payment.
    if (failure.objectId) await tx.update(Payment, { id: paymentId }, { stripePaymentIntentId: failure.objectId });
    await this.settlements.fail(tx, paymentId, failure.message);
  }

  private async ask(paymentIntentId: string): Promise<void> {
    const intent = await this.stripe.fetchPaymentIntent(paymentIntentId);
    await this.db.transaction((tx) => this.settlements.merge(tx, intent));
  }
}
