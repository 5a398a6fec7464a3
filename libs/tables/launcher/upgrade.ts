/** A buyer's wish that a launch runs another version, and how far it is. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UpgradeState } from '#domain/upgrade.ts';

@Entity({ schema: 'launcher', name: 'upgrade' })
export class Upgrade {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') launchId: string;
  @Column('uuid') fromVersionId: string;
  @Column('uuid') toVersionId: string;
  @Column('text') state: UpgradeState;
  /** For how long a machine may not be healthy before it goes back. */
  @Column('integer') patienceSeconds: number;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') askedAt: Date;
  /** When its state was entered. */
  @Column('timestamptz') stepAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
