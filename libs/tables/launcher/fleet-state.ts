/** How many machines a fleet has been given, why, and what is remembered from one decision to the next. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'fleet_state' })
export class FleetState {
  @PrimaryColumn('uuid') fleetId: string;
  /** Null until the first decision. */
  @Column('integer', { nullable: true }) desired: number | null;
  /** For its buyer. */
  @Column('text') why: string;
  /** What its machines reported together; null when they did not. */
  @Column('double precision', { nullable: true }) load: number | null;
  @Column('timestamptz', { nullable: true }) scaledOutAt: Date | null;
  @Column('timestamptz', { nullable: true }) scaledInAt: Date | null;
  @Column('timestamptz', { nullable: true }) asleepSince: Date | null;
  /** The newest wake and change of its buyer's that were taken into account. */
  @Column('timestamptz', { nullable: true }) wakeSeenAt: Date | null;
  @Column('timestamptz', { nullable: true }) changeSeenAt: Date | null;
  /** Its machines as they were left: when they are otherwise, something happened. */
  @Column('text') membersSeen: string;
  @Column('timestamptz') decidedAt: Date;
  /** It is over and nothing of it runs. */
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
