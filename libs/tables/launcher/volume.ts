/** A data volume of a launch, apart from any machine, so that it outlives them. Its id is the ClientToken of CreateVolume. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { VolumeState, VolumeWish } from '#domain/volume.ts';

@Entity({ schema: 'launcher', name: 'volume' })
export class Volume {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { nullable: true }) launchId: string | null;
  @Column('uuid', { nullable: true }) fleetId: string | null;
  /** As the version calls it. */
  @Column('text') name: string;
  @Column('text') device: string;
  @Column('integer') sizeGib: number;
  @Column('text') type: string;
  @Column('text') region: string;
  /** Known once it is asked for: that of the machine it is made for. */
  @Column('text', { nullable: true }) zone: string | null;
  @Column('uuid', { nullable: true }) awsConnectionId: string | null;
  @Column('text', { nullable: true }) ec2VolumeId: string | null;
  @Column('text') state: VolumeState;
  /** The machine that holds it, or is about to. */
  @Column('uuid', { nullable: true }) instanceId: string | null;
  @Column('uuid', { nullable: true }) fromSnapshotId: string | null;
  /** What its buyer wants of it once no machine needs it. */
  @Column('text') wanted: VolumeWish;
  /** The volume in whose place it was restored. */
  @Column('uuid', { nullable: true }) replaces: string | null;
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') createdAt: Date;
  /** When EC2 was last told to do something with it. */
  @Column('timestamptz', { nullable: true }) attemptedAt: Date | null;
  @Column('timestamptz', { nullable: true }) observedAt: Date | null;
  /** When it was seen to be lost, released or deleted. */
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  /** The buyer's AWS account that a released volume is tagged for; null when the buyer named none. */
  @Column('text', { nullable: true }) releasedTo: string | null;
}
