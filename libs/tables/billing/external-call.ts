/**
 * The intent behind a call to Stripe. Its id is the object's `metadata.op_id`, and the Idempotency-Key for as long as Stripe
 * answers for that key.
 */
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** unknown: Stripe will not say under this key what became of it, so the object has to be looked for. */
export type ExternalCallState = 'planned' | 'in_flight' | 'succeeded' | 'failed_final' | 'unknown';

@Entity({ schema: 'billing', name: 'external_call' })
export class ExternalCall {
  @PrimaryColumn('uuid') id: string;
  /** `payment_intents.create`, `transfers.create` … */
  @Column('text') operation: string;
  /** What was sent, fixed with the first attempt; null before. */
  @Column('jsonb', { nullable: true }) params: Record<string, unknown> | null;
  @Column('uuid') idempotencyKey: string;
  @Column('text') state: ExternalCallState;
  @Column('int') attempts: number;
  @Column('timestamptz') createdAt: Date;
  /** When the present key was first sent. */
  @Column('timestamptz', { nullable: true }) firstSentAt: Date | null;
  /** What Stripe made: `pi_…`, `tr_…`. */
  @Column('text', { nullable: true }) objectId: string | null;
  @Column('text', { nullable: true }) lastError: string | null;
}
