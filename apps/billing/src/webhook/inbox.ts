/** Takes in what Stripe tells: kept first, once each, and handled after. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { InboundEvent } from '#tables/billing/inbound-event.ts';
import { StripeGateway } from '../stripe/gateway.ts';

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
    await this.db.transaction(async (tx) => {
      const kept = await tx
        .createQueryBuilder()
        .insert()
        .into(InboundEvent)
        .values({
          eventId: event.id,
          type: event.type,
          objectId: event.objectId,
          account: event.account,
          receivedAt: now,
          handledAt: null,
        })
        .orIgnore()
        .returning('event_id')
        .execute();
      if (kept.raw.length > 0) await this.doorbell.ring(tx, 'billing.apply-event', event.id);
    });
  }
}
