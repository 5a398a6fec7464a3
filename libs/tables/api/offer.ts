/** Terms under which a product may be subscribed to: currency and licence text. Prices hang off its price versions. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `public`: for everybody, one at a time. `private`: for the buyers it names. */
export type OfferKind = 'public' | 'private';

@Entity({ schema: 'api', name: 'offer' })
export class Offer {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') productId: string;
  @Column('text') kind: OfferKind;
  /** What a private offer is called. */
  @Column('text', { nullable: true }) name: string | null;
  @Column('text') currency: string;
  @Column('text') termsText: string;
  /** SHA-256 of the text, hex: what a buyer accepts. */
  @Column('text') termsSha256: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) withdrawnAt: Date | null;
  /** Until when a private offer can be accepted, exclusive. */
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  /** How long an agreement to a private offer lasts; null for as long as both like. */
  @Column('int', { nullable: true }) months: number | null;
  /** The organisation that resells a private offer, and its margin of each line. */
  @Column('uuid', { nullable: true }) resellerId: string | null;
  @Column('int', { nullable: true }) resellerBasisPoints: number | null;
}

/** Whom a private offer is for. */
@Entity({ schema: 'api', name: 'offer_buyer' })
export class OfferBuyer {
  @PrimaryColumn('uuid') offerId: string;
  @PrimaryColumn('uuid') buyerId: string;
}
