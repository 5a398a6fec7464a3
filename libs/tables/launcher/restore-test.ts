/**
 * One try of whether a snapshot would do: a scratch machine of it, alone in a security group, asked whether it is well and ended. No
 * row of launcher.instance, for nobody is billed for it. Its id is the ClientToken of its RunInstances.
 */
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one disk of the scratch machine is made of. */
export interface TestDisk {
  name: string;
  device: string;
  sizeGib: number;
  type: string;
  /** Null: there is no snapshot of that volume, so it is empty. */
  snapshotId: string | null;
}

@Entity({ schema: 'launcher', name: 'restore_test' })
export class RestoreTest {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') launchId: string;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') snapshotId: string;
  @Column('uuid') versionId: string;
  @Column('text') region: string;
  @Column('uuid', { nullable: true }) awsConnectionId: string | null;
  @Column('text') instanceType: string;
  @Column('jsonb') disks: TestDisk[];
  @Column('text') state: 'running' | 'passed' | 'failed';
  /** What came of it, in a sentence. */
  @Column('text', { nullable: true }) finding: string | null;
  @Column('text', { nullable: true }) groupId: string | null;
  @Column('text', { nullable: true }) ec2InstanceId: string | null;
  /** How often the appliance was asked. */
  @Column('integer') tries: number;
  @Column('timestamptz') askedAt: Date;
  @Column('timestamptz', { nullable: true }) attemptedAt: Date | null;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  /** When nothing of it was left in EC2. */
  @Column('timestamptz', { nullable: true }) cleanedAt: Date | null;
}
