/** When a machine last said that it is alive, to the minute. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'metering', name: 'heartbeat' })
export class Heartbeat {
  @PrimaryColumn('uuid') subscriptionId: string;
  @PrimaryColumn('uuid') instanceId: string;
  @Column('timestamptz') lastAliveAt: Date;
}
