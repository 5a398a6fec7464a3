/** What the storefront shows of a product, and which version it sells now. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type ListingState = 'public' | 'restricted';

@Entity({ schema: 'api', name: 'listing' })
export class Listing {
  @PrimaryColumn('uuid') productId: string;
  @Column('text') slug: string;
  @Column('text') summary: string;
  /** Markdown. */
  @Column('text') description: string;
  @Column('text') category: string;
  @Column('text') state: ListingState;
  @Column('uuid') versionId: string;
  @Column('timestamptz') listedAt: Date;
}
