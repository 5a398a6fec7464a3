/** metering.usage_receipt: one signed receipt for each usage record, in one chain per subscription; written by the chain-receipts stage. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'metering', name: 'usage_receipt' })
export class UsageReceipt {
  @PrimaryColumn('uuid') subscriptionId: string;
  /** From 1. */
  @PrimaryColumn({ ...BIGINT }) sequence: bigint;
  /** The key of its record, together with the subscription. */
  @Column('timestamptz') hour: Date;
  @Column('uuid') sourceId: string;
  @Column('text') dimension: string;
  @Column('uuid') recordId: string;
  @Column('bytea') previousSha: Buffer;
  /** SHA-256 over the text that libs/domain/receipt.ts makes of the record and `previousSha`. */
  @Column('bytea') sha: Buffer;
  /** Ed25519 over `sha`. */
  @Column('bytea') signature: Buffer;
  @Column('text') keyId: string;
  @Column('timestamptz') chainedAt: Date;
}
