/** Who our accounts are at Stripe: buyers are customers, vendors are connected accounts. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'billing', name: 'stripe_customer' })
export class StripeCustomer {
  @PrimaryColumn('uuid') buyerId: string;
  @Column('uuid') externalCallId: string;
  @Column('text', { nullable: true }) customerId: string | null;
  @Column('text', { nullable: true }) paymentMethodId: string | null;
  @Column('text', { nullable: true }) cardLabel: string | null;
  @Column('timestamptz') createdAt: Date;
}

@Entity({ schema: 'billing', name: 'stripe_account' })
export class StripeAccount {
  @PrimaryColumn('uuid') vendorId: string;
  @Column('uuid') externalCallId: string;
  @Column('text', { nullable: true }) accountId: string | null;
  /** Two letters, ISO 3166-1. */
  @Column('text') country: string;
  @Column('text') email: string;
  @Column('boolean') payoutsEnabled: boolean;
  @Column('timestamptz') createdAt: Date;
}
