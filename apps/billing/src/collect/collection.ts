/**
 * Plans the collection of what a buyer owes: the payment row and the call it will make, in the transaction of whoever asks for it.
 */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { isCollectable } from '#domain/payment.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Payment } from '#tables/billing/payment.ts';
import { leastCollectable } from '../stripe/amounts.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';

@Injectable()
export class Collection {
  constructor(
    private readonly clock: Clock,
    private readonly calls: ExternalCalls,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * One payment for all invoices of a buyer and currency that are due and that nothing is collecting: the new one, what was too small
   * to be collected alone (docs/MONEY.md R12), and what failed before.
   */
  async plan(tx: EntityManager, buyerId: string, currency: string): Promise<void> {
    const invoices = await tx
      .createQueryBuilder(Invoice, 'invoice')
      .setLock('pessimistic_write')
      .where(
        `invoice.buyer_id = :buyerId and invoice.currency = :currency and invoice.state = 'open' and invoice.due_at <= :now`,
        {
          buyerId,
          currency,
          now: this.clock.now(),
        },
      )
      .orderBy('invoice.id')
      .getMany();
    const attempts = await tx.findBy(Payment, {
      id: In(invoices.map((invoice) => invoice.paymentId).filter((id) => id !== null)),
    });
    const busy = new Set(attempts.filter((payment) => payment.state !== 'failed').map((payment) => payment.id));
    const waiting = invoices.filter((invoice) => !invoice.paymentId || !busy.has(invoice.paymentId));
    const amountMinor = waiting.reduce(
      (sum, invoice) => sum + invoice.totalMinor - invoice.creditMinor - invoice.creditedMinor,
      0n,
    );
    if (!isCollectable(amountMinor, leastCollectable(currency))) return;
    const id = newId();
    await tx.insert(Payment, {
      id,
      buyerId,
      amountMinor,
      currency,
      state: 'planned',
      externalCallId: await this.calls.plan(tx, 'payment_intents.create'),
      stripePaymentIntentId: null,
      stripeChargeId: null,
      stripeFeeMinor: null,
      availableAt: null,
      failure: null,
      createdAt: this.clock.now(),
      checkedAt: null,
      settledAt: null,
    });
    await tx.update(Invoice, { id: In(waiting.map((invoice) => invoice.id)) }, { paymentId: id });
    await this.doorbell.ring(tx, 'billing.collect-payment', id);
  }

  /** In every currency the buyer owes in. */
  async planAll(tx: EntityManager, buyerId: string): Promise<void> {
    await this.takeTurns(tx, buyerId);
    const owed: Array<{ currency: string }> = await tx.query(
      `select distinct invoice.currency from billing.invoice where invoice.buyer_id = $1 and invoice.state = 'open' order by invoice.currency`,
      [buyerId],
    );
    for (const { currency } of owed) await this.plan(tx, buyerId, currency);
  }

  /**
   * Naming a card and noting that a payment failed wait for each other until commit. Otherwise each could miss what the other
   * writes, and a buyer with a good card would stay past due.
   */
  async takeTurns(tx: EntityManager, buyerId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`collection:${buyerId}`]);
  }
}
