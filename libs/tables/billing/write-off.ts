/** An invoice that nobody expects to be paid any more, until it is. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'billing', name: 'write_off' })
export class WriteOff {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') invoiceId: string;
  /** What was still due. */
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('text') reason: string;
  /** The person, or the API key's organisation. */
  @Column('text') writtenOffBy: string;
  @Column('timestamptz') writtenOffAt: Date;
  /** When it was paid after all. */
  @Column('timestamptz', { nullable: true }) recoveredAt: Date | null;
}
