/** Terms under which a product may be subscribed to: currency and licence text. Prices hang off its price versions. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'offer' })
export class Offer {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') productId: string;
  @Column('text') currency: string;
  @Column('text') termsText: string;
  /** SHA-256 of the text, hex: what a buyer accepts. */
  @Column('text') termsSha256: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) withdrawnAt: Date | null;
}
