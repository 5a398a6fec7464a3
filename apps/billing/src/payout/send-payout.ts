/** Sends a reserved payout: a transfer to the vendor's account out of the charge it comes from, then on to the vendor's bank. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { payoutSent, payoutVoid } from '#domain/ledger.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { ExternalCall } from '#tables/billing/external-call.ts';
import { Payout } from '#tables/billing/payout.ts';
import { StripeAccount } from '#tables/billing/stripe-account.ts';
import { Ledger } from '../ledger/ledger.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { StripeGateway } from '../stripe/gateway.ts';
import { StripeFailure } from '../stripe/stripe.errors.ts';

@Injectable()
export class SendPayout extends Stage {
  readonly queue = 'billing.send-payout';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly calls: ExternalCalls,
    private readonly stripe: StripeGateway,
  ) {
    super();
  }

  /** @param id of a payout. */
  async work(id: string): Promise<void> {
    const payout = await this.db.manager.findOneBy(Payout, { id });
    if (!payout || payout.state === 'paid' || payout.state === 'void') return;
    const { accountId } = await this.db.manager.findOneByOrFail(StripeAccount, { vendorId: payout.vendorId });
    if (payout.state === 'reserved') await this.transfer(payout, accountId!);
    const sent = await this.db.manager.findOneByOrFail(Payout, { id });
    if (sent.state === 'sent') await this.payOut(sent, accountId!);
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select payout.id from billing.payout where payout.state in ('reserved', 'sent') and payout.look_at <= $1 order by payout.look_at limit 200`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }

  private async transfer(payout: Payout, destination: string): Promise<void> {
    const { id, amountMinor: amount, currency, sourceChargeId } = payout;
    try {
      const stripeTransferId = await this.calls.make(payout.transferCallId, {
        params: paramsOf(payout),
        call: (operation) => this.stripe.transfer(operation, { amount, currency, destination, sourceChargeId, payoutId: id }),
        idOf: (made) => made,
        lookUp: (operation) => this.stripe.findTransfer(operation, destination),
      });
      await this.record(payout, 'sent', { stripeTransferId });
    } catch (error) {
      if (!(error instanceof StripeFailure) || error.kind === 'later' || error.kind === 'unknown') throw error;
      if (error.kind === 'short') return this.again(payout, 'transferCallId', 'transfers.create');
      // Refused for good: the vendor is owed it again. This payout is over; another day makes another.
      await this.record(payout, 'void', { failure: error.message.slice(0, 500) });
    }
  }

  private async payOut(payout: Payout, accountId: string): Promise<void> {
    const { id } = payout;
    const stripePayoutId = payout.stripePayoutId ?? (await this.toBank(payout, accountId));
    if (!stripePayoutId) return this.lookAgain(id, {});
    const { isPaid, failure } = await this.stripe.fetchPayout(stripePayoutId, accountId);
    if (isPaid) await this.db.manager.update(Payout, { id, state: 'sent' }, { state: 'paid', stripePayoutId, paidAt: this.clock.now(), failure: null });
    else await this.lookAgain(id, { stripePayoutId, failure });
  }

  /** @returns undefined while the account has to wait for the charge to settle, which takes days. */
  private async toBank(payout: Payout, accountId: string): Promise<string | undefined> {
    const { id, amountMinor: amount, currency } = payout;
    const call = await this.db.manager.findOneByOrFail(ExternalCall, { id: payout.payoutCallId });
    // Asked before the first try only: what was tried may have been done, and the money be gone for that reason.
    if (call.state === 'planned' && (await this.stripe.availableOn(accountId, currency)) < amount) return undefined;
    try {
      return await this.calls.make(payout.payoutCallId, {
        params: paramsOf(payout),
        call: (operation) => this.stripe.payOut(operation, { amount, currency, accountId, payoutId: id }),
        idOf: (made) => made,
        lookUp: (operation) => this.stripe.findPayout(operation, accountId),
      });
    } catch (error) {
      if (!(error instanceof StripeFailure) || error.kind !== 'short') throw error;
      await this.again(payout, 'payoutCallId', 'payouts.create');
      return undefined;
    }
  }

  /** There was not enough money: that call is over, another one is planned for later. */
  private async again(payout: Payout, which: 'transferCallId' | 'payoutCallId', operation: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.update(Payout, { id: payout.id, [which]: payout[which] }, { [which]: await this.calls.plan(tx, operation, paramsOf(payout)), lookAt: this.inAnHour() });
    });
  }

  private async lookAgain(id: string, facts: { stripePayoutId?: string; failure?: string | null }): Promise<void> {
    await this.db.manager.update(Payout, { id }, { ...facts, lookAt: this.inAnHour() });
  }

  private inAnHour(): Date {
    return new Date(this.clock.now().getTime() + 3_600_000);
  }

  /** The state and its journal, together or not at all. */
  private async record(payout: Payout, state: 'sent' | 'void', facts: { stripeTransferId?: string; failure?: string }): Promise<void> {
    const { id, vendorId, currency, amountMinor: amount } = payout;
    const now = this.clock.now();
    await this.db.transaction(async (tx) => {
      const { affected } = await tx.update(Payout, { id, state: 'reserved' }, { state, ...facts, ...(state === 'sent' ? { sentAt: now } : {}) });
      if (!affected) return;
      const entry = state === 'sent' ? payoutSent({ payoutId: id, currency, amount }) : payoutVoid({ payoutId: id, vendorId, currency, amount });
      await this.ledger.post(tx, { ...entry, effectiveAt: now });
    });
  }
}

const paramsOf = (payout: Payout): Record<string, string> => ({ payoutId: payout.id, amount: String(payout.amountMinor), currency: payout.currency });
