/** What a machine of a fleet reported. One that did not answer has no row: missing is not zero. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'fleet_metric' })
export class FleetMetric {
  @PrimaryColumn('uuid') instanceId: string;
  @PrimaryColumn('timestamptz') at: Date;
  @Column('uuid') fleetId: string;
  @Column('text') metric: string;
  @Column('double precision') value: number;
  /** Since when each of its reports was idle, without a gap. */
  @Column('timestamptz', { nullable: true }) idleSince: Date | null;
}
