/** A buyer's wish to have a data volume put back from a snapshot: a new one takes the place of the old. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'volume_restore' })
export class VolumeRestore {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') launchId: string;
  /** That its buyer wanted replaced. */
  @Column('uuid') volumeId: string;
  @Column('uuid') snapshotId: string;
  /** Made from the snapshot, in its place. */
  @Column('uuid') newVolumeId: string;
  /** What becomes of the old one once the machine is healthy with the new. */
  @Column('text') oldVolume: 'keep' | 'delete';
  @Column('text') state: 'restoring' | 'done' | 'undone';
  /** For how long the machine may not be healthy before the old one comes back. */
  @Column('integer') patienceSeconds: number;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') askedAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
