/** Short-lived credentials that a machine got for proof of its identity; they sign for that machine and nothing else. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'metering', name: 'instance_session' })
export class InstanceSession {
  @PrimaryColumn('uuid') subscriptionId: string;
  @PrimaryColumn('text') accessKeyId: string;
  @Column('uuid') instanceId: string;
  @Column('uuid') productId: string;
  /** Sealed for the context `instance_session:<accessKeyId>`. */
  @Column('bytea') secretSealed: Buffer;
  @Column('text') tokenSha256: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}

/** The first nonce an instance showed: nobody who copied its identity document can get credentials without it. */
@Entity({ schema: 'metering', name: 'instance_binding' })
export class InstanceBinding {
  @PrimaryColumn('uuid') subscriptionId: string;
  @PrimaryColumn('uuid') instanceId: string;
  @Column('text') nonceSha256: string;
  @Column('timestamptz') boundAt: Date;
}
