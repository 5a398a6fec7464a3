/**
 * Handles what Stripe told. An event says only what to look at: the object is fetched, and what it shows now is merged, so that
 * events may come twice, late, in any order, or before the answer to our own call.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { InboundEvent } from '#tables/billing/inbound-event.ts';
import { PayoutAccounts } from '../accounts/payout-accounts.ts';
import { LinkPages } from '../collect/link-pages.ts';
import { Settlements } from '../collect/settlements.ts';
import { BankDisputes } from '../dispute/bank-disputes.ts';
import { BankPayouts } from '../payout/bank-payouts.ts';
import { RefundNews } from '../refund/refund-news.ts';
import { StripeGateway } from '../stripe/gateway.ts';
import { StripeReturns } from '../stripe/returns.ts';
import { StripeFailure } from '../stripe/stripe.errors.ts';

type Merge = (tx: EntityManager) => Promise<void>;

@Injectable()
export class ApplyEvent extends Stage {
  readonly queue = 'billing.apply-event';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeGateway,
    private readonly settlements: Settlements,
    private readonly pages: LinkPages,
    private readonly returns: StripeReturns,
    private readonly refunds: RefundNews,
    private readonly disputes: BankDisputes,
    private readonly payouts: BankPayouts,
    private readonly accounts: PayoutAccounts,
  ) {
    super();
  }

  /** @param id of an event, Stripe's `evt_…`. */
  async work(id: string): Promise<void> {
    const event = await this.db.manager.findOneBy(InboundEvent, { eventId: id });
    if (!event || event.handledAt) return;
    const merge = await this.look(event);
    await this.db.transaction(async (tx) => {
      await merge?.(tx);
      await tx.update(InboundEvent, { eventId: id }, { handledAt: this.clock.now() });
    });
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      'select inbound_event.event_id as id from billing.inbound_event where inbound_event.handled_at is null order by inbound_event.received_at limit 200',
    );
    return rows.map((row) => row.id);
  }

  /** What the object shows now; undefined when the event is none that we act upon, or its object is gone. */
  private async look(event: InboundEvent): Promise<Merge | undefined> {
    try {
      return await this.fetch(event);
    } catch (error) {
      if (error instanceof StripeFailure && error.code === 'resource_missing') return undefined;
      throw error;
    }
  }

  private async fetch({ type, objectId, account }: InboundEvent): Promise<Merge | undefined> {
    if (type.startsWith('payment_intent.')) return this.intent(objectId);
    // Stripe's own fee may be known only some time after the payment, and is told of with the charge.
    if (/^charge\.(succeeded|updated|failed)$/.test(type)) return this.intent(await this.stripe.intentOfCharge(objectId));
    if (type.startsWith('checkout.session.') && !account) {
      const { session, intent } = await this.pages.look(objectId);
      return (tx) => this.pages.merge(tx, session, intent);
    }
    if (type.startsWith('refund.') && !account) {
      const seen = await this.returns.fetchRefund(objectId);
      return (tx) => this.refunds.merge(tx, seen);
    }
    if (type.startsWith('charge.dispute.') && !account) {
      const seen = await this.returns.fetchDispute(objectId);
      return (tx) => this.disputes.merge(tx, seen);
    }
    if (type.startsWith('payout.') && account) {
      const seen = await this.stripe.fetchPayout(account, objectId);
      return (tx) => this.payouts.merge(tx, seen);
    }
    if (type === 'account.updated') {
      const seen = await this.stripe.fetchConnectedAccount(objectId);
      return (tx) => this.accounts.merge(tx, seen);
    }
    return undefined;
  }

  private async intent(id: string | null): Promise<Merge | undefined> {
    if (!id) return undefined;
    const seen = await this.stripe.fetchPaymentIntent(id);
    return (tx) => this.settlements.merge(tx, seen);
  }
}
