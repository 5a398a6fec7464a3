/** Plans the collection of an open invoice: the payment row and the call it will make, in the transaction of whoever asks for it. */
import type { EntityManager } from 'typeorm';
import type { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import type { Invoice } from '#tables/billing/invoice.ts';
import { Payment } from '#tables/billing/payment.ts';
import type { ExternalCalls } from '../stripe/external-calls.ts';

/** @returns the payment's id. The index `payment_live` lets one payment of an invoice be under way at a time. */
export async function planPayment(
  tx: EntityManager,
  { invoice, calls, doorbell, now }: { invoice: Pick<Invoice, 'id' | 'buyerId' | 'currency' | 'totalMinor'>; calls: ExternalCalls; doorbell: Doorbell; now: Date },
): Promise<string> {
  const id = newId();
  const params = { paymentId: id, invoiceId: invoice.id, amount: String(invoice.totalMinor), currency: invoice.currency };
  await tx.insert(Payment, {
    id,
    invoiceId: invoice.id,
    buyerId: invoice.buyerId,
    amountMinor: invoice.totalMinor,
    currency: invoice.currency,
    state: 'planned',
    externalCallId: await calls.plan(tx, 'payment_intents.create', params),
    stripePaymentIntentId: null,
    stripeChargeId: null,
    failure: null,
    createdAt: now,
    settledAt: null,
  });
  await doorbell.ring(tx, 'billing.collect-payment', id);
  return id;
}
