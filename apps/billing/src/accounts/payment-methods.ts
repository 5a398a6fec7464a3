/** The card that a buyer's invoices are collected from. A new card also tries what an old one could not pay. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { StripeCustomer } from '#tables/billing/stripe-account.ts';
import { planPayment } from '../collect/plan-payment.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { StripeGateway } from '../stripe/gateway.ts';
import { StripeFailure } from '../stripe/stripe.errors.ts';
import type { NewPaymentMethod, PaymentMethodView } from './payment-methods.schema.ts';

@Injectable()
export class PaymentMethods {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly calls: ExternalCalls,
    private readonly stripe: StripeGateway,
    private readonly doorbell: Doorbell,
  ) {}

  async get({ organizationId: buyerId }: Caller): Promise<PaymentMethodView> {
    const customer = await this.db.manager.findOneBy(StripeCustomer, { buyerId });
    return { paymentMethodId: customer?.paymentMethodId ?? null, label: customer?.cardLabel ?? null };
  }

  /** @throws DomainError `payment_method_refused` with Stripe's reason; `stripe_unavailable`. */
  async set({ organizationId: buyerId }: Caller, { paymentMethodId }: NewPaymentMethod): Promise<PaymentMethodView> {
    try {
      const customerId = await this.customerOf(buyerId);
      const card = await this.stripe.attachCard(customerId, paymentMethodId);
      await this.db.transaction(async (tx) => {
        await tx.update(StripeCustomer, { buyerId }, { paymentMethodId: card.id, cardLabel: card.label });
        await this.tryAgain(tx, buyerId);
      });
      return { paymentMethodId: card.id, label: card.label };
    } catch (error) {
      throw forPeople(error);
    }
  }

  private async customerOf(buyerId: string): Promise<string> {
    await this.db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`stripe_customer:${buyerId}`]);
      if (await tx.existsBy(StripeCustomer, { buyerId })) return;
      const externalCallId = await this.calls.plan(tx, 'customers.create', { buyerId });
      await tx.insert(StripeCustomer, { buyerId, externalCallId, customerId: null, paymentMethodId: null, cardLabel: null, createdAt: this.clock.now() });
    });
    const row = await this.db.manager.findOneByOrFail(StripeCustomer, { buyerId });
    if (row.customerId) return row.customerId;
    const [{ name }] = await this.db.query('select organization.name from api.organization where organization.id = $1', [buyerId]);
    const customerId = await this.calls.make(row.externalCallId, { params: { buyerId }, call: (operation) => this.stripe.createCustomer(operation, { buyerId, name }), idOf: (id) => id });
    await this.db.manager.update(StripeCustomer, { buyerId }, { customerId });
    return customerId;
  }

  /** Open invoices that no payment is under way for get one, and planned ones are rung for: now there is a card. */
  private async tryAgain(tx: DataSource['manager'], buyerId: string): Promise<void> {
    const open = await tx.find(Invoice, { where: { buyerId, state: 'open' }, lock: { mode: 'pessimistic_write' }, order: { finalisedAt: 'asc' } });
    for (const invoice of open) {
      const [live] = await tx.query(`select payment.id from billing.payment where payment.invoice_id = $1 and payment.state <> 'failed'`, [invoice.id]);
      if (live) await this.doorbell.ring(tx, 'billing.collect-payment', live.id);
      else await planPayment(tx, { invoice, calls: this.calls, doorbell: this.doorbell, now: this.clock.now() });
    }
  }
}

/** What a person is told of Stripe's answer. */
export function forPeople(error: unknown): unknown {
  if (!(error instanceof StripeFailure)) return error;
  if (error.kind === 'declined' || error.kind === 'refused') return new DomainError('conflict', 'refused_by_stripe', `Stripe refused: ${error.message}`);
  return new DomainError('unavailable', 'stripe_unavailable', 'Stripe does not answer at the moment. Try again shortly; nothing is done twice.');
}
