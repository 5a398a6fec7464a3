/** A running machine that should report usage and says nothing. Open until it speaks again or stops; its missing usage is not zero. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'metering', name: 'silence' })
export class Silence {
  @PrimaryColumn('uuid') subscriptionId: string;
  @PrimaryColumn('uuid') instanceId: string;
  /** When it last spoke, or started. */
  @PrimaryColumn('timestamptz') since: Date;
  @Column('uuid') buyerId: string;
  @Column('uuid') vendorId: string;
  @Column('uuid') productId: string;
  @Column('text', { nullable: true }) ec2InstanceId: string | null;
  @Column('timestamptz') noticedAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
