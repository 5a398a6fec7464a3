/** What buyers dispute: payments at their bank, lines with us; and the shares that are held back meanwhile. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import type { DisputeState } from '#domain/dispute.ts';
import { BIGINT } from '../columns.ts';

/** A payment that its buyer disputes at the bank, as Stripe shows it. */
@Entity({ schema: 'billing', name: 'dispute' })
export class Dispute {
  @PrimaryColumn('uuid') id: string;
  @Column('text') stripeDisputeId: string;
  @Column('uuid') paymentId: string;
  @Column('uuid') buyerId: string;
  @Column('text') currency: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('text') reason: string;
  @Column('text') state: DisputeState;
  /** What the bank has taken, and what Stripe keeps for it. */
  @Column({ ...BIGINT }) withdrawnMinor: Minor;
  @Column({ ...BIGINT }) feeMinor: Minor;
  @Column('timestamptz', { nullable: true }) evidenceDueAt: Date | null;
  @Column('timestamptz') openedAt: Date;
  /** When Stripe was last asked about it. */
  @Column('timestamptz') checkedAt: Date;
  @Column('timestamptz', { nullable: true }) closedAt: Date | null;
}

/** A buyer's complaint to us about one line: that line only is held back. */
@Entity({ schema: 'billing', name: 'line_dispute' })
export class LineDispute {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') lineId: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') vendorId: string;
  @Column('text') reason: string;
  @Column('text') openedBy: string;
  @Column('timestamptz') openedAt: Date;
  @Column('text') state: 'open' | 'rejected' | 'refunded' | 'withdrawn';
  @Column('text', { nullable: true }) answer: string | null;
  @Column('text', { nullable: true }) closedBy: string | null;
  @Column('timestamptz', { nullable: true }) closedAt: Date | null;
  @Column('uuid', { nullable: true }) refundId: string | null;
}

/** A released share that is not sent while something about it is disputed. */
@Entity({ schema: 'billing', name: 'held_share' })
export class HeldShare {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') lineId: string;
  @Column('uuid') vendorId: string;
  @Column('text') currency: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('timestamptz') heldAt: Date;
  @Column('timestamptz', { nullable: true }) overAt: Date | null;
}
