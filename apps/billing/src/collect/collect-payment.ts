/** Collects an invoice by one PaymentIntent, from the card that the buyer has on file. Without a card it waits. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Stage } from '#platform/stage.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Payment } from '#tables/billing/payment.ts';
import { StripeCustomer } from '#tables/billing/stripe-account.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { StripeGateway, type IntentFacts } from '../stripe/gateway.ts';
import { StripeFailure } from '../stripe/stripe.errors.ts';
import { Settlements } from './settle.ts';

@Injectable()
export class CollectPayment extends Stage {
  readonly queue = 'billing.collect-payment';

  constructor(
    private readonly db: DataSource,
    private readonly calls: ExternalCalls,
    private readonly stripe: StripeGateway,
    private readonly settlements: Settlements,
  ) {
    super();
  }

  /** @param id of a payment. */
  async work(id: string): Promise<void> {
    const payment = await this.db.manager.findOneBy(Payment, { id });
    if (!payment || payment.state === 'succeeded' || payment.state === 'failed') return;
    if (payment.stripePaymentIntentId) return this.settlements.apply(id, await this.stripe.fetchIntent(payment.stripePaymentIntentId));
    const customer = await this.db.manager.findOneBy(StripeCustomer, { buyerId: payment.buyerId });
    if (!customer?.customerId || !customer.paymentMethodId) return;
    const { customerId, paymentMethodId } = customer;
    const invoice = await this.db.manager.findOneByOrFail(Invoice, { id: payment.invoiceId });
    const { amountMinor: amount, currency, invoiceId } = payment;
    try {
      const intent = await this.calls.make<IntentFacts>(payment.externalCallId, {
        params: { paymentId: id, invoiceId, amount: String(amount), currency },
        call: (operation) => this.stripe.collect(operation, { customerId, paymentMethodId, amount, currency, invoiceId, number: invoice.number!, paymentId: id }),
        idOf: (made) => made.id,
        lookUp: (operation, since) => this.stripe.findIntent(operation, since),
      });
      await this.settlements.apply(id, intent);
    } catch (error) {
      if (!(error instanceof StripeFailure) || error.kind === 'later' || error.kind === 'unknown') throw error;
      await this.settlements.refuse(id, error.objectId, error.message);
    }
  }

  /** Payments that are not over, of buyers who have a card. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select payment.id from billing.payment join billing.stripe_customer on stripe_customer.buyer_id = payment.buyer_id
       where payment.state in ('planned', 'processing') and stripe_customer.payment_method_id is not null limit 200`,
    );
    return rows.map((row) => row.id);
  }
}
