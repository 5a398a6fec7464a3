/** A vendor's payable money on its way: reserved in the ledger, sent by Stripe transfers, paid to the bank. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import type { ApprovalState } from '#domain/payout-policy.ts';
import type { PayoutState } from '#domain/payout.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'billing', name: 'payout' })
export class Payout {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') vendorId: string;
  @Column('text') currency: string;
  /** The run that made it, named by its first day, e.g. `2026-02-03`; one payout per vendor, currency and run. */
  @Column('text') runId: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  /** What arrived at the vendor's Stripe account: less than the amount when some of it was refused and given back. */
  @Column({ ...BIGINT, nullable: true }) sentMinor: Minor | null;
  /** What was taken back from there since. */
  @Column({ ...BIGINT }) reversedMinor: Minor;
  @Column('text') state: PayoutState;
  /** Of one above the operator's limit: how far two people have agreed to it. */
  @Column('text') approval: ApprovalState;
  /** The vendor's account at Stripe when it was reserved. */
  @Column('text') accountId: string;
  /** The call that pays it to the bank. */
  @Column('uuid') externalCallId: string;
  @Column('text', { nullable: true }) stripePayoutId: string | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) sentAt: Date | null;
  /** When to look at it again: Stripe lets money go to a bank only days after the charge. */
  @Column('timestamptz') dueAt: Date;
  @Column('timestamptz', { nullable: true }) paidAt: Date | null;
}

/** The part of a payout that comes from one payment: Stripe ties a transfer to one charge. */
@Entity({ schema: 'billing', name: 'transfer' })
export class Transfer {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') payoutId: string;
  /** Null for what the buyer's credit paid: it comes from the platform's own balance. */
  @Column('uuid', { nullable: true }) paymentId: string | null;
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('uuid') externalCallId: string;
  @Column('text', { nullable: true }) stripeTransferId: string | null;
  /** Why Stripe definitively refused it; its lines are payable again. */
  @Column('text', { nullable: true }) failure: string | null;
}
