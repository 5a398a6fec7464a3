/** A vendor's connected account at Stripe: made once, ready when Stripe says so. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { StripeAccount } from '#tables/billing/stripe-account.ts';
import { BillingConfig } from '../config.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { StripeGateway, type AccountFacts } from '../stripe/gateway.ts';
import { forPeople } from './payment-methods.ts';
import type { NewPayoutAccount, PayoutAccountView } from './payout-accounts.schema.ts';

@Injectable()
export class PayoutAccounts {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly calls: ExternalCalls,
    private readonly stripe: StripeGateway,
    private readonly doorbell: Doorbell,
  ) {}

  async get({ organizationId: vendorId }: Caller): Promise<PayoutAccountView> {
    const row = await this.db.manager.findOneBy(StripeAccount, { vendorId });
    return row?.accountId ? this.view(row.accountId) : { accountId: null, payoutsEnabled: false, onboardingUrl: null };
  }

  /** Makes the account unless it is there. @throws DomainError `refused_by_stripe`, `stripe_unavailable` */
  async open({ organizationId: vendorId }: Caller, { country, email }: NewPayoutAccount): Promise<PayoutAccountView> {
    try {
      await this.db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`stripe_account:${vendorId}`]);
        if (await tx.existsBy(StripeAccount, { vendorId })) return;
        const externalCallId = await this.calls.plan(tx, 'accounts.create', { vendorId });
        await tx.insert(StripeAccount, { vendorId, externalCallId, accountId: null, payoutsEnabled: false, createdAt: this.clock.now() });
      });
      const row = await this.db.manager.findOneByOrFail(StripeAccount, { vendorId });
      if (row.accountId) return await this.view(row.accountId);
      const call = { params: { vendorId }, call: (operation: { id: string }) => this.stripe.createAccount(operation, { vendorId, country, email }), idOf: (made: AccountFacts) => made.id };
      const account = await this.calls.make(row.externalCallId, call);
      await this.db.manager.update(StripeAccount, { vendorId }, { accountId: account.id });
      return await this.view(account.id);
    } catch (error) {
      throw forPeople(error);
    }
  }

  /** Asks Stripe whether an account may be paid, and remembers; a vendor that became ready is looked at for payouts. */
  async refresh(accountId: string): Promise<AccountFacts> {
    const facts = await this.stripe.fetchAccount(accountId);
    await this.db.transaction(async (tx) => {
      await tx.update(StripeAccount, { accountId }, { payoutsEnabled: facts.payoutsEnabled });
      const row = await tx.findOneBy(StripeAccount, { accountId });
      if (row && facts.payoutsEnabled) await this.doorbell.ring(tx, 'billing.pay-out', row.vendorId);
    });
    return facts;
  }

  private async view(accountId: string): Promise<PayoutAccountView> {
    const { payoutsEnabled } = await this.refresh(accountId);
    const onboardingUrl = payoutsEnabled ? null : await this.stripe.onboardingUrl(accountId, new URL('/vendor/earnings', this.config.PUBLIC_URL).href);
    return { accountId, payoutsEnabled, onboardingUrl };
  }
}
