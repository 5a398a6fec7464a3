/**
 * One EC2 machine, of a launch or of a fleet, or one that its buyer started outside. Of those that we launch, the id is the
 * ClientToken of RunInstances. The first machine of a launch has
 * the launch's id, one that replaces a lost one an id of its own.
 */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InstanceState } from '#domain/fleet.ts';
import type { DesiredState } from '../api/launch.ts';

@Entity({ schema: 'launcher', name: 'instance' })
export class Instance {
  @PrimaryColumn('uuid') id: string;
  /** `outside`: started by its buyer with other tools; it serves neither a launch nor a fleet. */
  @Column('text') origin: 'launched' | 'outside';
  @Column('uuid', { nullable: true }) launchId: string | null;
  @Column('uuid', { nullable: true }) fleetId: string | null;
  /** Of the version that it runs. */
  @Column('uuid') versionId: string;
  /** The machine in whose place it was launched; each is replaced once. */
  @Column('uuid', { nullable: true }) replaces: string | null;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') vendorId: string;
  @Column('uuid') productId: string;
  /** The buyer's AWS account that it is in; null: the platform's. */
  @Column('uuid', { nullable: true }) awsConnectionId: string | null;
  @Column('text') region: string;
  /** Where EC2 put it; null until EC2 says so. */
  @Column('text', { nullable: true }) zone: string | null;
  /** The version's image in that region; null while it is being prepared. */
  @Column('text', { nullable: true }) amiId: string | null;
  /** What EC2 says that it runs; null until it was seen. */
  @Column('text', { nullable: true }) runsAmiId: string | null;
  @Column('text') instanceType: string;
  /** What the wish it serves wants of it now. */
  @Column('text') desired: DesiredState;
  @Column('text') state: InstanceState;
  @Column('text', { nullable: true }) ec2InstanceId: string | null;
  @Column('text', { nullable: true }) ec2AccountId: string | null;
  @Column('text', { nullable: true }) publicAddress: string | null;
  @Column('text', { nullable: true }) url: string | null;
  /** Why it failed, for a person. */
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') createdAt: Date;
  /** When RunInstances was last called for it: from then on there may be a machine, whatever the answer was. */
  @Column('timestamptz', { nullable: true }) attemptedAt: Date | null;
  /** EC2's LaunchTime of the start that the last run interval began with. */
  @Column('timestamptz', { nullable: true }) launchedAt: Date | null;
  @Column('timestamptz', { nullable: true }) healthyAt: Date | null;
  @Column('timestamptz', { nullable: true }) terminatedAt: Date | null;
  @Column('timestamptz', { nullable: true }) observedAt: Date | null;
  /** Since when it takes no more work and is on its way out: metering stops there. */
  @Column('timestamptz', { nullable: true }) drainingAt: Date | null;
  /** When we had EC2 stop it; null again once we had it start. */
  @Column('timestamptz', { nullable: true }) stopToldAt: Date | null;
  /** When it was seen to have ended though it was wanted. */
  @Column('timestamptz', { nullable: true }) lostAt: Date | null;
  /** The latest reboot that its buyer asked for and EC2 was told of. */
  @Column('timestamptz', { nullable: true }) rebootedAt: Date | null;
}
