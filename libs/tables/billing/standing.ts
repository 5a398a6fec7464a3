/** Whether a buyer may run: the one question asked back from the launch. No row means good. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StandingState } from '#domain/dunning.ts';

@Entity({ schema: 'billing', name: 'standing' })
export class Standing {
  @PrimaryColumn('uuid') buyerId: string;
  @Column('text') state: StandingState;
  @Column('timestamptz') since: Date;
  /** When the schedule last had its invoices collected again. */
  @Column('timestamptz', { nullable: true }) dunnedAt: Date | null;
}
