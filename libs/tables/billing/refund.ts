/** Money that goes back to a buyer, and what of each line it is. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import type { RefundState } from '#domain/refund.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'billing', name: 'refund' })
export class Refund {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') invoiceId: string;
  @Column('uuid') paymentId: string;
  @Column('uuid') buyerId: string;
  /** One line of the invoice; null for all that the one who asked may give back. */
  @Column('uuid', { nullable: true }) lineId: string | null;
  @Column('text') currency: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('text') reason: string;
  /** The person, or the API key's organisation, and on whose behalf. */
  @Column('text') requestedBy: string;
  @Column('uuid') requestedFor: string;
  @Column('text') state: RefundState;
  @Column('uuid') externalCallId: string;
  @Column('text', { nullable: true }) stripeRefundId: string | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') createdAt: Date;
  /** When Stripe was last asked about it. */
  @Column('timestamptz', { nullable: true }) checkedAt: Date | null;
  @Column('timestamptz', { nullable: true }) settledAt: Date | null;
}

/** What of a line went back to its buyer, by a refund or by a dispute that was lost. */
@Entity({ schema: 'billing', name: 'line_return' })
export class LineReturn {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') lineId: string;
  @Column('uuid', { nullable: true }) refundId: string | null;
  @Column('uuid', { nullable: true }) disputeId: string | null;
  /** Fee and vendor together. */
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column({ ...BIGINT }) feeMinor: Minor;
  @Column({ ...BIGINT }) vendorMinor: Minor;
  /** Whether the vendor's part was taken from what waits for release, or from what is payable. */
  @Column('text') takenFrom: 'unsettled' | 'payable';
  @Column('timestamptz') createdAt: Date;
  /** When the refund came to nothing. */
  @Column('timestamptz', { nullable: true }) undoneAt: Date | null;
  /** The payout with which a vendor who had been paid has it again. */
  @Column('uuid', { nullable: true }) againPayoutId: string | null;
}
