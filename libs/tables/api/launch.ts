/** What a buyer wants to run, and how. What does run is `launcher.instance`. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type DesiredState = 'running' | 'stopped' | 'terminated';
export type Placement = 'none' | 'spread' | 'partition';

@Entity({ schema: 'api', name: 'launch' })
export class Launch {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') versionId: string;
  @Column('text') region: string;
  @Column('text') instanceType: string;
  @Column('text') desired: DesiredState;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') desiredAt: Date;
  @Column('text', { nullable: true }) name: string | null;
  /** The buyer's AWS account that it runs in; null: the platform's. */
  @Column('uuid', { nullable: true }) awsConnectionId: string | null;
  @Column('text', { nullable: true }) zone: string | null;
  @Column('text', { nullable: true }) keyName: string | null;
  @Column('text', { nullable: true }) subnetId: string | null;
  /** Whence SSH is open, a CIDR; null: from nowhere. */
  @Column('text', { nullable: true }) sshFrom: string | null;
  @Column('text') placement: Placement;
  /** `spot` costs less, and AWS takes the machine back when it needs it. */
  @Column('text') market: 'on-demand' | 'spot';
  /** The buyer's own, for cost allocation. */
  @Column('jsonb') tags: Record<string, string>;
  /** Values for the version's user-data template. */
  @Column('jsonb') userData: Record<string, string>;
  /** When the buyer last asked for a reboot. */
  @Column('timestamptz', { nullable: true }) rebootAt: Date | null;
  /** Whether its data volumes are snapshotted before it ends. */
  @Column('boolean') snapshotOnEnd: boolean;
  /** Whether its data volumes stay after its end. */
  @Column('boolean') keepVolumes: boolean;
  @Column('integer', { nullable: true }) snapshotEveryHours: number | null;
  @Column('integer') snapshotsKept: number;
  /** How often the newest snapshot is tried on a scratch machine; null: only when asked. */
  @Column('integer', { nullable: true }) restoreTestEveryDays: number | null;
}
