/** What an invoice that is not paid asks for less than it says, with the lines that it is about. Never changed. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'billing', name: 'credit_note' })
export class CreditNote {
  @PrimaryColumn('uuid') id: string;
  /** Gapless within its series. */
  @Column('text') number: string;
  @Column('uuid') invoiceId: string;
  @Column('uuid') buyerId: string;
  @Column('text') currency: string;
  @Column({ ...BIGINT }) totalMinor: Minor;
  @Column('text') reason: string;
  /** The person, or the API key's organisation. */
  @Column('text') issuedBy: string;
  @Column('timestamptz') issuedAt: Date;
}

@Entity({ schema: 'billing', name: 'credit_note_line' })
export class CreditNoteLine {
  @PrimaryColumn('uuid') creditNoteId: string;
  @PrimaryColumn('uuid') lineId: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  /** Whose it was: the two are the amount. */
  @Column({ ...BIGINT }) feeMinor: Minor;
  @Column({ ...BIGINT }) vendorMinor: Minor;
}
