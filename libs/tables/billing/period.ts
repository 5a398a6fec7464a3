/** A stretch of a subscription that is billed once: half-open, UTC, tiling time without gap or overlap. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** open → rated (charges written, hash kept) → invoiced. */
export type PeriodState = 'open' | 'rated' | 'invoiced';

@Entity({ schema: 'billing', name: 'period' })
export class Period {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') buyerId: string;
  @Column('text') currency: string;
  @Column('timestamptz') startsAt: Date;
  @Column('timestamptz') endsAt: Date;
  @Column('text') state: PeriodState;
  /** SHA-256 over all that was rated; the same input rates to the same bytes. */
  @Column('bytea', { nullable: true }) inputSha: Buffer | null;
  /** What else it was rated from: by dimension, units of a trial that were used before it. */
  @Column('jsonb') ratedFrom: { usedBefore?: Record<string, string> };
  @Column('timestamptz', { nullable: true }) ratedAt: Date | null;
}
