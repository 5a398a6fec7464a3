/** An immutable set of prices of an offer. The version in force in the hour of use applies. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Rate } from '#domain/money.ts';
import { RATE } from '../columns.ts';

@Entity({ schema: 'api', name: 'price_version' })
export class PriceVersion {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') offerId: string;
  @Column('timestamptz') effectiveFrom: Date;
  @Column('timestamptz') createdAt: Date;
}

/** `hourly`: we count the hours a machine runs. `metered`: the vendor's software reports it. */
export type PriceModel = 'hourly' | 'metered';

@Entity({ schema: 'api', name: 'price' })
export class Price {
  @PrimaryColumn('uuid') priceVersionId: string;
  /** `hours` for the hourly price; else the vendor's own name, as on the wire. */
  @PrimaryColumn('text') dimension: string;
  @Column('text') model: PriceModel;
  @Column('text') description: string;
  @Column('text') unit: string;
  /** Major units of the offer's currency for one unit. */
  @Column({ ...RATE }) rate: Rate;
}
