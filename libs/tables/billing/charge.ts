/** What a price comes to in a period, exact and not rounded, with what it was rated from. Never changed; what is found later is another one. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Rate } from '#domain/money.ts';
import type { RatedCharge } from '#domain/pricing/price.ts';
import { BIGINT, EXACT, QUANTITY, RATE } from '../columns.ts';

/** A part as it is kept: due is `quantity ÷ unitSize × rate`. */
export interface StoredPart {
  label: string;
  quantity: string;
  unitSize: string;
  rate: string;
}

@Entity({ schema: 'billing', name: 'charge' })
export class Charge {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') periodId: string;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') vendorId: string;
  @Column('uuid') productId: string;
  @Column('text') dimension: string;
  @Column('text') model: RatedCharge['model'];
  @Column('uuid') priceVersionId: string;
  /** Tells charges of one dimension and version apart: a commitment and its instalment. */
  @Column('text') item: string;
  /** 0 when the period was rated; 1, 2 … for what was found later. */
  @Column('int') revision: number;
  /** Its place among the charges of its period and revision. */
  @Column('int') ordinal: number;
  @Column('text') description: string;
  @Column('text') unit: string;
  @Column({ ...QUANTITY }) quantity: bigint;
  /** How much of the quantity one unit is: 3600 where seconds are counted and hours priced, 1 otherwise. */
  @Column({ ...BIGINT }) unitSize: bigint;
  /** Of one unit; null where there is no single one. */
  @Column({ ...RATE, nullable: true }) rate: Rate | null;
  /** What is due times `unitSize`. Null in charges of an earlier version of billing: quantity × rate. */
  @Column({ ...EXACT, nullable: true }) amount: Rate | null;
  /** How the amount comes about, where it is not quantity × rate. */
  @Column('jsonb') parts: StoredPart[];
  /** What machines cost at the cloud, where it is a share of that. */
  @Column('jsonb') costs: Array<{ day: string; amount: string }>;
  /** Part of a fixed price of a month, rounded so that all parts add up. */
  @Column('boolean') isSegment: boolean;
  @Column('text') currency: string;
  /** SHA-256 over the roll-ups' hashes in order: leads back to the records. */
  @Column('bytea') rowsSha: Buffer;
}

/** A daily sum that a charge was rated from; in a late charge, what the day differs by. */
@Entity({ schema: 'billing', name: 'charge_source' })
export class ChargeSource {
  @PrimaryColumn('uuid') chargeId: string;
  @PrimaryColumn('date') day: string;
  @Column({ ...QUANTITY }) quantity: bigint;
  /** The hash of the day's roll-up as it was then. */
  @Column('bytea') rowsSha: Buffer;
}
