/** A webhook as it came in: kept first, handled after. The handler fetches the object and does not trust the payload's state. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'billing', name: 'inbound_event' })
export class InboundEvent {
  /** Stripe's `evt_…`. */
  @PrimaryColumn('text') eventId: string;
  @Column('text') type: string;
  @Column('text') objectId: string;
  /** The connected account it is about, if any. */
  @Column('text', { nullable: true }) account: string | null;
  @Column('timestamptz') receivedAt: Date;
  @Column('timestamptz', { nullable: true }) handledAt: Date | null;
}
