/** What a machine, a volume or a snapshot costs at AWS from an hour on. Added to, never changed. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InfrastructureKind } from '#domain/infrastructure.ts';
import type { Rate } from '#domain/money.ts';
import { RATE } from '../columns.ts';

@Entity({ schema: 'launcher', name: 'infrastructure_price' })
export class InfrastructurePrice {
  @PrimaryColumn('text') region: string;
  @PrimaryColumn('text') kind: InfrastructureKind;
  /** An instance type, a volume type, or a storage tier of snapshots. */
  @PrimaryColumn('text') type: string;
  @PrimaryColumn('text') currency: string;
  /** Major units: for an hour of an instance, for a month of a GiB of a volume or a snapshot. */
  @Column({ ...RATE }) rate: Rate;
  @PrimaryColumn('timestamptz') effectiveFrom: Date;
  /** Where it was read, for a person. */
  @Column('text') source: string;
  @Column('timestamptz') importedAt: Date;
}
