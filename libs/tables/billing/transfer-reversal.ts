/** Money that is taken back from a vendor's account at Stripe, since its buyer has it again. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'billing', name: 'transfer_reversal' })
export class TransferReversal {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') transferId: string;
  @Column('uuid') vendorId: string;
  @Column('text') currency: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  /** refused: the account has nothing left, or nothing was sent; later payouts keep it back. */
  @Column('text') state: 'planned' | 'succeeded' | 'refused';
  @Column('uuid') externalCallId: string;
  @Column('text', { nullable: true }) stripeReversalId: string | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) settledAt: Date | null;
}
