/** The inbox of Stripe's events: each is kept once, and its doorbell rung, before Stripe is told that it arrived. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { InboundEvent } from '#tables/billing/inbound-event.ts';
import { StripeGateway } from '../stripe/gateway.ts';

@Injectable()
export class Webhooks {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeGateway,
    private readonly doorbell: Doorbell,
  ) {}

  /** @throws DomainError `invalid_signature`: nothing is kept of what Stripe did not sign. */
  async keep(body: Buffer | undefined, signature: string | undefined): Promise<void> {
    const event = this.read(body, signature);
    await this.db.transaction(async (tx) => {
      const row = { eventId: event.id, type: event.type, objectId: event.objectId, account: event.account, receivedAt: this.clock.now(), handledAt: null };
      const inserted = await tx.createQueryBuilder().insert().into(InboundEvent).values(row).orIgnore().returning('event_id').execute();
      if (inserted.raw.length > 0) await this.doorbell.ring(tx, 'billing.apply-event', event.id);
    });
  }

  private read(body: Buffer | undefined, signature: string | undefined): ReturnType<StripeGateway['readEvent']> {
    try {
      if (!body || !signature) throw new Error('the body or the Stripe-Signature header is missing');
      return this.stripe.readEvent(body, signature, this.clock.now());
    } catch (error) {
      throw new DomainError('invalid', 'invalid_signature', `This was not signed by Stripe for us: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
}
