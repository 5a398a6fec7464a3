/** How each vendor is paid out: the vendor says how often and how much at least, the operator what is kept back for a while. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { PayoutPolicy } from '#domain/payout-policy.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Organization } from '#tables/api/organization.ts';
import { PayoutPolicyRow } from '#tables/billing/payout-policy.ts';
import { BillingConfig } from '../config.ts';
import type { NewPayoutPolicy, OwnPayoutPolicy, PayoutPolicyView } from './payout-policies.schema.ts';

@Injectable()
export class PayoutPolicies {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly doorbell: Doorbell,
  ) {}

  /** @throws DomainError `missing` when there is no such vendor */
  async get(vendorId: string): Promise<PayoutPolicyView> {
    if (!(await this.db.manager.existsBy(Organization, { id: vendorId, kind: 'vendor' }))) throw missing('vendor');
    const row = await this.db.manager.findOneBy(PayoutPolicyRow, { vendorId });
    const policy = this.policyOf(row);
    return {
      vendorId,
      ...policy,
      minimumMinor: String(policy.minimumMinor),
      changedBy: row?.changedBy ?? null,
      changedAt: row?.changedAt.toISOString() ?? null,
    };
  }

  /** What is not said stays as it is. Shares that are released already are not reserved anew. @throws DomainError `missing` */
  async set(caller: Caller, vendorId: string, given: OwnPayoutPolicy | NewPayoutPolicy): Promise<PayoutPolicyView> {
    await this.get(vendorId);
    await this.db.transaction(async (tx) => {
      const before = await tx.findOneBy(PayoutPolicyRow, { vendorId });
      const row: PayoutPolicyRow = {
        vendorId,
        reserveBasisPoints: before?.reserveBasisPoints ?? 0,
        reserveDays: before?.reserveDays ?? 0,
        ...given,
        changedBy: caller.userId ?? caller.organizationId,
        changedAt: this.clock.now(),
      };
      await tx.upsert(PayoutPolicyRow, row, ['vendorId']);
      await this.doorbell.ring(tx, 'billing.pay-out', vendorId);
    });
    return this.get(vendorId);
  }

  async of(tx: EntityManager, vendorId: string): Promise<PayoutPolicy> {
    return this.policyOf(await tx.findOneBy(PayoutPolicyRow, { vendorId }));
  }

  private policyOf(row: PayoutPolicyRow | null): PayoutPolicy {
    const platforms = BigInt(this.config.PAYOUT_MINIMUM_MINOR);
    const own = row?.minimumMinor ?? platforms;
    return {
      interval: row?.interval ?? 'daily',
      minimumMinor: own > platforms ? own : platforms,
      reserveBasisPoints: row?.reserveBasisPoints ?? 0,
      reserveDays: row?.reserveDays ?? 0,
    };
  }
}
