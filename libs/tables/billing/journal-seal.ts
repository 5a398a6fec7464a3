/** The book's hash chain, and each day's proof of the book. Both are only added to. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Clearing } from '#domain/ledger/proof.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'billing', name: 'journal_seal' })
export class JournalSeal {
  /** 1, 2, 3 … */
  @PrimaryColumn({ ...BIGINT }) number: bigint;
  @Column('uuid') journalId: string;
  @Column('bytea') contentSha: Buffer;
  @Column('bytea') chainSha: Buffer;
  @Column('timestamptz') sealedAt: Date;
}

@Entity({ schema: 'billing', name: 'ledger_proof' })
export class LedgerProof {
  /** UTC. */
  @PrimaryColumn('date') day: string;
  @Column('timestamptz') provenAt: Date;
  @Column({ ...BIGINT }) journals: bigint;
  @Column('boolean') isSound: boolean;
  @Column('jsonb') findings: string[];
  @Column('jsonb') clearing: Clearing[];
}
