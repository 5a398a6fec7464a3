/** What a buyer wants printed on its invoices, and how long it may take to pay them. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TermsDays } from '#domain/invoice.ts';

@Entity({ schema: 'billing', name: 'buyer_details' })
export class BuyerDetails {
  @PrimaryColumn('uuid') buyerId: string;
  @Column('text') legalName: string;
  @Column('text', { array: true }) address: string[];
  @Column('text', { nullable: true }) taxId: string | null;
  /** The buyer's own number for the order; copied to every invoice from then on. */
  @Column('text', { nullable: true }) purchaseOrder: string | null;
  @Column('timestamptz') updatedAt: Date;
}

/** Set by the operator; no row means at once. */
@Entity({ schema: 'billing', name: 'buyer_terms' })
export class BuyerTerms {
  @PrimaryColumn('uuid') buyerId: string;
  @Column('int') days: TermsDays;
  /** The person, or the API key's organisation. */
  @Column('text') setBy: string;
  @Column('timestamptz') setAt: Date;
}
