/** The collection of one invoice by one Stripe PaymentIntent. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

export type PaymentState = 'planned' | 'processing' | 'succeeded' | 'failed';

@Entity({ schema: 'billing', name: 'payment' })
export class Payment {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') invoiceId: string;
  @Column('uuid') buyerId: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('text') currency: string;
  @Column('text') state: PaymentState;
  /** The outgoing call whose id is the Idempotency-Key. */
  @Column('uuid') externalCallId: string;
  @Column('text', { nullable: true }) stripePaymentIntentId: string | null;
  @Column('text', { nullable: true }) stripeChargeId: string | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) settledAt: Date | null;
}
