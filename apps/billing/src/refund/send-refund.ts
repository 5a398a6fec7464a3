/** Has Stripe give a planned refund to the buyer, and asks after one whose news did not come. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Payment } from '#tables/billing/payment.ts';
import { Refund } from '#tables/billing/refund.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { StripeReturns, type RefundParams, type RefundSeen } from '../stripe/returns.ts';
import { RefundNews } from './refund-news.ts';

const ASK_AGAIN_MS = 3_600_000;

@Injectable()
export class SendRefund extends Stage {
  readonly queue = 'billing.send-refund';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly stripe: StripeReturns,
    private readonly calls: ExternalCalls,
    private readonly news: RefundNews,
  ) {
    super();
  }

  /** @param id of a refund. */
  async work(id: string): Promise<void> {
    const refund = await this.db.manager.findOneBy(Refund, { id });
    if (refund?.state === 'planned') return this.send(refund);
    if (refund?.state !== 'pending' || !refund.stripeRefundId) return;
    const seen = await this.stripe.fetchRefund(refund.stripeRefundId);
    await this.db.transaction((tx) => this.news.merge(tx, seen));
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select refund.id from billing.refund where refund.state = 'planned' or (refund.state = 'pending' and refund.checked_at <= $1)
       order by refund.created_at limit 200`,
      [new Date(this.clock.now().getTime() - ASK_AGAIN_MS)],
    );
    return rows.map((row) => row.id);
  }

  private async send(refund: Refund): Promise<void> {
    const { stripePaymentIntentId } = await this.db.manager.findOneByOrFail(Payment, { id: refund.paymentId });
    await this.calls.make<RefundParams, RefundSeen>(refund.externalCallId, {
      params: () => ({
        paymentIntentId: stripePaymentIntentId!,
        amount: String(refund.amountMinor),
        currency: refund.currency,
      }),
      send: (params, mark) => this.stripe.refund(params, mark),
      find: (params, opId, since) => this.stripe.findRefund(params.paymentIntentId, opId, since),
      record: (tx, { object, failure }) =>
        object ? this.news.merge(tx, object) : this.news.refused(tx, refund.id, failure.message),
    });
  }
}
