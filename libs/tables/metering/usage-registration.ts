/** The first time a machine's software registered with RegisterUsage. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'metering', name: 'usage_registration' })
export class UsageRegistration {
  @PrimaryColumn('uuid') subscriptionId: string;
  @PrimaryColumn('uuid') instanceId: string;
  @Column('timestamptz') registeredAt: Date;
}
