/** Makes an event of Stripe's ours: fetches what it is about and merges that. The event's own story is not believed. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { InboundEvent } from '#tables/billing/inbound-event.ts';
import { PayoutAccounts } from '../accounts/payout-accounts.ts';
import { Settlements } from '../collect/settle.ts';
import { SendPayout } from '../payout/send-payout.ts';
import { StripeGateway } from '../stripe/gateway.ts';

@Injectable()
export class ApplyEvent extends Stage {
  readonly queue = 'billing.apply-event';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeGateway,
    private readonly settlements: Settlements,
    private readonly accounts: PayoutAccounts,
    private readonly payouts: SendPayout,
  ) {
    super();
  }

  /** @param id of an event, `evt_…`. */
  async work(id: string): Promise<void> {
    const event = await this.db.manager.findOneBy(InboundEvent, { eventId: id });
    if (!event || event.handledAt) return;
    await this.merge(event);
    await this.db.manager.update(InboundEvent, { eventId: id }, { handledAt: this.clock.now() });
  }

  async due(): Promise<string[]> {
    const rows: Array<{ event_id: string }> = await this.db.query(
      'select inbound_event.event_id from billing.inbound_event where inbound_event.handled_at is null order by inbound_event.received_at limit 200',
    );
    return rows.map((row) => row.event_id);
  }

  private async merge({ type, objectId }: InboundEvent): Promise<void> {
    if (type.startsWith('payment_intent.')) return this.payment(objectId);
    if (type.startsWith('payout.')) return this.payout(objectId);
    if (type === 'account.updated') await this.accounts.refresh(objectId);
  }

  private async payment(intentId: string): Promise<void> {
    const intent = await this.stripe.fetchIntent(intentId);
    if (intent.paymentId) await this.settlements.apply(intent.paymentId, intent);
  }

  private async payout(stripePayoutId: string): Promise<void> {
    const [row] = await this.db.query('select payout.id from billing.payout where payout.stripe_payout_id = $1', [stripePayoutId]);
    if (row) await this.payouts.work(row.id);
  }
}
