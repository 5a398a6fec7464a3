/**
 * Plans the collection of what a buyer owes: the payment row and the call it will make, in the transaction of whoever asks for it.
 */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Minor } from '#domain/money.ts';
import { isCollectable } from '#domain/payment.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { insertAll } from '#platform/insert-all.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Payment } from '#tables/billing/payment.ts';
import { leastCollectable } from '../stripe/amounts.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';

interface Debtor {
  buyerId: string;
  currency: string;
}

/** What one payment is to collect. */
interface Owed extends Debtor {
  invoices: readonly Invoice[];
  amountMinor: Minor;
}

const leftOf = ({ totalMinor, creditMinor, creditedMinor }: Invoice): Minor => totalMinor - creditMinor - creditedMinor;

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
    return this.planEach(tx, [{ buyerId, currency }]);
  }

  /** The same for each of many. */
  async planEach(tx: EntityManager, debtors: readonly Debtor[]): Promise<void> {
    const invoices = await tx
      .createQueryBuilder(Invoice, 'invoice')
      .setLock('pessimistic_write')
      .where(
        `(invoice.buyer_id, invoice.currency) in (select * from unnest(:buyerIds::uuid[], :currencies::text[]))
         and invoice.state = 'open' and invoice.due_at <= :now`,
        {
          buyerIds: debtors.map(({ buyerId }) => buyerId),
          currencies: debtors.map(({ currency }) => currency),
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
    const owed = [...Map.groupBy(waiting, ({ buyerId, currency }) => `${buyerId} ${currency}`).values()]
      .map((own) => ({ invoices: own, ...own[0]!, amountMinor: own.reduce((sum, invoice) => sum + leftOf(invoice), 0n) }))
      .filter(({ amountMinor, currency }) => isCollectable(amountMinor, leastCollectable(currency)));
    await this.charge(tx, owed);
  }

  /**
   * One invoice now, at its buyer's word: before it is due, or after it was written off.
   * @throws DomainError `missing`, `invoice_is_paid`, `invoice_being_collected`, `too_small_to_collect`
   */
  async planOne(tx: EntityManager, buyerId: string, invoiceId: string): Promise<void> {
    await this.takeTurns(tx, buyerId);
    const invoice = await tx.findOne(Invoice, { where: { id: invoiceId, buyerId }, lock: { mode: 'pessimistic_write' } });
    if (!invoice || invoice.state === 'draft') throw missing('invoice');
    if (invoice.state === 'paid') throw new DomainError('conflict', 'invoice_is_paid', 'This invoice is paid.');
    const payment = invoice.paymentId === null ? null : await tx.findOneBy(Payment, { id: invoice.paymentId });
    if (payment && payment.state !== 'failed')
      throw new DomainError('conflict', 'invoice_being_collected', 'This invoice is being collected; wait for what comes of it.');
    const { currency } = invoice;
    const amountMinor = leftOf(invoice);
    if (!isCollectable(amountMinor, leastCollectable(currency)))
      throw new DomainError(
        'conflict',
        'too_small_to_collect',
        'This is less than can be collected alone; it is collected with your next invoice.',
      );
    await this.charge(tx, [{ invoices: [invoice], buyerId, currency, amountMinor }]);
  }

  private async charge(tx: EntityManager, owed: readonly Owed[]): Promise<void> {
    if (owed.length === 0) return;
    const calls = await this.calls.planAll(tx, 'payment_intents.create', owed.length);
    const payments = owed.map(({ buyerId, currency, amountMinor }, index): Payment => ({
      id: newId(),
      buyerId,
      amountMinor,
      currency,
      state: 'planned',
      via: 'card',
      linkedInvoiceId: null,
      stripeSessionId: null,
      linkUrl: null,
      linkExpiresAt: null,
      externalCallId: calls[index]!,
      stripePaymentIntentId: null,
      stripeChargeId: null,
      stripeFeeMinor: null,
      availableAt: null,
      failure: null,
      createdAt: this.clock.now(),
      checkedAt: null,
      settledAt: null,
    }));
    await insertAll(tx, Payment, payments);
    const collected = owed.flatMap((own, index) => own.invoices.map(({ id }) => ({ id, paymentId: payments[index]!.id })));
    await tx.query(
      `update billing.invoice set payment_id = collected.payment_id from unnest($1::uuid[], $2::uuid[]) as collected (id, payment_id)
        where invoice.id = collected.id`,
      [collected.map(({ id }) => id), collected.map(({ paymentId }) => paymentId)],
    );
    await this.doorbell.ringAll(
      tx,
      'billing.collect-payment',
      payments.map(({ id }) => id),
    );
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
