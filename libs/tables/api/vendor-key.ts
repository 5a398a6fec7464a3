/** A vendor's access key for the AWS metering wire. The secret is sealed: SigV4 needs it back. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'vendor_key' })
export class VendorKey {
  @PrimaryColumn('text') accessKeyId: string;
  @Column('uuid') vendorId: string;
  /** Sealed for the context `vendor_key:<accessKeyId>`. */
  @Column('bytea') secretSealed: Buffer;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}
