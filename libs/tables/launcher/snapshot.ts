/** A snapshot of a data volume. EC2 takes no ClientToken for one, so it is found again by a tag with the row's id. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'snapshot' })
export class Snapshot {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') volumeId: string;
  @Column('uuid', { nullable: true }) launchId: string | null;
  @Column('text') region: string;
  @Column('uuid', { nullable: true }) awsConnectionId: string | null;
  @Column('text', { nullable: true }) ec2SnapshotId: string | null;
  @Column('text') reason: 'scheduled' | 'asked' | 'upgrade' | 'final';
  @Column('text') state: 'planned' | 'pending' | 'completed' | 'failed' | 'deleted';
  /** Per cent. */
  @Column('integer') progress: number;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') createdAt: Date;
  /** When CreateSnapshot was last called for it. */
  @Column('timestamptz', { nullable: true }) attemptedAt: Date | null;
  @Column('timestamptz', { nullable: true }) completedAt: Date | null;
  @Column('timestamptz', { nullable: true }) deletedAt: Date | null;
  /** The AWS account that may make volumes of it. */
  @Column('text', { nullable: true }) sharedWith: string | null;
  /** When its turn came in the schedule that it was taken by. */
  @Column('timestamptz', { nullable: true }) slot: Date | null;
  /** The upgrade before which it was taken. */
  @Column('uuid', { nullable: true }) upgradeId: string | null;
  /** Since when it shall be deleted at EC2. */
  @Column('timestamptz', { nullable: true }) unwantedAt: Date | null;
}
