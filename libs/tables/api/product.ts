/** What a vendor sells. The product code names it on the metering wire and never changes. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'product' })
export class Product {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') vendorId: string;
  /** 25 lower-case letters and digits, as AWS's are. */
  @Column('text') productCode: string;
  @Column('text') name: string;
  @Column('timestamptz') createdAt: Date;
}
