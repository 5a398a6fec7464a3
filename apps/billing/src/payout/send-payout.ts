/**
 * Sends a reserved payout: its transfers to the vendor's account at Stripe, and, once Stripe lets the money go, the whole to the
 * vendor's bank. What is definitively refused is given back to the book; another day's payout takes it up again.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { payoutSent } from '#domain/ledger/payout.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Payment } from '#tables/billing/payment.ts';
import { Payout, Transfer } from '#tables/billing/payout.ts';
import { Ledger } from '../ledger/ledger.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { StripeGateway, type PayoutParams, type TransferParams } from '../stripe/gateway.ts';
import type { BankPayout } from '../stripe/stripe.read.ts';
import { BankPayouts } from './bank-payouts.ts';
import { GiveBack } from './give-back.ts';
import { takeVendorTurns } from './vendor-turns.ts';

/** How long to wait when Stripe does not let the money go to the bank yet. */
const TRY_AGAIN_MS = 6 * 3_600_000;

@Injectable()
export class SendPayout extends Stage {
  readonly queue = 'billing.send-payout';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly stripe: StripeGateway,
    private readonly calls: ExternalCalls,
    private readonly payouts: BankPayouts,
    private readonly giveBack: GiveBack,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a payout. */
  async work(id: string): Promise<void> {
    const payout = await this.db.manager.findOneBy(Payout, { id });
    if (payout?.state === 'reserved') return isWaiting(payout) ? undefined : this.transfer(payout);
    if (payout?.state !== 'sent' || payout.dueAt > this.clock.now()) return;
    if (payout.stripePayoutId) return this.ask(payout, payout.stripePayoutId);
    return this.payOut(payout);
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select payout.id from billing.payout where payout.state in ('reserved', 'sent') and payout.approval not in ('waiting', 'asked') and payout.due_at <= $1 order by payout.due_at limit 200`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }

  private async transfer(payout: Payout): Promise<void> {
    const transfers = await this.db.manager.find(Transfer, { where: { payoutId: payout.id }, order: { id: 'asc' } });
    for (const transfer of transfers) {
      await this.calls.make<TransferParams, { id: string }>(transfer.externalCallId, {
        params: async () => ({
          accountId: payout.accountId,
          sourceChargeId: await this.chargeOf(transfer.paymentId),
          amount: String(transfer.amountMinor),
          currency: payout.currency,
          group: transfer.paymentId ?? payout.id,
        }),
        send: (params, mark) => this.stripe.transfer(params, mark),
        find: (params, opId, since) => this.stripe.findTransfer(params.accountId, opId, since),
        record: async (tx, { object, failure }) => {
          await tx.update(
            Transfer,
            { id: transfer.id },
            { stripeTransferId: object?.id ?? null, failure: failure?.message ?? null },
          );
        },
      });
    }
    await this.db.transaction((tx) => this.sent(tx, payout.id));
  }

  private async chargeOf(paymentId: string | null): Promise<string | null> {
    if (paymentId === null) return null;
    return (await this.db.manager.findOneByOrFail(Payment, { id: paymentId })).stripeChargeId;
  }

  /** All transfers have come to an end: books what went, and gives back what did not. */
  private async sent(tx: EntityManager, id: string): Promise<void> {
    const payout = await tx.findOneOrFail(Payout, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (payout.state !== 'reserved') return;
    await takeVendorTurns(tx, [payout.vendorId]);
    const transfers = await tx.findBy(Transfer, { payoutId: id });
    const refused = transfers.filter((transfer) => transfer.failure !== null);
    const sentMinor = payout.amountMinor - (await this.giveBack.transfers(tx, payout, refused));
    const now = this.clock.now();
    const book = { payoutId: id, currency: payout.currency, amount: sentMinor };
    await this.ledger.post(tx, { ...payoutSent(book), effectiveAt: now });
    await tx.update(
      Payout,
      { id },
      {
        state: sentMinor > 0n ? 'sent' : 'void',
        sentMinor,
        sentAt: sentMinor > 0n ? now : null,
        failure: refused[0]?.failure ?? null,
        dueAt: await this.availableAt(tx, id, now),
      },
    );
    await this.doorbell.ring(tx, 'billing.send-payout', id);
  }

  /** When Stripe lets go of the last of the charges that the money came with. */
  private async availableAt(tx: EntityManager, payoutId: string, now: Date): Promise<Date> {
    const [row]: Array<{ at: Date | null }> = await tx.query(
      `select max(payment.available_at) as at from billing.transfer join billing.payment on payment.id = transfer.payment_id
       where transfer.payout_id = $1 and transfer.failure is null`,
      [payoutId],
    );
    return row?.at && row.at > now ? row.at : now;
  }

  private async payOut(payout: Payout): Promise<void> {
    const amount = payout.sentMinor! - payout.reversedMinor;
    if (amount <= 0n) return this.nothingLeft(payout);
    const params = { accountId: payout.accountId, amount: String(amount), currency: payout.currency };
    await this.calls.make<PayoutParams, BankPayout>(payout.externalCallId, {
      params: () => params,
      send: (given, mark) => this.stripe.payOut(given, mark),
      find: (given, opId, since) => this.stripe.findPayout(given.accountId, opId, since),
      record: async (tx, { object, failure }) => {
        if (object) return this.payouts.merge(tx, object);
        // The money stays in the vendor's account. Stripe answers a key the same for ever, so the next try is another call.
        await tx.update(
          Payout,
          { id: payout.id },
          {
            failure: failure.message,
            externalCallId: await this.calls.plan(tx, 'payouts.create'),
            dueAt: new Date(this.clock.now().getTime() + TRY_AGAIN_MS),
          },
        );
      },
    });
  }

  private async nothingLeft({ id }: Payout): Promise<void> {
    const failure = 'All of it went back to buyers before it went to the bank.';
    await this.db.manager.update(Payout, { id, state: 'sent' }, { state: 'void', failure });
  }

  private async ask(payout: Payout, stripePayoutId: string): Promise<void> {
    const seen = await this.stripe.fetchPayout(payout.accountId, stripePayoutId);
    await this.db.transaction((tx) => this.payouts.merge(tx, seen));
  }
}

/** For two people to agree. */
const isWaiting = ({ approval }: Payout): boolean => approval === 'waiting' || approval === 'asked';
