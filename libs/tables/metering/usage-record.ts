/** One accepted quantity of one dimension in one hour from one source. The key is the deduplication; rows never change. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'metering', name: 'usage_record' })
export class UsageRecord {
  @PrimaryColumn('uuid') subscriptionId: string;
  /** Start of the hour of use, UTC. */
  @PrimaryColumn('timestamptz') hour: Date;
  /** The instance that reported, or the subscription itself for usage its vendor reports. */
  @PrimaryColumn('uuid') sourceId: string;
  @PrimaryColumn('text') dimension: string;
  @Column({ ...BIGINT }) quantity: bigint;
  /** MeteringRecordId on the wire. */
  @Column('uuid') recordId: string;
  /** SHA-256 over what was asked for: tells a repeat from a conflict. */
  @Column('bytea') requestSha: Buffer;
  /** The access key that signed, or `platform` for hours that we counted. */
  @Column('text') signedBy: string;
  @Column('timestamptz') receivedAt: Date;
}
