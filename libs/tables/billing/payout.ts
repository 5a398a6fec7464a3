/** A vendor's payable money on its way: reserved in the ledger, sent by a Stripe transfer, paid to the bank. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

/** reserved → sent (transfer made) → paid (at the bank); void when Stripe definitively refused, then a new payout is made. */
export type PayoutState = 'reserved' | 'sent' | 'paid' | 'void';

@Entity({ schema: 'billing', name: 'payout' })
export class Payout {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') vendorId: string;
  @Column('text') currency: string;
  /** The run that made it, e.g. `2026-02-03`; one payout per vendor, currency and run. */
  @Column('text') runId: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('text') state: PayoutState;
  @Column('uuid') transferCallId: string;
  @Column('uuid') payoutCallId: string;
  /** The charge that the money came from. */
  @Column('text') sourceChargeId: string;
  @Column('text', { nullable: true }) stripeTransferId: string | null;
  @Column('text', { nullable: true }) stripePayoutId: string | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') createdAt: Date;
  /** When to see to it again: Stripe lets money go days after the charge. */
  @Column('timestamptz') lookAt: Date;
  @Column('timestamptz', { nullable: true }) sentAt: Date | null;
  @Column('timestamptz', { nullable: true }) paidAt: Date | null;
}
