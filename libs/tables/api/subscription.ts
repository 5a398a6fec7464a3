/** A buyer's agreement to an offer, with the terms and prices as they were accepted. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'subscription' })
export class Subscription {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') vendorId: string;
  @Column('uuid') productId: string;
  @Column('uuid') offerId: string;
  @Column('uuid') priceVersionId: string;
  @Column('text') currency: string;
  @Column('text') termsSha256: string;
  /** The person who accepted; null when an API key of the organisation did. */
  @Column('text', { nullable: true }) acceptedBy: string | null;
  /** How vendors know the buyer on the metering wire. */
  @Column('text') customerIdentifier: string;
  @Column('text') licenseArn: string;
  @Column('timestamptz') startedAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  /** It began with the trial of its price version. */
  @Column('boolean') hasTrial: boolean;
  /** When the buyer chose to go on and pay after a trial that ends by itself. */
  @Column('timestamptz', { nullable: true }) trialConvertedAt: Date | null;
  /** When it ends by itself. */
  @Column('timestamptz', { nullable: true }) endsAt: Date | null;
}
