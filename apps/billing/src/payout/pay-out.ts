/**
 * Sets a vendor's payable money aside for sending: one payout for each run of its policy and currency, with a transfer for each payment that the money
 * came with. Nothing is sent here; what is reserved cannot be reserved twice.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, Not, type EntityManager } from 'typeorm';
import { account } from '#domain/ledger/entry.ts';
import { payoutReserved } from '#domain/ledger/payout.ts';
import { exponentOf } from '#domain/money.ts';
import { transfersOf, type Share } from '#domain/payout.ts';
import { PAYOUT_INTERVALS, runOf } from '#domain/payout-policy.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { PartShare } from '#tables/billing/fee-rule.ts';
import { InvoiceLine } from '#tables/billing/invoice.ts';
import { Payout, Transfer } from '#tables/billing/payout.ts';
import { Reserve } from '#tables/billing/payout-policy.ts';
import { StripeAccount } from '#tables/billing/stripe-account.ts';
import { BillingConfig } from '../config.ts';
import { NET_SHARE } from '../dispute/holds.ts';
import { Ledger } from '../ledger/ledger.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { PayoutPolicies } from './payout-policies.ts';
import { takeVendorTurns } from './vendor-turns.ts';

/**
 * Lines whose share is released and not on its way, with the payment that paid for them. What credit paid for, in part or in all, was
 * no money of the buyer's: that share comes from the platform's own balance.
 */
const PAYABLE_LINES = `from billing.invoice_line
  join billing.invoice on invoice.id = invoice_line.invoice_id and invoice.state = 'paid'
  left join billing.payment on payment.id = invoice.payment_id and payment.state = 'succeeded' and payment.stripe_charge_id is not null
  where invoice_line.released_at is not null and invoice_line.transfer_id is null and ${NET_SHARE} > 0
    and not exists (select from billing.held_share where held_share.line_id = invoice_line.id and held_share.over_at is null)
    and (payment.id is not null or invoice.credit_minor + invoice.credited_minor = invoice.total_minor)`;

/** What vendors were given again of lines that they had been paid for: a refund that came to nothing. It has no share to go with. */
const GIVEN_AGAIN = `select invoice_line.vendor_id, invoice.currency from billing.line_return
  join billing.invoice_line on invoice_line.id = line_return.line_id join billing.invoice on invoice.id = invoice_line.invoice_id
  where line_return.undone_at is not null and line_return.again_payout_id is null`;

/** Parts of lines of others, and reserves that are over, which have no share to go with either. */
const PARTS = `select part_share.organization_id as vendor_id, part_share.currency from billing.part_share where part_share.payout_id is null
  union select reserve.vendor_id, reserve.currency from billing.reserve where reserve.over_at is not null and reserve.payout_id is null`;

