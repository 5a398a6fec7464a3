/**
 * What others than the platform do at Stripe: customers who dispute, banks that decide or give money back, Stripe's own people who
 * close an account, a network that is unkind. For the control port, and for tests in the same process.
 */
import { type AccountOrder, keepAccount } from './connect/standing.ts';
import { bankAccountOf, withBank } from './connect/banks.ts';
import { giveBack } from './connect/payout-course.ts';
import type { StripeAccount, StripePayout } from './connect/types.ts';
import { PLATFORM } from './kept/shelf.ts';
import { settleRefund } from './money/make-refund.ts';
import { type Complaint, closeDispute, escalate, openDispute } from './money/open-dispute.ts';
import type { StripeDispute, StripeRefund } from './money/types.ts';
import { settleDebit } from './payments/payment-attempt.ts';
import type { StripePaymentIntent } from './payments/types.ts';
import type { StripeState } from './state.ts';
import type { Manner } from './webhooks/manner.ts';
import type { Webhooks } from './webhooks/webhooks.ts';
import type { StripeKey } from './wire/auth.ts';
import type { Limits, RateLimits } from './wire/limits.ts';
import type { LoggedRequest, RequestLog } from './wire/request-log.ts';

/** Thrown when what was asked for cannot happen: nothing has changed. */
export class NotPossible extends Error {}

export class StripeControl {
  constructor(
    private readonly state: StripeState,
    private readonly webhooks: Webhooks,
    private readonly limits: Limits,
    private readonly log: RequestLog,
  ) {}

  /** The customer turns to their bank. @param id of a charge or of its intent. */
  openDispute(id: string, complaint: Partial<Complaint> = {}): StripeDispute {
    return this.act(() => {
      const intent = this.state.paymentIntents.find(id)?.object;
      const kept = this.state.charges.find(intent?.latest_charge ?? id);
      if (kept?.object.status !== 'succeeded') throw new NotPossible(`${id} is no payment that could be disputed.`);
      if (kept.object.disputed) throw new NotPossible(`${id} has been disputed already.`);
      return openDispute(this.state, kept.owner, kept.object, { reason: 'fraudulent', ...complaint });
    });
  }

  /** The bank decides. */
  decideDispute(id: string, outcome: 'won' | 'lost' | 'warning_closed' | 'escalated'): StripeDispute {
    return this.act(() => {
      const kept = this.state.disputes.find(id);
      if (!kept) throw new NotPossible(`There is no dispute ${id}.`);
      const { owner, object: dispute } = kept;
      const isInquiry = dispute.status.startsWith('warning_');
      if (['won', 'lost', 'warning_closed'].includes(dispute.status))
        throw new NotPossible(`${id} is ${dispute.status} already.`);
      if (isInquiry !== (outcome === 'warning_closed' || outcome === 'escalated')) {
        throw new NotPossible(`${id} is ${isInquiry ? 'an inquiry' : 'a dispute'} and cannot be ${outcome}.`);
      }
      return outcome === 'escalated' ? escalate(this.state, owner, dispute) : closeDispute(this.state, owner, dispute, outcome);
    });
  }

  /** A bank debit that is under way clears, or comes back with a code: `insufficient_funds`, `account_closed` … */
  settleDebit(paymentIntentId: string, code?: string): StripePaymentIntent {
    return this.act(() => {
      const settled = settleDebit(this.state, paymentIntentId, code);
      if (!settled) throw new NotPossible(`${paymentIntentId} is no bank debit that is under way.`);
      return settled;
    });
  }

  /** A refund comes back with its money. @param reason `expired_or_canceled_card`, `lost_or_stolen_card`, `declined` … */
  failRefund(id: string, reason?: string): StripeRefund {
    return this.act(() => {
      const failed = this.state.refunds.find(id) && settleRefund(this.state, id, 'failed', reason);
      if (!failed) throw new NotPossible(`${id} is no refund that could fail.`);
      return failed;
    });
  }

  /** The bank gives a payout back, before or after it was paid. @param code `account_closed`, `no_account` … */
  returnPayout(id: string, code = 'account_closed'): StripePayout {
    return this.act(() => {
      const kept = this.state.payouts.find(id);
      if (!kept || ['failed', 'canceled'].includes(kept.object.status))
        throw new NotPossible(`${id} is no payout that could come back.`);
      return giveBack(this.state, kept.owner, kept.object, 'failed', code);
    });
  }

  /** Stripe asks an account for more, restricts it or closes it. What is not named stays as it is. */
  orderAccount(id: string, order: AccountOrder): StripeAccount {
    return this.act(() => {
      const account = this.account(id);
      this.state.accountOrders.set(id, { ...this.state.accountOrders.get(id), ...order });
      return keepAccount(this.state, account);
    });
  }

  /** The account's owner names another bank account, in a dashboard that the platform does not see. */
  replaceBank(id: string, accountNumber = '000123456789'): StripeAccount {
    return this.act(() => {
      const account = this.account(id);
      const { country, default_currency: currency } = account;
      const bank = {
        object: 'bank_account' as const,
        account_number: accountNumber,
        country,
        currency,
        routing_number: '110000000',
      };
      return keepAccount(this.state, withBank(account, bankAccountOf(account, bank)));
    });
  }

  /** Another key; a restricted one (`rk_test_…`) may do only what its permissions say. */
  addKey(key: StripeKey): void {
    this.state.store.table<StripeKey>('stripe.key').set(key.key, key);
  }

  removeKey(key: string): void {
    this.state.store.table<StripeKey>('stripe.key').delete(key);
  }

  /** Stripe's own limits are 25 requests a second for each endpoint; without any, there are none. */
  limitRates(limits: RateLimits): void {
    this.limits.set(limits);
  }

  /** How orderly webhooks are from now on. */
  setManner(manner: Manner): void {
    this.webhooks.manners.set(manner);
  }

  /** Sends what was held back. @returns how many messages */
  releaseWebhooks(how: Parameters<Webhooks['release']>[0] = {}): number {
    return this.webhooks.release(how);
  }

  /** @param target an endpoint's id, or `settings` for the one the sandbox was started with. @returns the new secret */
  rollWebhookSecret(target = 'settings', overlapSeconds = 24 * 60 * 60): string {
    return this.act(() => this.webhooks.rollSecret(target, overlapSeconds));
  }

  /** Resolves when no webhook is under way. */
  webhooksDelivered(): Promise<void> {
    return this.webhooks.delivered();
  }

  /** How often each endpoint was called. */
  calls(): Record<string, number> {
    return this.log.calls();
  }

  /** The last thousand requests. */
  requests(): LoggedRequest[] {
    return this.log.last();
  }

  forgetRequests(): void {
    this.log.clear();
  }

  private account(id: string): StripeAccount {
    const account = this.state.accounts.find(id);
    if (!account || id === PLATFORM) throw new NotPossible(`There is no connected account ${id}.`);
    return account.object;
  }

  /** In one piece, and after whatever has become due. */
  private act<T>(work: () => T): T {
    this.state.due.settle();
    return this.state.store.atomically(work);
  }
}
