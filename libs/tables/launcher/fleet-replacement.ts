/** A machine that was launched in the place of another, when a fleet was upgraded or went back. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'fleet_replacement' })
export class FleetReplacement {
  @PrimaryColumn('uuid') instanceId: string;
  @Column('uuid') upgradeId: string;
  @Column('uuid') replaces: string;
  @Column('timestamptz') createdAt: Date;
}
