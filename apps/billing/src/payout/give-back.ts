/** What was set aside for a payout and is not sent: owed again, with the lines that it was for; another payout takes it up. */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { payoutVoid } from '#domain/ledger/payout.ts';
import { Clock } from '#platform/clock.ts';
import { PartShare } from '#tables/billing/fee-rule.ts';
import { InvoiceLine } from '#tables/billing/invoice.ts';
import { Payout, Transfer } from '#tables/billing/payout.ts';
import { Reserve } from '#tables/billing/payout-policy.ts';
import { LineReturn } from '#tables/billing/refund.ts';
import { Holds } from '../dispute/holds.ts';
import { Ledger } from '../ledger/ledger.ts';
import { takeVendorTurns } from './vendor-turns.ts';

@Injectable()
export class GiveBack {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly holds: Holds,
  ) {}

  /** A payout of which nothing was sent. It is void from then on. */
  async all(tx: EntityManager, payout: Payout, failure: string): Promise<void> {
    await takeVendorTurns(tx, [payout.vendorId]);
    await tx.update(Transfer, { payoutId: payout.id }, { failure });
    await this.transfers(tx, payout, await tx.findBy(Transfer, { payoutId: payout.id }));
    await tx.update(Payout, { id: payout.id, state: 'reserved' }, { state: 'void', sentMinor: 0n, failure });
  }

  /** Some of a payout's transfers. Called in the turn of its vendor. @returns what they come to */
  async transfers(
    tx: EntityManager,
    { id: payoutId, vendorId, currency }: Payout,
    refused: readonly Transfer[],
  ): Promise<bigint> {
    const amount = refused.reduce((sum, transfer) => sum + transfer.amountMinor, 0n);
    await this.ledger.post(tx, { ...payoutVoid({ payoutId, vendorId, currency, amount }), effectiveAt: this.clock.now() });
    const lines = await tx.findBy(InvoiceLine, { transferId: In(refused.map((transfer) => transfer.id)) });
    const lineIds = lines.map((line) => line.id);
    await tx.update(InvoiceLine, { id: In(lineIds) }, { transferId: null });
    // What had no line to go with waits for another day's payout, as lines do.
    if (refused.some((transfer) => transfer.paymentId === null)) {
      await tx.update(LineReturn, { againPayoutId: payoutId }, { againPayoutId: null });
      await tx.update(PartShare, { payoutId }, { payoutId: null });
      await tx.update(Reserve, { payoutId }, { payoutId: null });
    }
    // What was disputed on the way is held back from now on.
    await this.holds.settle(tx, lineIds);
    return amount;
  }
}
