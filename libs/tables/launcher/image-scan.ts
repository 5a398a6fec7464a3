/** One run of the controls over an image, with the boot test it may have. Its results never change once it has ended. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Check } from '#domain/image.ts';

@Entity({ schema: 'launcher', name: 'image_scan' })
export class ImageScan {
  /** Also the ClientToken of the boot test's RunInstances, and part of its security group's name. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') imageId: string;
  /** `first`: before it is sold. `again`: while it is. */
  @Column('text') reason: 'first' | 'again';
  /** Whether a machine is part of it. */
  @Column('boolean') bootTest: boolean;
  @Column('jsonb') checks: Check[];
  @Column('timestamptz') startedAt: Date;
  /** When the controls were through that need no machine. */
  @Column('timestamptz', { nullable: true }) lookedAt: Date | null;
  /** The security group that is the boot test's alone. */
  @Column('text', { nullable: true }) groupId: string | null;
  /** When RunInstances was last called: from then on there may be a machine, whatever the answer was. */
  @Column('timestamptz', { nullable: true }) attemptedAt: Date | null;
  @Column('text', { nullable: true }) ec2InstanceId: string | null;
  /** When its health check was first well. */
  @Column('timestamptz', { nullable: true }) answeredAt: Date | null;
  /** How often the machine was looked at in vain. */
  @Column('integer') tries: number;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  /** What failed, for a person; null when nothing did. */
  @Column('text', { nullable: true }) failure: string | null;
  /** When nothing of it was left in EC2. */
  @Column('timestamptz', { nullable: true }) cleanedAt: Date | null;
}
