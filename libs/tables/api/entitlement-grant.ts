/** What a price version entitles its subscribers to: one value for each dimension, of exactly one type. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'entitlement_grant' })
export class EntitlementGrant {
  @PrimaryColumn('uuid') priceVersionId: string;
  /** The vendor's own name; it need not be one that is priced. */
  @PrimaryColumn('text') dimension: string;
  @Column('int', { nullable: true }) integerValue: number | null;
  @Column('double precision', { nullable: true }) doubleValue: number | null;
  @Column('boolean', { nullable: true }) booleanValue: boolean | null;
  @Column('text', { nullable: true }) stringValue: string | null;
}
