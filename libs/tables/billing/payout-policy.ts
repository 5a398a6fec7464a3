/** How vendors are paid out, what is kept back of their shares for a while, and who agreed to large payouts. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import type { PayoutInterval } from '#domain/payout-policy.ts';
import { BIGINT } from '../columns.ts';

/** Without a row: daily, the platform's minimum, no reserve. */
@Entity({ schema: 'billing', name: 'payout_policy' })
export class PayoutPolicyRow {
  @PrimaryColumn('uuid') vendorId: string;
  @Column('text') interval: PayoutInterval;
  /** Null: the platform's. */
  @Column({ ...BIGINT, nullable: true }) minimumMinor: Minor | null;
  @Column('int') reserveBasisPoints: number;
  @Column('int') reserveDays: number;
  /** The person, or the API key's organisation. */
  @Column('text') changedBy: string;
  @Column('timestamptz') changedAt: Date;
}

@Entity({ schema: 'billing', name: 'reserve' })
export class Reserve {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') lineId: string;
  @Column('uuid') vendorId: string;
  @Column('text') currency: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('timestamptz') heldAt: Date;
  @Column('timestamptz') until: Date;
  @Column('timestamptz', { nullable: true }) overAt: Date | null;
  /** It ended early, for something that the vendor had to give back. */
  @Column('boolean') isAbsorbed: boolean;
  /** The payout that carried it. */
  @Column('uuid', { nullable: true }) payoutId: string | null;
}

@Entity({ schema: 'billing', name: 'payout_approval' })
export class PayoutApproval {
  @PrimaryColumn('uuid') payoutId: string;
  @Column('text') askedBy: string;
  @Column('timestamptz') askedAt: Date;
  @Column('text') reason: string;
  @Column('text', { nullable: true }) decidedBy: string | null;
  @Column('timestamptz', { nullable: true }) decidedAt: Date | null;
  @Column('text', { nullable: true }) note: string | null;
}
