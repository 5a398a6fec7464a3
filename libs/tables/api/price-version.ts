/** An immutable set of prices of an offer. The version in force in the hour of use applies. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Rate } from '#domain/money.ts';
import type { PriceModel } from '#domain/pricing/price.ts';
import type { StoredPrice, StoredTerms, StoredTrial } from '#domain/pricing/stored-price.ts';
import type { Increment } from '#domain/runtime.ts';
import { RATE } from '../columns.ts';

@Entity({ schema: 'api', name: 'price_version' })
export class PriceVersion {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') offerId: string;
  /** The start of a UTC day, but for the prices that an offer was made with. */
  @Column('timestamptz') effectiveFrom: Date;
  /** When those who had subscribed were told; null for the prices that an offer was made with. */
  @Column('timestamptz', { nullable: true }) noticeGivenAt: Date | null;
  /** When it was taken back, before it began. */
  @Column('timestamptz', { nullable: true }) withdrawnAt: Date | null;
  /** Major units for a whole calendar month. */
  @Column({ ...RATE, nullable: true }) minimumSpend: Rate | null;
  /** What new subscriptions begin with. */
  @Column('jsonb', { nullable: true }) trial: StoredTrial | null;
  @Column('timestamptz') createdAt: Date;
}

@Entity({ schema: 'api', name: 'price' })
export class Price implements StoredPrice {
  @PrimaryColumn('uuid') priceVersionId: string;
  /** `hours` or `running_seconds` for the hourly price, with the type where it is for one; else the vendor's own name, as on the wire. */
  @PrimaryColumn('text') dimension: string;
  @Column('text') model: PriceModel;
  @Column('text') description: string;
  @Column('text') unit: string;
  /** Major units of the offer's currency for one unit; null where there is no single one. */
  @Column({ ...RATE, nullable: true }) rate: Rate | null;
  /** What a machine's running is counted in, for the hourly price. */
  @Column('text') increment: Increment;
  /** The least that each start costs when seconds are counted, 0 to 3600. */
  @Column('int') minimumSeconds: number;
  /** Of an hourly price: for machines of this type only. Of an annual price: the type it covers. */
  @Column('text', { nullable: true }) instanceType: string | null;
  /** What the model has beside its rate. */
  @Column('jsonb') terms: StoredTerms;
}
