/** A correction of accepted usage that a vendor proposed, and what became of it. Approved, it is also a row of usage_adjustment. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CorrectionState, Party } from '#domain/correction.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'metering', name: 'usage_correction' })
export class UsageCorrection {
  @PrimaryColumn('uuid') subscriptionId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') vendorId: string;
  @Column('uuid') productId: string;
  /** Start of the hour of use, UTC. */
  @Column('timestamptz') hour: Date;
  @Column('text') dimension: string;
  /** Negative where the buyer pays less. */
  @Column({ ...BIGINT }) delta: bigint;
  @Column('text') reason: string;
  @Column('text') state: CorrectionState;
  /** The person; null when an API key of the vendor proposed it. */
  @Column('text', { nullable: true }) proposedBy: string | null;
  @Column('timestamptz') proposedAt: Date;
  /** Whose side approved, refused or withdrew it. */
  @Column('text', { nullable: true }) decidedKind: Exclude<Party['kind'], 'auditor'> | null;
  /** The person; null when an API key decided. */
  @Column('text', { nullable: true }) decidedBy: string | null;
  @Column('timestamptz', { nullable: true }) decidedAt: Date | null;
  /** What whoever decided had to say; may be empty. */
  @Column('text') note: string;
}
