/** The ledger: journals whose postings sum to zero per currency. Append-only, by grant and by trigger. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'billing', name: 'journal' })
export class Journal {
  @PrimaryColumn('uuid') id: string;
  /** `invoice:{id}:finalise`, `stripe:{pi}:succeeded` …: one business event, one journal. */
  @Column('text') idemKey: string;
  @Column('bytea') bodySha: Buffer;
  @Column('text') kind: string;
  @Column('timestamptz') effectiveAt: Date;
  @Column('timestamptz') createdAt: Date;
}

@Entity({ schema: 'billing', name: 'posting' })
export class Posting {
  @PrimaryColumn('uuid') journalId: string;
  @PrimaryColumn('int') ordinal: number;
  /** `buyer_receivable/{buyer}`, `platform_revenue`, … (docs/MONEY.md). */
  @Column('text') account: string;
  @Column('text') currency: string;
  /** Debit positive, credit negative. */
  @Column({ ...BIGINT }) amountMinor: Minor;
}
