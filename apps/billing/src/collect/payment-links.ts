/**
 * An invoice that its buyer pays on a page of Stripe's: without a card on file, and before it is due if the buyer likes. While the page
 * is open nothing else collects the invoice. What is paid there is booked as any payment is.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { isCollectable } from '#domain/payment.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Payment } from '#tables/billing/payment.ts';
import { answering } from '../accounts/answering.ts';
import { leastCollectable } from '../stripe/amounts.ts';
import { StripeCheckout } from '../stripe/checkout.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { Collection } from './collection.ts';
import { LinkPages } from './link-pages.ts';
import type { PaymentLinkView } from './payment-links.schema.ts';

@Injectable()
export class PaymentLinks {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly checkout: StripeCheckout,
    private readonly calls: ExternalCalls,
    private readonly collection: Collection,
    private readonly pages: LinkPages,
  ) {}

  /**
   * @throws DomainError `missing`, also when it is another buyer's; `invoice_is_paid`, `invoice_being_collected`, `too_small_to_pay`,
   *   `stripe_refused`, `stripe_unavailable`
   */
  async make(caller: Caller, invoiceId: string): Promise<PaymentLinkView> {
    const { buyerId } = await ownInvoice(this.db.manager, caller, invoiceId);
    const paymentId = await this.db.transaction(async (tx) => {
      // As whoever plans a collection: one at a time for a buyer, before the invoice is locked.
      await this.collection.takeTurns(tx, buyerId);
      return this.plan(tx, invoiceId);
    });
    await answering(this.pages.open(paymentId));
    return this.get(caller, invoiceId);
  }

  /** The latest of an invoice. @throws DomainError `missing` */
  async get(caller: Caller, invoiceId: string): Promise<PaymentLinkView> {
    return viewOf(invoiceId, await this.linkOf(caller, invoiceId));
  }

  /** @throws DomainError `missing`, `link_is_over` when it was paid there, or is over */
  async withdraw(caller: Caller, invoiceId: string): Promise<PaymentLinkView> {
    const link = await this.linkOf(caller, invoiceId);
    if (!link.linkUrl || !link.stripeSessionId)
      throw new DomainError('conflict', 'link_is_over', 'This link was used, or is over already; look at the invoice.');
    const session = await answering(this.checkout.expire(link.stripeSessionId));
    await this.db.transaction((tx) => this.pages.merge(tx, session, null));
    return viewOf(invoiceId, await this.db.manager.findOneByOrFail(Payment, { id: link.id }));
  }

  private async plan(tx: EntityManager, invoiceId: string): Promise<string> {
    const invoice = await tx.findOneOrFail(Invoice, { where: { id: invoiceId }, lock: { mode: 'pessimistic_write' } });
    if (invoice.state !== 'open')
      throw new DomainError('conflict', 'invoice_is_paid', 'Nothing is due of this invoice; there is nothing to pay.');
    const before = invoice.paymentId === null ? null : await tx.findOneBy(Payment, { id: invoice.paymentId });
    if (before && before.state !== 'failed') {
      if (before.via === 'link') return before.id;
      throw new DomainError(
        'conflict',
        'invoice_being_collected',
        'This invoice is being collected from the payment method on file; wait for what comes of it.',
      );
    }
    const { buyerId, currency } = invoice;
    const amountMinor = invoice.totalMinor - invoice.creditMinor - invoice.creditedMinor;
    if (!isCollectable(amountMinor, leastCollectable(currency)))
      throw new DomainError(
        'conflict',
        'too_small_to_pay',
        'This is less than can be paid by card; it is collected with the next one.',
      );
    const id = newId();
    await tx.insert(Payment, {
      id,
      buyerId,
      amountMinor,
      currency,
      state: 'planned',
      via: 'link',
      linkedInvoiceId: invoiceId,
      externalCallId: await this.calls.plan(tx, 'checkout.sessions.create'),
      createdAt: this.clock.now(),
    });
    await tx.update(Invoice, { id: invoiceId }, { paymentId: id });
    return id;
  }

  private async linkOf(caller: Caller, invoiceId: string): Promise<Payment> {
    await ownInvoice(this.db.manager, caller, invoiceId);
    const latest = await this.db.manager.findOne(Payment, {
      where: { linkedInvoiceId: invoiceId },
      order: { createdAt: 'desc', id: 'desc' },
    });
    if (!latest) throw missing('payment_link');
    return latest;
  }
}

async function ownInvoice(tx: EntityManager, caller: Caller, id: string): Promise<Invoice> {
  const invoice = await tx.findOneBy(Invoice, { id });
  const isTheirs = caller.kind === 'operator' || invoice?.buyerId === caller.organizationId;
  if (!invoice?.number || !isTheirs) throw missing('invoice');
  return invoice;
}

const viewOf = (invoiceId: string, payment: Payment): PaymentLinkView => ({
  paymentId: payment.id,
  invoiceId,
  amountMinor: String(payment.amountMinor),
  currency: payment.currency,
  state: payment.state,
  url: payment.linkUrl,
  expiresAt: payment.linkExpiresAt?.toISOString() ?? null,
  failure: payment.failure,
});
