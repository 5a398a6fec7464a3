/** Plans to take back from vendors' accounts what they were sent and have to give back, as far as nothing else they are owed covers it, their reserve first. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { account } from '#domain/ledger/entry.ts';
import { least, type Minor } from '#domain/money.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { TransferReversal } from '#tables/billing/transfer-reversal.ts';
import { Ledger } from '../ledger/ledger.ts';
import { Reserves } from '../payout/reserves.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';

/** A vendor's part that went back, and the transfer that it had been sent with. */
export interface SentPart {
  vendorId: string;
  currency: string;
  transferId: string;
  vendor: Minor;
}

@Injectable()
export class ClawBacks {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly reserves: Reserves,
    private readonly calls: ExternalCalls,
    private readonly doorbell: Doorbell,
  ) {}

  /** Called in the turn of the vendors, once the book says what went back. */
  async plan(tx: EntityManager, parts: readonly SentPart[]): Promise<void> {
    const byTransfer = [...Map.groupBy(parts, (part) => part.transferId).values()].map((own) => ({
      ...own[0]!,
      vendor: own.reduce((sum, part) => sum + part.vendor, 0n),
    }));
    for (const part of byTransfer) {
      await this.reserves.absorb(tx, part.vendorId, part.currency);
      const owing = await this.owing(tx, part);
      const amountMinor = least(owing, part.vendor, await leftOf(tx, part.transferId));
      if (amountMinor > 0n) await this.insert(tx, part, amountMinor);
    }
  }

  /** What a vendor has to give back beyond what it is owed, and what is not being taken back already. */
  private async owing(tx: EntityManager, { vendorId, currency }: SentPart): Promise<Minor> {
    const balance = await this.ledger.balance(account.vendorPayable(vendorId), currency, tx);
    const [row] = await tx.query(
      `select coalesce(sum(transfer_reversal.amount_minor), 0)::text as planned from billing.transfer_reversal
        where transfer_reversal.vendor_id = $1 and transfer_reversal.currency = $2 and transfer_reversal.state = 'planned'`,
      [vendorId, currency],
    );
    return balance - BigInt(row.planned);
  }

  private async insert(tx: EntityManager, { vendorId, currency, transferId }: SentPart, amountMinor: Minor): Promise<void> {
    const id = newId();
    await tx.insert(TransferReversal, {
      id,
      transferId,
      vendorId,
      currency,
      amountMinor,
      state: 'planned',
      externalCallId: await this.calls.plan(tx, 'transfers.create_reversal'),
      stripeReversalId: null,
      failure: null,
      createdAt: this.clock.now(),
      settledAt: null,
    });
    await this.doorbell.ring(tx, 'billing.claw-back', id);
  }
}

/** What of a transfer can still be taken back. */
async function leftOf(tx: EntityManager, transferId: string): Promise<Minor> {
  const [row] = await tx.query(
    `select (transfer.amount_minor - coalesce(sum(transfer_reversal.amount_minor), 0))::text as left
       from billing.transfer left join billing.transfer_reversal
         on transfer_reversal.transfer_id = transfer.id and transfer_reversal.state <> 'refused'
      where transfer.id = $1 and transfer.failure is null group by transfer.id`,
    [transferId],
  );
  return BigInt(row?.left ?? 0);
}
