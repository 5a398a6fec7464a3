/** Proof for a vendor of who subscribed: the buyer's browser carries the token, the vendor resolves it. Kept as a hash. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'registration_token' })
export class RegistrationToken {
  /** SHA-256 of the token, hex. */
  @PrimaryColumn('text') tokenSha256: string;
  @Column('uuid') subscriptionId: string;
  @Column('timestamptz') expiresAt: Date;
}
