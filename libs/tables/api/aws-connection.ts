/** A buyer's own AWS account in which machines may run, by a role that trusts ours. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'aws_connection' })
export class AwsConnection {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') buyerId: string;
  @Column('text') name: string;
  /** 12 digits. */
  @Column('text') accountId: string;
  /** What the role's trust policy asks for. */
  @Column('text') externalId: string;
  /** A role of that account; null until its buyer has made it. */
  @Column('text', { nullable: true }) roleArn: string | null;
  /** How often a check was asked for; `launcher.connection_check.answers` follows it. */
  @Column('integer') checksAsked: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) removedAt: Date | null;
}
