/** What EC2 shows of a launch. Its id is the launch's id, and the ClientToken of RunInstances: one launch, one machine. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InstanceState } from '#domain/fleet.ts';

@Entity({ schema: 'launcher', name: 'instance' })
export class Instance {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') vendorId: string;
  @Column('uuid') productId: string;
  @Column('text') region: string;
  /** The version's image in that region; null while it is being prepared. */
  @Column('text', { nullable: true }) amiId: string | null;
  @Column('text') instanceType: string;
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
}
