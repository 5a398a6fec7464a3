/** An account: a company that sells, buys or operates. Kept by the sign-in library; other apps read it. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'api', name: 'organization' })
export class Organization {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') slug: string;
  @Column('text') kind: 'vendor' | 'buyer' | 'operator';
  /** The company's AWS account, 12 digits. */
  @Column('text', { name: 'awsAccountId', nullable: true }) awsAccountId: string | null;
}
