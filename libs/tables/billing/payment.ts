/** The collection of a buyer's open invoices by one Stripe PaymentIntent: from the method on file, or by the buyer on a page of Stripe's. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import type { PaymentState } from '#domain/payment.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'billing', name: 'payment' })
export class Payment {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') buyerId: string;
  /** The sum of the invoices that name this payment. */
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('text') currency: string;
  @Column('text') state: PaymentState;
  @Column('text') via: 'card' | 'link';
  /** The one invoice that a link is for; it may be collected otherwise when the link is over. */
  @Column('uuid', { nullable: true }) linkedInvoiceId: string | null;
  /** Of a link: its Checkout Session, where to pay until when; no address when it was used, or is over. */
  @Column('text', { nullable: true }) stripeSessionId: string | null;
  @Column('text', { nullable: true }) linkUrl: string | null;
  @Column('timestamptz', { nullable: true }) linkExpiresAt: Date | null;
  @Column('uuid') externalCallId: string;
  @Column('text', { nullable: true }) stripePaymentIntentId: string | null;
  @Column('text', { nullable: true }) stripeChargeId: string | null;
  /** What Stripe kept of it; known a little after the payment. */
  @Column({ ...BIGINT, nullable: true }) stripeFeeMinor: Minor | null;
  /** From when on Stripe lets the money go to a bank. */
  @Column('timestamptz', { nullable: true }) availableAt: Date | null;
  /** Why it failed, in the bank's words. */
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') createdAt: Date;
  /** When Stripe was last asked about it. */
  @Column('timestamptz', { nullable: true }) checkedAt: Date | null;
  @Column('timestamptz', { nullable: true }) settledAt: Date | null;
}
