/** What a buyer committed to ahead, at a contract's or an annual price: so many units, for a term that may renew itself. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Commitment as Committed } from '#domain/pricing/commitment.ts';
import { BIGINT } from '../columns.ts';

@Entity({ schema: 'api', name: 'commitment' })
export class Commitment implements Committed {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') priceVersionId: string;
  @Column('text') dimension: string;
  @Column({ ...BIGINT }) quantity: bigint;
  /** Of a full term. */
  @Column('int') months: number;
  @Column('timestamptz') startsAt: Date;
  /** The end of its first term. */
  @Column('timestamptz') endsAt: Date;
  @Column('boolean') renews: boolean;
  @Column('timestamptz', { nullable: true }) renewalStoppedAt: Date | null;
  /** The commitment that it was added to and ends with. */
  @Column('uuid', { nullable: true }) addedTo: string | null;
  @Column('timestamptz') createdAt: Date;
}
