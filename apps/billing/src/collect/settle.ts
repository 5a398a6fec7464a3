/** What Stripe says of a payment becomes ours here, from wherever we heard it: our own call, a webhook, a look-up. Only forwards. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { paymentSucceeded, stripeFee } from '#domain/ledger.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Payment } from '#tables/billing/payment.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { IntentFacts } from '../stripe/gateway.ts';

@Injectable()
export class Settlements {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Merges the state of an intent into its payment. Telling it again, late or out of order changes nothing: `succeeded` is
   * never left, and money that came in is booked once.
   */
  async apply(paymentId: string, intent: IntentFacts): Promise<void> {
    await this.db.transaction(async (tx) => {
      const payment = await tx.findOne(Payment, { where: { id: paymentId }, lock: { mode: 'pessimistic_write' } });
      if (!payment) return;
      if (intent.status === 'succeeded') await this.succeed(tx, payment, intent);
      else if (payment.state === 'succeeded') return;
      else if (intent.status === 'failed') await this.fail(tx, payment, intent.id, intent.failure ?? 'The payment failed.');
      else await tx.update(Payment, { id: payment.id }, { state: 'processing', stripePaymentIntentId: intent.id });
    });
  }

  /** The call itself was refused. @param intentId what Stripe made all the same, if anything */
  async refuse(paymentId: string, intentId: string | null, reason: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const payment = await tx.findOne(Payment, { where: { id: paymentId }, lock: { mode: 'pessimistic_write' } });
      if (payment && payment.state !== 'succeeded') await this.fail(tx, payment, intentId, reason);
    });
  }

  private async succeed(tx: EntityManager, payment: Payment, intent: IntentFacts): Promise<void> {
    const now = this.clock.now();
    const { buyerId, currency, amountMinor: amount } = payment;
    await tx.update(Payment, { id: payment.id }, { state: 'succeeded', stripePaymentIntentId: intent.id, stripeChargeId: intent.chargeId, failure: null, settledAt: payment.settledAt ?? now });
    await this.ledger.post(tx, { ...paymentSucceeded({ paymentIntentId: intent.id, buyerId, currency, amount }), effectiveAt: payment.settledAt ?? now });
    if (intent.fee) await this.ledger.post(tx, { ...stripeFee({ ...intent.fee, fee: intent.fee.amount }), effectiveAt: payment.settledAt ?? now });
    if (payment.state === 'succeeded') return;
    await tx.update(Invoice, { id: payment.invoiceId, state: 'open' }, { state: 'paid', paidAt: now });
    const owes = await tx.existsBy(Invoice, { buyerId, state: 'open' });
    if (!owes) await tx.query(`update billing.standing set state = 'good', since = $2 where standing.buyer_id = $1 and standing.state <> 'good'`, [buyerId, now]);
    await this.doorbell.ring(tx, 'billing.release-shares', payment.invoiceId);
  }

  private async fail(tx: EntityManager, payment: Payment, intentId: string | null, reason: string): Promise<void> {
    if (payment.state === 'failed') return;
    const now = this.clock.now();
    await tx.update(Payment, { id: payment.id }, { state: 'failed', stripePaymentIntentId: intentId, failure: reason.slice(0, 500), settledAt: now });
    await tx.query(
      `insert into billing.standing as standing (buyer_id, state, since) values ($1, 'past_due', $2)
       on conflict (buyer_id) do update set state = 'past_due', since = excluded.since where standing.state = 'good'`,
      [payment.buyerId, now],
    );
  }
}
