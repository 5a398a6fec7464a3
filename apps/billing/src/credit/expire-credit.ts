/** What is left of a credit when its time is over goes back to the platform, in the book. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { creditExpired } from '#domain/ledger/credit.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { CreditGrant } from '#tables/billing/credit.ts';
import { Ledger } from '../ledger/ledger.ts';
import { usedOf } from './credits.ts';

@Injectable()
export class ExpireCredit extends Stage {
  readonly queue = 'billing.expire-credit';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ledger: Ledger,
  ) {
    super();
  }

  /** @param id of a credit. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const grant = await tx.findOne(CreditGrant, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const now = this.clock.now();
      if (!grant?.expiresAt || grant.expiresAt > now || grant.expiredAt) return;
      const left = grant.amountMinor - ((await usedOf(tx, [grant])).get(id) ?? 0n);
      const entry = creditExpired({ grantId: id, buyerId: grant.buyerId, currency: grant.currency, amount: left });
      await this.ledger.post(tx, { ...entry, effectiveAt: now });
      await tx.update(CreditGrant, { id }, { expiredAt: now });
    });
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select credit_grant.id from billing.credit_grant where credit_grant.expired_at is null and credit_grant.expires_at <= $1
        order by credit_grant.expires_at limit 200`,
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }
}
