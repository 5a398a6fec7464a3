/** When a machine ran, half-open, UTC: the source of billed hours. An open interval is still running. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'run_interval' })
export class RunInterval {
  @PrimaryColumn('uuid') instanceId: string;
  @PrimaryColumn('timestamptz') startedAt: Date;
  @Column('uuid') subscriptionId: string;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
