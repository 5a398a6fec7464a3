/** Whether a buyer may run: the one question asked back from the launch. No row means good. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'billing', name: 'standing' })
export class Standing {
  @PrimaryColumn('uuid') buyerId: string;
  @Column('text') state: 'good' | 'past_due' | 'suspended';
  @Column('timestamptz') since: Date;
}
