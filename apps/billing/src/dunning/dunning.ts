/** What is overdue and what comes next, for the buyer itself and for whoever runs or audits the marketplace. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { datesOf, nextRetryOf } from '#domain/dunning.ts';
import { seesEverybody, type Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { BillingConfig } from '../config.ts';
import { debtsOf, policyOf } from './debts.ts';
import type { OverdueBuyer } from './dunning.schema.ts';

@Injectable()
export class Dunning {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
  ) {}

  async list(caller: Caller): Promise<OverdueBuyer[]> {
    const policy = policyOf(this.config);
    const debts = await debtsOf(this.db.manager, seesEverybody(caller) ? null : caller.organizationId);
    return debts.map((debt) => {
      const { suspendsAt, endsAt } = datesOf(debt.since!, policy);
      return {
        buyerId: debt.buyerId,
        buyer: debt.buyer,
        standing: debt.standing,
        since: debt.since!.toISOString(),
        isBeingCollected: debt.isBeingCollected,
        nextRetryAt: nextRetryOf(debt, policy, this.clock.now())?.toISOString() ?? null,
        suspendsAt: suspendsAt.toISOString(),
        endsAt: endsAt.toISOString(),
      };
    });
  }
}
