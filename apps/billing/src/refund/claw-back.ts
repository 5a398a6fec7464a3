/** Takes back from a vendor's account at Stripe what its buyer was given back. What is not there any more, later payouts keep back. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { transferReversed } from '#domain/ledger/payout.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Payout, Transfer } from '#tables/billing/payout.ts';
import { TransferReversal } from '#tables/billing/transfer-reversal.ts';
import { Ledger } from '../ledger/ledger.ts';
import { takeVendorTurns } from '../payout/vendor-turns.ts';
import { ExternalCalls, type Outcome } from '../stripe/external-calls.ts';
import { StripeReturns, type ReversalParams } from '../stripe/returns.ts';

@Injectable()
export class ClawBack extends Stage {
  readonly queue = 'billing.claw-back';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly stripe: StripeReturns,
    private readonly calls: ExternalCalls,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a transfer reversal. */
  async work(id: string): Promise<void> {
    const reversal = await this.db.manager.findOneBy(TransferReversal, { id });
    if (reversal?.state !== 'planned') return;
    const transfer = await this.db.manager.findOneByOrFail(Transfer, { id: reversal.transferId });
    if (transfer.failure !== null) return this.notNeeded(reversal);
    const transferId = transfer.stripeTransferId;
    // It is still on its way to the vendor.
    if (!transferId) return;
    await this.calls.make<ReversalParams, { id: string }>(reversal.externalCallId, {
      params: () => ({ transferId, amount: String(reversal.amountMinor), currency: reversal.currency }),
      send: (params, mark) => this.stripe.reverseTransfer(params, mark),
      find: (params, opId) => this.stripe.findReversal(params.transferId, opId),
      record: (tx, outcome) => this.record(tx, reversal, transfer, outcome),
    });
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select transfer_reversal.id from billing.transfer_reversal join billing.transfer on transfer.id = transfer_reversal.transfer_id
       where transfer_reversal.state = 'planned' and (transfer.stripe_transfer_id is not null or transfer.failure is not null)
       order by transfer_reversal.created_at limit 200`,
    );
    return rows.map((row) => row.id);
  }

  private async record(
    tx: EntityManager,
    { id, vendorId, currency, amountMinor: amount }: TransferReversal,
    { payoutId }: Transfer,
    { object, failure }: Outcome<{ id: string }>,
  ): Promise<void> {
    const settledAt = this.clock.now();
    if (!object) {
      await tx.update(TransferReversal, { id }, { state: 'refused', failure: failure.message, settledAt });
      return;
    }
    await takeVendorTurns(tx, [vendorId]);
    await tx.update(TransferReversal, { id }, { state: 'succeeded', stripeReversalId: object.id, settledAt });
    await tx.increment(Payout, { id: payoutId }, 'reversedMinor', String(amount));
    const entry = transferReversed({ reversalId: object.id, vendorId, currency, amount });
    await this.ledger.post(tx, { ...entry, effectiveAt: settledAt });
    await this.doorbell.ring(tx, 'billing.pay-out', vendorId);
  }

  /** Stripe never sent it, so the vendor does not have it. */
  private async notNeeded({ id }: TransferReversal): Promise<void> {
    const failure = 'The transfer was refused: there is nothing to take back.';
    await this.db.manager.update(
      TransferReversal,
      { id, state: 'planned' },
      { state: 'refused', failure, settledAt: this.clock.now() },
    );
  }
}