@Injectable()
export class PayOut extends Stage {
  readonly queue = 'billing.pay-out';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly ledger: Ledger,
    private readonly calls: ExternalCalls,
    private readonly policies: PayoutPolicies,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a vendor. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await takeVendorTurns(tx, [id]);
      // Two workers for one vendor take turns here; the second finds the day's payout made.
      const to = await tx.findOne(StripeAccount, {
        where: { vendorId: id, payoutsEnabled: true },
        lock: { mode: 'pessimistic_write' },
      });
      if (!to?.accountId) return;
      const shares = await this.sharesOf(tx, id);
      for (const currency of await currenciesOf(tx, id, shares))
        await this.reserve(tx, { vendorId: id, accountId: to.accountId, currency, shares: shares.get(currency) ?? [] });
    });
  }

  /** Vendors with an account to be paid on, enough to pay, and no payout in the run that is now. */
  async due(): Promise<string[]> {
    const runs = PAYOUT_INTERVALS.map((interval) => ({ interval, ...runOf(interval, this.clock.now()) }));
    const rows: Array<{ vendor_id: string }> = await this.db.query(
      `select distinct owed.vendor_id from (select invoice_line.vendor_id, invoice.currency, invoice_line.released_at ${PAYABLE_LINES}
           union select again.vendor_id, again.currency, null from (${GIVEN_AGAIN} union ${PARTS}) as again) as owed
         left join billing.payout_policy on payout_policy.vendor_id = owed.vendor_id
         join jsonb_to_recordset($1) as run (interval text, id text, until timestamptz) on run.interval = coalesce(payout_policy.interval, 'daily')
       where (owed.released_at is null or owed.released_at < run.until or run.interval = 'daily')
         and exists (select from billing.stripe_account where stripe_account.vendor_id = owed.vendor_id and stripe_account.payouts_enabled)
         and not exists (select from billing.payout where payout.vendor_id = owed.vendor_id and payout.currency = owed.currency and payout.run_id = run.id)
         and (select -sum(posting.amount_minor) from billing.posting where posting.account = 'vendor_payable/' || owed.vendor_id and posting.currency = owed.currency)
           >= greatest($2::bigint, payout_policy.minimum_minor, 1) limit 200`,
      [JSON.stringify(runs), this.config.PAYOUT_MINIMUM_MINOR],
    );
    return rows.map((row) => row.vendor_id);
  }

  private async sharesOf(tx: EntityManager, vendorId: string): Promise<Map<string, ReleasedShare[]>> {
    const rows: Array<{ line_id: string; payment_id: string | null; currency: string; amount: string; released_at: Date }> =
      await tx.query(
        `select invoice_line.id as line_id, invoice_line.released_at, case when invoice.credit_minor = 0 then payment.id end as payment_id, invoice.currency, ${NET_SHARE}::text as amount
       ${PAYABLE_LINES} and invoice_line.vendor_id = $1
       order by invoice.currency, invoice_line.released_at, invoice.number, invoice_line.ordinal`,
        [vendorId],
      );
    const shares = Map.groupBy(rows, (row) => row.currency);
    return new Map(
      [...shares].map(([currency, own]) => [
        currency,
        own.map((row) => ({
          lineId: row.line_id,
          paymentId: row.payment_id,
          amount: BigInt(row.amount),
          releasedAt: row.released_at,
        })),
      ]),
    );
  }

  private async reserve(
    tx: EntityManager,
    { vendorId, accountId, currency, shares }: { vendorId: string; accountId: string; currency: string; shares: ReleasedShare[] },
  ): Promise<void> {
    const now = this.clock.now();
    const policy = await this.policies.of(tx, vendorId);
    const run = runOf(policy.interval, now);
    if (await tx.existsBy(Payout, { vendorId, currency, runId: run.id })) return;
    const later = shares.filter((share) => policy.interval !== 'daily' && share.releasedAt >= run.until);
    // The book has the last word: what a vendor has to give back is not sent, and what it was given again is.
    const payable =
      -(await this.ledger.balance(account.vendorPayable(vendorId), currency, tx)) -
      later.reduce((sum, share) => sum + share.amount, 0n);
    const ripe = shares.filter((share) => !later.includes(share));
    const transfers = transfersOf({ shares: ripe, payable, minimum: policy.minimumMinor });
    if (transfers.length === 0) return;
    const amountMinor = transfers.reduce((sum, transfer) => sum + transfer.amount, 0n);
    const id = newId();
    await tx.insert(Payout, {
      id,
      vendorId,
      currency,
      runId: run.id,
      amountMinor,
      sentMinor: null,
      reversedMinor: 0n,
      state: 'reserved',
      approval: this.isLarge(amountMinor, currency) ? 'waiting' : 'none',
      accountId,
      externalCallId: await this.calls.plan(tx, 'payouts.create'),
      stripePayoutId: null,
      failure: null,
      createdAt: now,
      sentAt: null,
      dueAt: now,
      paidAt: null,
    });
    for (const { paymentId, amount, lineIds } of transfers) {
      const externalCallId = await this.calls.plan(tx, 'transfers.create');
      const transfer: Transfer = {
        id: newId(),
        payoutId: id,
        paymentId,
        amountMinor: amount,
        externalCallId,
        stripeTransferId: null,
        failure: null,
      };
      await tx.insert(Transfer, transfer);
      await tx.update(InvoiceLine, { id: In(lineIds) }, { transferId: transfer.id });
    }
    await takeAlong(tx, { vendorId, currency, payoutId: id });
    await this.ledger.post(tx, {
      ...payoutReserved({ payoutId: id, vendorId, currency, amount: amountMinor }),
      effectiveAt: now,
    });
    await this.doorbell.ring(tx, 'billing.send-payout', id);
  }

  /** Whether two people have to agree to it. */
  private isLarge(amount: bigint, currency: string): boolean {
    const above = this.config.PAYOUT_APPROVAL_ABOVE;
    return above !== undefined && amount > above * 10n ** BigInt(exponentOf(currency));
  }
}

type ReleasedShare = Share & { releasedAt: Date };

/** Of the shares, of what was given again, and of parts of others' lines. */
async function currenciesOf(tx: EntityManager, vendorId: string, shares: Map<string, ReleasedShare[]>): Promise<string[]> {
  const again: Array<{ currency: string }> = await tx.query(
    `select owed.currency from (${GIVEN_AGAIN} union ${PARTS}) as owed where owed.vendor_id = $1`,
    [vendorId],
  );
  return [...new Set([...shares.keys(), ...again.map((row) => row.currency)])].sort();
}

/** Whatever the book owed is in this payout. */
async function takeAlong(
  tx: EntityManager,
  { vendorId, currency, payoutId }: { vendorId: string; currency: string; payoutId: string },
): Promise<void> {
  await tx.update(PartShare, { organizationId: vendorId, currency, payoutId: IsNull() }, { payoutId });
  await tx.update(Reserve, { vendorId, currency, overAt: Not(IsNull()), payoutId: IsNull() }, { payoutId });
  await tx.query(
    `update billing.line_return set again_payout_id = $3 from billing.invoice_line, billing.invoice
      where invoice_line.id = line_return.line_id and invoice.id = invoice_line.invoice_id and invoice_line.vendor_id = $1 and invoice.currency = $2
        and line_return.undone_at is not null and line_return.again_payout_id is null`,
    [vendorId, currency, payoutId],
  );
}
