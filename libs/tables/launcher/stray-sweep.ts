/** How far an account's machines in a region were looked through for strays. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'stray_sweep' })
export class StraySweep {
  /** 12 digits, or `platform`. */
  @PrimaryColumn('text') account: string;
  @PrimaryColumn('text') region: string;
  @Column('timestamptz') startedAt: Date;
  /** Where the next page begins. */
  @Column('text', { nullable: true }) nextToken: string | null;
  @Column('integer') machines: number;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
}
