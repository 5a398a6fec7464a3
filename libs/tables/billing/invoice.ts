/** One invoice per buyer, currency and period over all vendors. Finalised, it never changes. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FeeModel } from '#domain/fees/terms.ts';
import type { Party, TermsDays } from '#domain/invoice.ts';
import type { Minor } from '#domain/money.ts';
import { BIGINT, QUANTITY, RATE } from '../columns.ts';
import type { StoredPart } from './charge.ts';

/** draft → open (finalised: numbered, posted) → paid; open → written_off, when nobody expects it to be paid, → paid, when it is. */
export type InvoiceState = 'draft' | 'open' | 'paid' | 'written_off';

@Entity({ schema: 'billing', name: 'invoice' })
export class Invoice {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') buyerId: string;
  @Column('text') currency: string;
  @Column('timestamptz') periodStart: Date;
  @Column('timestamptz') periodEnd: Date;
  @Column('text') series: string;
  /** Gapless within its series; null until finalised. */
  @Column('text', { nullable: true }) number: string | null;
  @Column('text') state: InvoiceState;
  @Column({ ...BIGINT }) totalMinor: Minor;
  /** Of the total, what the buyer's credit paid; the rest is collected. */
  @Column({ ...BIGINT }) creditMinor: Minor;
  /** Of the total, what credit notes took off what is due. */
  @Column({ ...BIGINT }) creditedMinor: Minor;
  /** SHA-256 over all that it was made from; null for invoices of an earlier version of billing. */
  @Column('bytea', { nullable: true }) inputSha: Buffer | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) finalisedAt: Date | null;
  @Column('timestamptz', { nullable: true }) dueAt: Date | null;
  /** As printed, copied when it was made; null on invoices of an earlier version of billing. */
  @Column('jsonb', { nullable: true }) issuer: Party | null;
  @Column('jsonb', { nullable: true }) billTo: Party | null;
  @Column('text', { nullable: true }) purchaseOrder: string | null;
  @Column('int') termsDays: TermsDays;
  /** When its collection was first asked for, because it had fallen due; null where that was when it was made. */
  @Column('timestamptz', { nullable: true }) collectionAskedAt: Date | null;
  /** When its collection first failed; stays. */
  @Column('timestamptz', { nullable: true }) collectionFailedAt: Date | null;
  @Column('timestamptz', { nullable: true }) paidAt: Date | null;
  /** The payment that collects it. Null while it waits to be collected with the next one (docs/MONEY.md R12). */
  @Column('uuid', { nullable: true }) paymentId: string | null;
}

@Entity({ schema: 'billing', name: 'invoice_line' })
export class InvoiceLine {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') invoiceId: string;
  @Column('int') ordinal: number;
  @Column('uuid') chargeId: string;
  @Column('uuid') vendorId: string;
  @Column('uuid') productId: string;
  /** As they were called then; null on invoices of an earlier version of billing. */
  @Column('text', { nullable: true }) productName: string | null;
  @Column('text', { nullable: true }) vendorName: string | null;
  @Column('text') description: string;
  @Column('text') unit: string;
  @Column({ ...QUANTITY }) quantity: bigint;
  /** How much of the quantity one unit is; see Charge. */
  @Column({ ...BIGINT }) unitSize: bigint;
  /** Of one unit; null where there is no single one. */
  @Column({ ...RATE, nullable: true }) rate: bigint | null;
  /** How the amount comes about, where it is not quantity × rate; see Charge. */
  @Column('jsonb') parts: StoredPart[];
  /** Net of discounts. */
  @Column({ ...BIGINT }) amountMinor: Minor;
  @Column({ ...BIGINT }) discountMinor: Minor;
  /** The version of the rule that the fee was reckoned by; null: the platform's own. */
  @Column('uuid', { nullable: true }) feeRuleVersionId: string | null;
  @Column('text') feeModel: FeeModel;
  /** What the percentage is of, and the line's part of a fixed amount. Null on lines of an earlier version of billing: the amount. */
  @Column({ ...BIGINT, nullable: true }) feeBaseMinor: Minor | null;
  @Column({ ...BIGINT }) feeFixedMinor: Minor;
  /** The fee in basis points, what is not the vendor's, and what is; the two are the amount. Parts of others are of the fee. */
  @Column('int') feeBasisPoints: number;
  @Column({ ...BIGINT }) feeMinor: Minor;
  @Column({ ...BIGINT }) vendorMinor: Minor;
  /** When the vendor's part became payable. */
  @Column('timestamptz', { nullable: true }) releasedAt: Date | null;
  /** The transfer that carries the vendor's part; empty again when Stripe definitively refused it. */
  @Column('uuid', { nullable: true }) transferId: string | null;
}

/** What a coupon took off a line. */
@Entity({ schema: 'billing', name: 'line_discount' })
export class DiscountOfLine {
  @PrimaryColumn('uuid') lineId: string;
  @PrimaryColumn('int') ordinal: number;
  /** Null where a late line is discounted as what it is late for was. */
  @Column('uuid', { nullable: true }) couponId: string | null;
  @Column('text', { nullable: true }) code: string | null;
  @Column({ ...BIGINT }) amountMinor: Minor;
}
