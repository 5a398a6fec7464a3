/** A buyer's wish that a fleet runs another version, and how far it is. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FleetUpgradeState } from '#domain/fleet-upgrade.ts';

@Entity({ schema: 'launcher', name: 'fleet_upgrade' })
export class FleetUpgrade {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') fleetId: string;
  @Column('uuid') fromVersionId: string;
  @Column('uuid') toVersionId: string;
  @Column('text') state: FleetUpgradeState;
  /** For how long a machine may not be healthy before everything goes back. */
  @Column('integer') patienceSeconds: number;
  @Column('text', { nullable: true }) failure: string | null;
  /** The fleet's machines as they were left: when they are otherwise, something happened. */
  @Column('text') membersSeen: string;
  @Column('timestamptz') askedAt: Date;
  /** When its state was entered. */
  @Column('timestamptz') stepAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
