/** Where a vendor's money goes: an Express account at Stripe, which asks its owner itself for papers and bank. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { StripeAccount } from '#tables/billing/stripe-account.ts';
import { BillingConfig } from '../config.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { StripeGateway, type AccountParams } from '../stripe/gateway.ts';
import type { ConnectedAccount } from '../stripe/stripe.read.ts';
import { answering } from './answering.ts';
import type { NewPayoutAccount, PayoutAccountView } from './payout-accounts.schema.ts';

@Injectable()
export class PayoutAccounts {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly stripe: StripeGateway,
    private readonly calls: ExternalCalls,
    private readonly doorbell: Doorbell,
  ) {}

  async get({ organizationId: vendorId }: Caller): Promise<PayoutAccountView> {
    const account = await this.db.manager.findOneBy(StripeAccount, { vendorId });
    return { accountId: account?.accountId ?? null, payoutsEnabled: account?.payoutsEnabled ?? false, onboardingUrl: null };
  }

  /**
   * Opens the account, or asks Stripe how the open one is doing. While it cannot be paid out, the answer says where its owner
   * goes to change that.
   * @throws DomainError `payout_country_fixed`, `stripe_refused`, `stripe_unavailable`
   */
  async put(caller: Caller, given: NewPayoutAccount): Promise<PayoutAccountView> {
    const accountId = await answering(this.account(caller.organizationId, given));
    const seen = await answering(this.stripe.fetchConnectedAccount(accountId));
    await this.db.transaction((tx) => this.merge(tx, seen));
    const onboardingUrl = seen.payoutsEnabled
      ? null
      : await answering(this.stripe.onboardingUrl(accountId, `${this.config.PUBLIC_URL}/vendor/earnings`));
    return { accountId, payoutsEnabled: seen.payoutsEnabled, onboardingUrl };
  }

  /** Writes down whether an account can be paid out; one that is none of ours changes nothing. */
  async merge(tx: EntityManager, { id, payoutsEnabled }: ConnectedAccount): Promise<void> {
    const account = await tx.findOneBy(StripeAccount, { accountId: id });
    if (!account || account.payoutsEnabled === payoutsEnabled) return;
    await tx.update(StripeAccount, { vendorId: account.vendorId }, { payoutsEnabled });
    if (payoutsEnabled) await this.doorbell.ring(tx, 'billing.pay-out', account.vendorId);
  }

  /** The vendor's account at Stripe; made once, also when two ask at the same time. */
  private async account(vendorId: string, { country, email }: NewPayoutAccount): Promise<string> {
    const { externalCallId } = await this.db.transaction((tx) => this.planned(tx, vendorId, { country, email }));
    await this.calls.make<AccountParams, ConnectedAccount>(externalCallId, {
      params: () => ({ country, email, vendorId }),
      send: (params, mark) => this.stripe.createConnectedAccount(params, mark),
      find: (_params, opId, since) => this.stripe.findConnectedAccount(opId, since),
      record: async (tx, { object, failure }) => {
        // Refused, this attempt is over: the next one may be for another country.
        if (failure) await tx.delete(StripeAccount, { vendorId });
        else await tx.update(StripeAccount, { vendorId }, { accountId: object.id, payoutsEnabled: object.payoutsEnabled });
      },
    });
    const made = await this.db.manager.findOneBy(StripeAccount, { vendorId });
    if (made?.accountId) return made.accountId;
    throw await this.calls.failureOf(externalCallId);
  }

  private async planned(tx: EntityManager, vendorId: string, { country, email }: NewPayoutAccount): Promise<StripeAccount> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`account:${vendorId}`]);
    const known = await tx.findOneBy(StripeAccount, { vendorId });
    if (known && known.country !== country) {
      throw new DomainError(
        'conflict',
        'payout_country_fixed',
        `Your payout account is in ${known.country}; Stripe cannot move it.`,
      );
    }
    if (known) return known;
    const externalCallId = await this.calls.plan(tx, 'accounts.create');
    const planned: StripeAccount = {
      vendorId,
      externalCallId,
      accountId: null,
      country,
      email,
      payoutsEnabled: false,
      createdAt: this.clock.now(),
    };
    await tx.insert(StripeAccount, planned);
    return planned;
  }
}
