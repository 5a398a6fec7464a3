/** The intent behind a call to Stripe. Its id is the Idempotency-Key and the object's `metadata.op_id`. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type ExternalCallState = 'planned' | 'in_flight' | 'succeeded' | 'failed_final' | 'unknown';

@Entity({ schema: 'billing', name: 'external_call' })
export class ExternalCall {
  @PrimaryColumn('uuid') id: string;
  /** `payment_intents.create`, `transfers.create` … */
  @Column('text') operation: string;
  @Column('bytea') paramsSha: Buffer;
  @Column('text') state: ExternalCallState;
  @Column('int') attempts: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) firstSentAt: Date | null;
  /** What Stripe made: `pi_…`, `tr_…`. */
  @Column('text', { nullable: true }) objectId: string | null;
  @Column('text', { nullable: true }) lastError: string | null;
}
