/** Takes what a buyer owes a step further: tries its card again on the days of the schedule, and writes down how it stands. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isRetryDue, standingOf } from '#domain/dunning.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Standing } from '#tables/billing/standing.ts';
import { Collection } from '../collect/collection.ts';
import { Settlements } from '../collect/settlements.ts';
import { BillingConfig } from '../config.ts';
import { debtsOf, policyOf } from './debts.ts';

const MOST = 200;

@Injectable()
export class DunBuyer extends Stage {
  readonly queue = 'billing.dun-buyer';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly collection: Collection,
    private readonly settlements: Settlements,
  ) {
    super();
  }

  /** @param id of a buyer. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.settlements.refreshStanding(tx, id);
      await this.collection.takeTurns(tx, id);
      const [debt] = await debtsOf(tx, id);
      const now = this.clock.now();
      if (!debt || !isRetryDue(debt, policyOf(this.config), now)) return;
      // Noted also when there is nothing large enough to be collected any more: otherwise it would be looked at for ever.
      await tx.update(Standing, { buyerId: id }, { dunnedAt: now });
      await this.collection.planAll(tx, id);
    });
  }

  async due(): Promise<string[]> {
    const now = this.clock.now();
    const policy = policyOf(this.config);
    return (await debtsOf(this.db.manager, null))
      .filter((debt) => isRetryDue(debt, policy, now) || standingOf(debt, policy, now) !== debt.standing)
      .map((debt) => debt.buyerId)
      .slice(0, MOST);
  }
}
