/** Stripe's pages behind payment links: opened once for each payment, and what became of them merged, however it is told. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Payment } from '#tables/billing/payment.ts';
import { StripeCustomer } from '#tables/billing/stripe-account.ts';
import { BillingConfig } from '../config.ts';
import { StripeCheckout, type LinkParams, type Session } from '../stripe/checkout.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { StripeGateway } from '../stripe/gateway.ts';
import type { Intent } from '../stripe/stripe.read.ts';
import { invoiceNumbersOf, Settlements } from './settlements.ts';

@Injectable()
export class LinkPages {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly checkout: StripeCheckout,
    private readonly stripe: StripeGateway,
    private readonly calls: ExternalCalls,
    private readonly settlements: Settlements,
  ) {}

  /** Opens the page of a planned payment; one that is open stays. @throws StripeFailure when it is to be tried again */
  async open(paymentId: string): Promise<void> {
    const payment = await this.db.manager.findOneByOrFail(Payment, { id: paymentId });
    if (payment.state !== 'planned') return;
    await this.calls.make<LinkParams, Session>(payment.externalCallId, {
      params: () => this.paramsOf(payment),
      send: (params, mark) => this.checkout.open(params, mark),
      find: (_params, opId, since) => this.checkout.find(opId, since),
      record: async (tx, { object, failure }) => {
        if (!object) return this.settlements.endLink(tx, paymentId, failure.message);
        const { id: stripeSessionId, url: linkUrl, expiresAt: linkExpiresAt } = object;
        const opened = { stripeSessionId, linkUrl, linkExpiresAt, checkedAt: this.clock.now() };
        await tx.update(Payment, { id: paymentId, state: 'planned' }, { state: 'processing', ...opened });
      },
    });
  }

  /** Asks Stripe what became of a page whose news did not come. */
  async ask(sessionId: string): Promise<void> {
    const { session, intent } = await this.look(sessionId);
    await this.db.transaction((tx) => this.merge(tx, session, intent));
  }

  async look(sessionId: string): Promise<{ session: Session; intent: Intent | null }> {
    const session = await this.checkout.fetch(sessionId);
    const intent = session.paymentIntentId === null ? null : await this.stripe.fetchPaymentIntent(session.paymentIntentId);
    return { session, intent };
  }

  /** A page that is none of ours changes nothing. */
  async merge(tx: EntityManager, session: Session, intent: Intent | null): Promise<void> {
    const payment = await tx.findOneBy(Payment, { stripeSessionId: session.id });
    if (!payment) return;
    if (intent) await this.settlements.merge(tx, intent);
    if (session.state !== 'open') await tx.update(Payment, { id: payment.id }, { linkUrl: null });
    if (session.state === 'expired') await this.settlements.endLink(tx, payment.id, 'The payment link was not used in time.');
    // A bank debit that was agreed to on the page came back days later.
    if (session.state === 'complete' && intent?.state === 'failed')
      await this.settlements.endLink(tx, payment.id, intent.failure ?? 'The payment came back.');
    await tx.update(Payment, { id: payment.id }, { checkedAt: this.clock.now() });
  }

  private async paramsOf({ id, buyerId, amountMinor, currency }: Payment): Promise<LinkParams> {
    const payer = await this.db.manager.findOneBy(StripeCustomer, { buyerId });
    return {
      customerId: payer?.customerId ?? null,
      amount: String(amountMinor),
      currency,
      description: `Invoice ${(await invoiceNumbersOf(this.db.manager, id)).join(', ')}`,
      group: id,
      returnUrl: `${this.config.PUBLIC_URL}/invoices`,
    };
  }
}
