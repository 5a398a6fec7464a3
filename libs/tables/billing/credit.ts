/** Credit that the operator gave a buyer, and the invoices that it paid for. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'billing', name: 'credit_grant' })
export class CreditGrant {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') buyerId: string;
  @Column('text') currency: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column('text') reason: string;
  /** The person, or the API key's organisation. */
  @Column('text') grantedBy: string;
  @Column('timestamptz') createdAt: Date;
  /** Exclusive; null for never. */
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  /** When what was left of it was written off after that. */
  @Column('timestamptz', { nullable: true }) expiredAt: Date | null;
}

@Entity({ schema: 'billing', name: 'credit_use' })
export class CreditUse {
  @PrimaryColumn('uuid') invoiceId: string;
  @PrimaryColumn('uuid') grantId: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
}
