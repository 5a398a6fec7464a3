/**
 * What Stripe says of a payment becomes our books. News comes as the answer to our own call, by webhook, or by asking again; it
 * all ends here, and here it may come twice, late or in any order.
 */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { paymentSucceeded, stripeFee } from '#domain/ledger/payment.ts';
import { standingOf, type StandingState } from '#domain/dunning.ts';
import { writeOffKeyOf, writeOffRecovered } from '#domain/ledger/write-off.ts';
import { laterPayment } from '#domain/payment.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { ExternalCall } from '#tables/billing/external-call.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Journal, Posting } from '#tables/billing/journal.ts';
import { Payment } from '#tables/billing/payment.ts';
import { StripeCustomer } from '#tables/billing/stripe-account.ts';
import { WriteOff } from '#tables/billing/write-off.ts';
import { BillingConfig } from '../config.ts';
import { policyOf } from '../dunning/debts.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { CollectParams } from '../stripe/gateway.ts';
import type { Intent } from '../stripe/stripe.read.ts';
import { Collection } from './collection.ts';

@Injectable()
export class Settlements {
  constructor(
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly ledger: Ledger,
    private readonly doorbell: Doorbell,
    private readonly collection: Collection,
  ) {}

  /** Merges what Stripe shows into the payment that asked for it. An intent that is none of ours changes nothing. */
  async merge(tx: EntityManager, intent: Intent): Promise<void> {
    const payment = await this.paymentOf(tx, intent);
    if (!payment) return;
    // On Stripe's page a card may be declined and another one tried; only the end of the page is the end.
    const seen = payment.via === 'link' && intent.state === 'failed' ? 'processing' : intent.state;
    const state = laterPayment(payment.state, seen);
    const isNews = state !== payment.state;
    if (isNews) await this.takeTurns(tx, payment.buyerId);
    await tx.update(
      Payment,
      { id: payment.id },
      {
        state,
        stripePaymentIntentId: intent.id,
        stripeChargeId: intent.chargeId ?? payment.stripeChargeId,
        failure: state === 'failed' ? (intent.failure ?? payment.failure) : null,
        checkedAt: this.clock.now(),
        settledAt: isNews && state !== 'processing' ? this.clock.now() : payment.settledAt,
      },
    );
    if (isNews && state === 'succeeded') await this.paid(tx, payment, intent);
    if (state === 'succeeded') await this.bookFee(tx, payment, intent);
    if (isNews && state === 'failed') await this.noteFailure(tx, payment.id);
    if (isNews) await this.refreshStanding(tx, payment.buyerId);
    if (isNews && state === 'failed') await this.chargeNewerCard(tx, payment);
  }

  /** The payment came to nothing before Stripe made anything of it. */
  async fail(tx: EntityManager, paymentId: string, failure: string): Promise<void> {
    const payment = await tx.findOneOrFail(Payment, { where: { id: paymentId }, lock: { mode: 'pessimistic_write' } });
    if (laterPayment(payment.state, 'failed') === payment.state) return;
    const now = this.clock.now();
    await this.takeTurns(tx, payment.buyerId);
    await tx.update(Payment, { id: paymentId }, { state: 'failed', failure, checkedAt: now, settledAt: now });
    await this.noteFailure(tx, paymentId);
    await this.refreshStanding(tx, payment.buyerId);
    await this.chargeNewerCard(tx, payment);
  }

  /** A payment link is over and was not paid. One that was made before the invoice was due is nothing that its buyer failed at. */
  async endLink(tx: EntityManager, paymentId: string, failure: string): Promise<void> {
    const { buyerId } = await tx.findOneByOrFail(Payment, { id: paymentId });
    await this.takeTurns(tx, buyerId);
    const payment = await tx.findOneOrFail(Payment, { where: { id: paymentId }, lock: { mode: 'pessimistic_write' } });
    if (laterPayment(payment.state, 'failed') === payment.state) return;
    const now = this.clock.now();
    await tx.update(Payment, { id: paymentId }, { state: 'failed', failure, linkUrl: null, checkedAt: now, settledAt: now });
    await tx.query(
      `update billing.invoice set payment_id = null where invoice.payment_id = $1 and invoice.state = 'open' and invoice.due_at > $2`,
      [paymentId, now],
    );
    await this.noteFailure(tx, paymentId);
    await this.refreshStanding(tx, buyerId);
    await this.chargeNewerCard(tx, payment);
  }

  /** Found by the intent's id, or, when its news is faster than the answer to our call, by the call that made it. Locked. */
  private async paymentOf(tx: EntityManager, intent: Intent): Promise<Payment | null> {
    const known = await tx.findOneBy(Payment, { stripePaymentIntentId: intent.id });
    const callId = known?.externalCallId ?? intent.opId;
    if (!callId) return null;
    // The call first, then its payment: the order in which the answer to our own call takes the two.
    const call = await tx.findOne(ExternalCall, { where: { id: callId }, lock: { mode: 'pessimistic_write' } });
    const payment = await tx.findOne(Payment, { where: { externalCallId: callId }, lock: { mode: 'pessimistic_write' } });
    if (!call || !payment) return null;
    if (call.state !== 'succeeded' && call.state !== 'failed_final')
      await tx.update(ExternalCall, { id: callId }, { state: 'succeeded', objectId: intent.id });
    return payment;
  }

