/**
 * What is kept back of vendors' shares for a while, so that there is something to take what goes back to buyers from. The book has it
 * apart; when its time is over, or a vendor has to give something back, it is payable again.
 */
import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { account } from '#domain/ledger/entry.ts';
import { shareReserved, shareUnreserved } from '#domain/ledger/payout.ts';
import { least, type Minor } from '#domain/money.ts';
import { reserveOf } from '#domain/payout-policy.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Reserve } from '#tables/billing/payout-policy.ts';
import { Ledger } from '../ledger/ledger.ts';
import { PayoutPolicies } from './payout-policies.ts';

const DAY_MS = 86_400_000;

@Injectable()
export class Reserves {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly policies: PayoutPolicies,
  ) {}

  /** Keeps back what the vendor's policy says of a share that was just released. */
  async keep(
    tx: EntityManager,
    { lineId, vendorId, currency, share }: { lineId: string; vendorId: string; currency: string; share: Minor },
  ): Promise<void> {
    const policy = await this.policies.of(tx, vendorId);
    const amountMinor = reserveOf(share, policy);
    if (amountMinor === 0n || policy.reserveDays === 0) return;
    const until = new Date(this.clock.now().getTime() + policy.reserveDays * DAY_MS);
    await this.hold(tx, { lineId, vendorId, currency, amountMinor, until });
  }

  /** Its time is over: payable, and on its way with the next payout. Twice is the same as once. */
  async end(tx: EntityManager, reserve: Reserve, isAbsorbed = false): Promise<void> {
    const { id: reserveId, vendorId, currency, amountMinor: amount } = reserve;
    const overAt = this.clock.now();
    await this.ledger.post(tx, { ...shareUnreserved({ reserveId, vendorId, currency, amount }), effectiveAt: overAt });
    await tx.update(Reserve, { id: reserveId, overAt: IsNull() }, { overAt, isAbsorbed });
  }

  /**
   * A vendor has to give back more than it is owed: its reserve goes into that first, the oldest before the rest. Called in the turn of
   * the vendor.
   */
  async absorb(tx: EntityManager, vendorId: string, currency: string): Promise<void> {
    let owing = await this.ledger.balance(account.vendorPayable(vendorId), currency, tx);
    if (owing <= 0n) return;
    const held = await tx.find(Reserve, {
      where: { vendorId, currency, overAt: IsNull() },
      order: { until: 'asc', id: 'asc' },
      lock: { mode: 'pessimistic_write' },
    });
    for (const reserve of held) {
      if (owing === 0n) return;
      const taken = least(owing, reserve.amountMinor);
      await this.end(tx, reserve, true);
      const left = reserve.amountMinor - taken;
      if (left > 0n) await this.hold(tx, { ...reserve, amountMinor: left });
      owing -= taken;
    }
  }

  private async hold(
    tx: EntityManager,
    {
      lineId,
      vendorId,
      currency,
      amountMinor,
      until,
    }: Pick<Reserve, 'lineId' | 'vendorId' | 'currency' | 'amountMinor' | 'until'>,
  ): Promise<void> {
    const id = newId();
    const heldAt = this.clock.now();
    await tx.insert(Reserve, {
      id,
      lineId,
      vendorId,
      currency,
      amountMinor,
      heldAt,
      until,
      overAt: null,
      isAbsorbed: false,
      payoutId: null,
    });
    const entry = shareReserved({ reserveId: id, vendorId, currency, amount: amountMinor });
    await this.ledger.post(tx, { ...entry, effectiveAt: heldAt });
  }
}
