/**
 * Sets a vendor's payable money aside for sending: one payout a day and currency, with a transfer for each payment that the money
 * came with. Nothing is sent here; what is reserved cannot be reserved twice.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { account } from '#domain/ledger/entry.ts';
import { payoutReserved } from '#domain/ledger/payout.ts';
import { runIdOf, transfersOf, type Share } from '#domain/payout.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { InvoiceLine } from '#tables/billing/invoice.ts';
import { Payout, Transfer } from '#tables/billing/payout.ts';
import { StripeAccount } from '#tables/billing/stripe-account.ts';
import { BillingConfig } from '../config.ts';
import { Ledger } from '../ledger/ledger.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';

/** A vendor's part of a line, less what credit notes took off it. */
const SHARE = `(invoice_line.vendor_minor - coalesce(
  (select sum(credit_note_line.vendor_minor) from billing.credit_note_line where credit_note_line.line_id = invoice_line.id), 0))`;

/**
 * Lines whose share is released and not on its way, with the payment that paid for them. What credit paid for, in part or in all, was
 * no money of the buyer's: that share comes from the platform's own balance.
 */
const PAYABLE_LINES = `from billing.invoice_line
  join billing.invoice on invoice.id = invoice_line.invoice_id and invoice.state = 'paid'
  left join billing.payment on payment.id = invoice.payment_id and payment.state = 'succeeded' and payment.stripe_charge_id is not null
  where invoice_line.released_at is not null and invoice_line.transfer_id is null and ${SHARE} > 0
    and (payment.id is not null or invoice.credit_minor + invoice.credited_minor = invoice.total_minor)`;

@Injectable()
export class PayOut extends Stage {
  readonly queue = 'billing.pay-out';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly ledger: Ledger,
    private readonly calls: ExternalCalls,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a vendor. */
  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      // Two workers for one vendor take turns here; the second finds the day's payout made.
      const to = await tx.findOne(StripeAccount, {
        where: { vendorId: id, payoutsEnabled: true },
        lock: { mode: 'pessimistic_write' },
      });
      if (!to?.accountId) return;
      const shares = await this.sharesOf(tx, id);
      for (const [currency, own] of shares)
        await this.reserve(tx, { vendorId: id, accountId: to.accountId, currency, shares: own });
    });
  }

  /** Vendors with an account to be paid on, enough to pay, and no payout today. */
  async due(): Promise<string[]> {
    const rows: Array<{ vendor_id: string }> = await this.db.query(
      `select invoice_line.vendor_id ${PAYABLE_LINES}
         and exists (select from billing.stripe_account where stripe_account.vendor_id = invoice_line.vendor_id and stripe_account.payouts_enabled)
         and not exists (select from billing.payout where payout.vendor_id = invoice_line.vendor_id and payout.currency = invoice.currency and payout.run_id = $1)
       group by invoice_line.vendor_id, invoice.currency having sum(${SHARE}) >= $2 limit 200`,
      [runIdOf(this.clock.now()), this.config.PAYOUT_MINIMUM_MINOR],
    );
    return [...new Set(rows.map((row) => row.vendor_id))];
  }

  private async sharesOf(tx: EntityManager, vendorId: string): Promise<Map<string, Share[]>> {
    const rows: Array<{ line_id: string; payment_id: string | null; currency: string; amount: string }> = await tx.query(
      `select invoice_line.id as line_id, case when invoice.credit_minor = 0 then payment.id end as payment_id, invoice.currency, ${SHARE}::text as amount
       ${PAYABLE_LINES} and invoice_line.vendor_id = $1
       order by invoice.currency, invoice_line.released_at, invoice.number, invoice_line.ordinal`,
      [vendorId],
    );
    const shares = Map.groupBy(rows, (row) => row.currency);
    return new Map(
      [...shares].map(([currency, own]) => [
        currency,
        own.map((row) => ({ lineId: row.line_id, paymentId: row.payment_id, amount: BigInt(row.amount) })),
      ]),
    );
  }

  private async reserve(
    tx: EntityManager,
    { vendorId, accountId, currency, shares }: { vendorId: string; accountId: string; currency: string; shares: Share[] },
  ): Promise<void> {
    const now = this.clock.now();
    const runId = runIdOf(now);
    if (await tx.existsBy(Payout, { vendorId, currency, runId })) return;
    // The book has the last word: money that went back to a buyer is not there to be sent.
    const payable = -(await this.ledger.balance(account.vendorPayable(vendorId), currency, tx));
    const transfers = transfersOf({ shares, payable, minimum: BigInt(this.config.PAYOUT_MINIMUM_MINOR) });
    if (transfers.length === 0) return;
    const amountMinor = transfers.reduce((sum, transfer) => sum + transfer.amount, 0n);
    const id = newId();
    await tx.insert(Payout, {
      id,
      vendorId,
      currency,
      runId,
      amountMinor,
      sentMinor: null,
      state: 'reserved',
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
    await this.ledger.post(tx, {
      ...payoutReserved({ payoutId: id, vendorId, currency, amount: amountMinor }),
      effectiveAt: now,
    });
    await this.doorbell.ring(tx, 'billing.send-payout', id);
  }
}