  private async paid(tx: EntityManager, payment: Payment, intent: Intent): Promise<void> {
    const now = this.clock.now();
    const { buyerId, currency, amountMinor: amount } = payment;
    await this.ledger.post(tx, {
      ...paymentSucceeded({ paymentIntentId: intent.id, buyerId, currency, amount }),
      effectiveAt: now,
    });
    await this.recover(tx, payment.id);
    const [invoices]: [Array<{ id: string }>, number] = await tx.query(
      `update billing.invoice set state = 'paid', paid_at = $2
        where invoice.payment_id = $1 and invoice.state in ('open', 'written_off') returning invoice.id`,
      [payment.id, now],
    );
    for (const { id } of invoices) await this.doorbell.ring(tx, 'billing.release-shares', id);
  }

  /** What was given up and is paid after all is no loss. */
  private async recover(tx: EntityManager, paymentId: string): Promise<void> {
    const invoices = await tx.findBy(Invoice, { paymentId, state: 'written_off' });
    const now = this.clock.now();
    for (const { id: invoiceId } of invoices) {
      const journal = await tx.findOneByOrFail(Journal, { idemKey: writeOffKeyOf(invoiceId) });
      const postings = await tx.find(Posting, { where: { journalId: journal.id }, order: { ordinal: 'asc' } });
      const lost = postings.map(({ account, currency, amountMinor }) => ({ account, currency, amountMinor }));
      await this.ledger.post(tx, { ...writeOffRecovered(invoiceId, lost), effectiveAt: now });
      await tx.update(WriteOff, { invoiceId }, { recoveredAt: now });
    }
  }

  private async bookFee(tx: EntityManager, payment: Payment, { fee, availableAt }: Intent): Promise<void> {
    if (!fee || payment.stripeFeeMinor !== null) return;
    const { balanceTransactionId, currency } = fee;
    await this.ledger.post(tx, {
      ...stripeFee({ balanceTransactionId, currency, fee: fee.amount }),
      effectiveAt: this.clock.now(),
    });
    await tx.update(Payment, { id: payment.id }, { stripeFeeMinor: fee.amount, availableAt });
  }

  /** A card that was named while this payment was under way found the invoices taken, so it is charged now. */
  private async chargeNewerCard(tx: EntityManager, { buyerId, currency, externalCallId }: Payment): Promise<void> {
    const payer = await tx.findOneBy(StripeCustomer, { buyerId });
    const { params } = await tx.findOneByOrFail(ExternalCall, { id: externalCallId });
    const charged = (params as CollectParams | null)?.paymentMethodId;
    if (payer?.paymentMethodId && payer.paymentMethodId !== charged) await this.collection.plan(tx, buyerId, currency);
  }

  /** Looks at all that the buyer owes; payments of one buyer that settle at once take turns. */
  async refreshStanding(tx: EntityManager, buyerId: string): Promise<void> {
    await this.takeTurnsForStanding(tx, buyerId);
    const [row]: Array<{ current: StandingState | null; since: Date | null }> = await tx.query(
      `select (select standing.state from billing.standing where standing.buyer_id = $1) as current,
         (select min(invoice.collection_failed_at) from billing.invoice
           where invoice.buyer_id = $1 and invoice.state in ('open', 'written_off')) as since`,
      [buyerId],
    );
    const now = this.clock.now();
    const next = standingOf({ since: row!.since }, policyOf(this.config), now);
    if (next === (row!.current ?? 'good')) return;
    await tx.query(
      `insert into billing.standing (buyer_id, state, since) values ($1, $2, $3)
       on conflict (buyer_id) do update set state = excluded.state, since = excluded.since`,
      [buyerId, next, now],
    );
  }

  /** Whoever takes more than one: standing first, then collection, then the rows of invoices. */
  private async takeTurnsForStanding(tx: EntityManager, buyerId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`standing:${buyerId}`]);
  }

  private async takeTurns(tx: EntityManager, buyerId: string): Promise<void> {
    await this.takeTurnsForStanding(tx, buyerId);
    await this.collection.takeTurns(tx, buyerId);
  }

  /** From the first time on its buyer is dunned for it. */
  private async noteFailure(tx: EntityManager, paymentId: string): Promise<void> {
    await tx.query(
      `update billing.invoice set collection_failed_at = $2
        where invoice.payment_id = $1 and invoice.state = 'open' and invoice.collection_failed_at is null`,
      [paymentId, this.clock.now()],
    );
  }
}

/** The invoices that a payment collects, as they are numbered. */
export async function invoiceNumbersOf(tx: EntityManager, paymentId: string): Promise<string[]> {
  const invoices = await tx.find(Invoice, { where: { paymentId }, order: { number: 'asc' } });
  return invoices.map((invoice) => invoice.number ?? invoice.id);
}
