/** What was found at EC2 and should not be there, or is there otherwise than we would have it; open until it no longer is. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StrayKind } from '#domain/stray.ts';

@Entity({ schema: 'launcher', name: 'stray' })
export class Stray {
  @PrimaryColumn('uuid') id: string;
  @Column('text') kind: StrayKind;
  /** 12 digits, or `platform`. */
  @Column('text') account: string;
  @Column('text') region: string;
  @Column('text', { nullable: true }) ec2InstanceId: string | null;
  /** Our row: of a machine that is metered, or that nobody has seen for long. */
  @Column('uuid', { nullable: true }) instanceId: string | null;
  @Column('text', { nullable: true }) amiId: string | null;
  @Column('uuid', { nullable: true }) buyerId: string | null;
  @Column('uuid', { nullable: true }) productId: string | null;
  @Column('uuid', { nullable: true }) subscriptionId: string | null;
  /** A sentence for whom it concerns. */
  @Column('text') reason: string;
  @Column('timestamptz') foundAt: Date;
  @Column('timestamptz') seenAt: Date;
  /** When EC2 was first to be told to end it. */
  @Column('timestamptz', { nullable: true }) endToldAt: Date | null;
  @Column('timestamptz', { nullable: true }) resolvedAt: Date | null;
}
