/** Machines of one kind that a buyer wants as many of as a number, a schedule or a load says. What does run is `launcher.instance`. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Target } from '#domain/fleet-load.ts';
import type { SizeWindow } from '#domain/fleet-size.ts';
import type { Rate } from '#domain/money.ts';
import { RATE } from '../columns.ts';
import type { Placement } from './launch.ts';

@Entity({ schema: 'api', name: 'fleet' })
export class Fleet {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') versionId: string;
  @Column('text', { nullable: true }) name: string | null;
  /** The buyer's AWS account that it runs in; null: the platform's. */
  @Column('uuid', { nullable: true }) awsConnectionId: string | null;
  @Column('text') region: string;
  @Column('text', { nullable: true }) zone: string | null;
  @Column('text') instanceType: string;
  @Column('text', { nullable: true }) keyName: string | null;
  @Column('text', { nullable: true }) subnetId: string | null;
  /** Whence SSH is open, a CIDR; null: from nowhere. */
  @Column('text', { nullable: true }) sshFrom: string | null;
  @Column('text') placement: Placement;
  /** `spot` costs less, and AWS takes the machine back when it needs it. */
  @Column('text') market: 'on-demand' | 'spot';
  /** The buyer's own, for cost allocation. */
  @Column('jsonb') tags: Record<string, string>;
  /** Values for the version's user-data template. */
  @Column('jsonb') userData: Record<string, string>;
  @Column('integer') minMachines: number;
  @Column('integer') maxMachines: number;
  /** The buyer's number, which goes before the target; null lets the target decide. */
  @Column('integer', { nullable: true }) fixedMachines: number | null;
  @Column('jsonb', { nullable: true }) target: Target | null;
  @Column('jsonb') windows: SizeWindow[];
  @Column('integer') scaleOutSeconds: number;
  @Column('integer') scaleInSeconds: number;
  /** What its machines may cost an hour together, in the subscription's currency. */
  @Column({ ...RATE, nullable: true }) hourlyCeiling: Rate | null;
  /** How long all have to be idle before there are none; null: never. */
  @Column('integer', { nullable: true }) idleMinutes: number | null;
  /** How long a machine may take to finish its work before it goes. */
  @Column('integer') drainSeconds: number;
  @Column('timestamptz', { nullable: true }) wakeRequestedAt: Date | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') changedAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
