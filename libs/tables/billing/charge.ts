/** A rated quantity, exact and not rounded: due is `quantity ÷ unitSize × rate`. One per subscription, dimension, price version and period. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Rate } from '#domain/money.ts';
import { BIGINT, QUANTITY, RATE } from '../columns.ts';

@Entity({ schema: 'billing', name: 'charge' })
export class Charge {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') periodId: string;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') vendorId: string;
  @Column('uuid') productId: string;
  @Column('text') dimension: string;
  @Column('uuid') priceVersionId: string;
  @Column('text') description: string;
  @Column('text') unit: string;
  @Column({ ...QUANTITY }) quantity: bigint;
  /** How much of the quantity one unit is: 3600 where seconds are counted and hours priced, 1 otherwise. */
  @Column({ ...BIGINT }) unitSize: bigint;
  @Column({ ...RATE }) rate: Rate;
  @Column('text') currency: string;
  /** SHA-256 over the roll-ups' hashes in order: leads back to the records. */
  @Column('bytea') rowsSha: Buffer;
}
