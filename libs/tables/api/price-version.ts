/** An immutable set of prices of an offer. The version in force in the hour of use applies. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Rate } from '#domain/money.ts';
import type { Increment } from '#domain/runtime.ts';
import { RATE } from '../columns.ts';

@Entity({ schema: 'api', name: 'price_version' })
export class PriceVersion {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') offerId: string;
  @Column('timestamptz') effectiveFrom: Date;
  @Column('timestamptz') createdAt: Date;
}

/** `hourly`: we count how long a machine runs. `metered`: the vendor's software reports it. */
export type PriceModel = 'hourly' | 'metered';

@Entity({ schema: 'api', name: 'price' })
export class Price {
  @PrimaryColumn('uuid') priceVersionId: string;
  /** `hours` or `running_seconds` for the hourly price; else the vendor's own name, as on the wire. */
  @PrimaryColumn('text') dimension: string;
  @Column('text') model: PriceModel;
  @Column('text') description: string;
  @Column('text') unit: string;
  /** Major units of the offer's currency for one unit. */
  @Column({ ...RATE }) rate: Rate;
  /** What a machine's running is counted in, for the hourly price. */
  @Column('text') increment: Increment;
  /** The least that each start costs when seconds are counted, 0 to 3600. */
  @Column('int') minimumSeconds: number;
}
