/** One immutable release of a product: the vendor's image, and where it shall be sold. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'version' })
export class Version {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') productId: string;
  @Column('text') title: string;
  @Column('text') notes: string;
  @Column('text') sourceImageId: string;
  @Column('text') sourceRegion: string;
  @Column('text', { array: true }) regions: string[];
  @Column('text', { array: true }) instanceTypes: string[];
  /** Where the appliance answers; `{address}` is the machine's public address. */
  @Column('text') urlTemplate: string;
  /** Path under the URL that answers 2xx when the appliance is well. */
  @Column('text') healthPath: string;
  @Column('timestamptz') createdAt: Date;
}
