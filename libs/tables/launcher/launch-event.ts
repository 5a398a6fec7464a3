/** The progress log of a launch or a fleet: what happened, in sentences for its buyer. Written with the step it tells of, never changed. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'launch_event' })
export class LaunchEvent {
  @PrimaryColumn('bigint', { generated: 'identity' }) id: string;
  @Column('uuid', { nullable: true }) launchId: string | null;
  @Column('uuid', { nullable: true }) fleetId: string | null;
  @Column('uuid', { nullable: true }) instanceId: string | null;
  @Column('timestamptz') at: Date;
  @Column('text') kind: string;
  @Column('text') message: string;
}
