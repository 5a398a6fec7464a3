/** A product's RSA key pair, by version: metering signs with it that a machine may run the product; software verifies it. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'product_key' })
export class ProductKey {
  @PrimaryColumn('uuid') productId: string;
  /** From 1. */
  @PrimaryColumn('int') version: number;
  /** SubjectPublicKeyInfo. */
  @Column('text') publicKeyPem: string;
  /** PKCS #8 PEM, sealed for the context `product_key:<productId>:<version>`. */
  @Column('bytea') privateKeySealed: Buffer;
  @Column('timestamptz') createdAt: Date;
  /** When a newer version took its place; it still signs for software that asks for it. */
  @Column('timestamptz', { nullable: true }) rotatedAt: Date | null;
}
