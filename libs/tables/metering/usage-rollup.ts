/** The sum of a day's records of one dimension, computed anew whenever the day is dirty. What billing reads. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BIGINT, QUANTITY } from '../columns.ts';

@Entity({ schema: 'metering', name: 'usage_rollup' })
export class UsageRollup {
  @PrimaryColumn('uuid') subscriptionId: string;
  /** UTC day, `2026-01-31`. */
  @PrimaryColumn('date') day: string;
  @PrimaryColumn('text') dimension: string;
  @Column({ ...QUANTITY }) quantity: bigint;
  @Column({ ...BIGINT }) records: bigint;
  /** SHA-256 over the ordered (hour, source, quantity, record id) of the day. */
  @Column('bytea') rowsSha: Buffer;
  @Column('timestamptz') computedAt: Date;
}
