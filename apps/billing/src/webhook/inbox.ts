/** Takes in what Stripe tells: kept first, once each, and handled after. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { InboundEvent } from '#tables/billing/inbound-event.ts';
import { StripeGateway, type StripeEvent } from '../stripe/gateway.ts';

@Injectable()
export class Inbox {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeGateway,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * @param body the bytes as they came: the signature is over these.
   * @throws DomainError `bad_signature`, with nothing kept
   */
  async receive(body: Buffer | undefined, signature: string | undefined): Promise<void> {
    const now = this.clock.now();
    const event = body && signature ? this.stripe.readEvent(body, signature, now) : undefined;
    if (!event) throw new DomainError('invalid', 'bad_signature', 'This is not signed by Stripe, or not lately.');
    await this.db.transaction((tx) => this.keep(tx, [event]));
  }

  /** Keeps what Stripe told or was asked for, each event once. @returns how many were new */
  async keep(tx: EntityManager, events: readonly StripeEvent[]): Promise<number> {
    if (events.length === 0) return 0;
    const receivedAt = this.clock.now();
    const kept = await tx
      .createQueryBuilder()
      .insert()
      .into(InboundEvent)
      .values(
        events.map(({ id, type, objectId, account }) => ({ eventId: id, type, objectId, account, receivedAt, handledAt: null })),
      )
      .orIgnore()
      .returning('event_id')
      .execute();
    for (const { event_id: id } of kept.raw as Array<{ event_id: string }>)
      await this.doorbell.ring(tx, 'billing.apply-event', id);
    return kept.raw.length;
  }
}
