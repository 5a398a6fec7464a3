/**
 * Sets a vendor's payable money aside for sending: one payout per paid charge, so that each transfer names the charge that it
 * came from. Nothing is sent here; what is reserved cannot be reserved twice.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { account, payoutReserved } from '#domain/ledger.ts';
import { dayOf } from '#domain/period.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Payout } from '#tables/billing/payout.ts';
import { BillingConfig } from '../config.ts';
import { Ledger } from '../ledger/ledger.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';

/** What one charge has brought a vendor and nobody has sent yet. */
interface Payable {
  invoice_id: string;
  number: string;
  currency: string;
  source_charge_id: string;
  amount: string;
  line_ids: string[];
}

/** Lines whose share is released and that no payout has taken, or only one that Stripe refused on an earlier day. */
const PAYABLE_LINES = `from billing.invoice_line
  join billing.invoice on invoice.id = invoice_line.invoice_id
  join billing.payment on payment.invoice_id = invoice.id and payment.state = 'succeeded' and payment.stripe_charge_id is not null
  left join billing.payout on payout.id = invoice_line.payout_id
  where invoice_line.released_at is not null and invoice_line.vendor_minor > 0
    and (invoice_line.payout_id is null or (payout.state = 'void' and payout.created_at < $1))`;

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
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`payout:${id}`]);
      const [ready] = await tx.query('select from billing.stripe_account where stripe_account.vendor_id = $1 and stripe_account.payouts_enabled', [id]);
      if (!ready) return;
      for (const payable of await this.payables(tx, id)) await this.reserve(tx, id, payable);
    });
  }

  /** Vendors with an account to be paid on, and enough to pay. */
  async due(): Promise<string[]> {
    const rows: Array<{ vendor_id: string }> = await this.db.query(
      `select invoice_line.vendor_id ${PAYABLE_LINES}
         and exists (select from billing.stripe_account where stripe_account.vendor_id = invoice_line.vendor_id and stripe_account.payouts_enabled)
       group by invoice_line.vendor_id, invoice.currency having sum(invoice_line.vendor_minor) >= $2 limit 200`,
      [this.today(), String(this.config.PAYOUT_MINIMUM_MINOR)],
    );
    return [...new Set(rows.map((row) => row.vendor_id))];
  }

  private async payables(tx: EntityManager, vendorId: string): Promise<Payable[]> {
    const rows: Payable[] = await tx.query(
      `select invoice.id as invoice_id, invoice.number, invoice.currency, payment.stripe_charge_id as source_charge_id,
         sum(invoice_line.vendor_minor)::text as amount, array_agg(invoice_line.id order by invoice_line.ordinal) as line_ids
       ${PAYABLE_LINES} and invoice_line.vendor_id = $2
       group by invoice.id, invoice.number, invoice.currency, payment.stripe_charge_id order by invoice.number`,
      [this.today(), vendorId],
    );
    const totalOf = (currency: string): bigint => rows.filter((row) => row.currency === currency).reduce((sum, row) => sum + BigInt(row.amount), 0n);
    return rows.filter((row) => totalOf(row.currency) >= this.config.PAYOUT_MINIMUM_MINOR);
  }

  private async reserve(tx: EntityManager, vendorId: string, payable: Payable): Promise<void> {
    const { currency } = payable;
    const amountMinor = BigInt(payable.amount);
    // The book has the last word: money that went back to a buyer is not there to be sent.
    if (-(await this.ledger.balance(account.vendorPayable(vendorId), currency, tx)) < amountMinor) return;
    const now = this.clock.now();
    const id = newId();
    const payout: Payout = {
      id,
      vendorId,
      currency,
      runId: `${dayOf(now)}/${payable.number}`,
      amountMinor,
      state: 'reserved',
      transferCallId: await this.calls.plan(tx, 'transfers.create', { payoutId: id, amount: payable.amount, currency }),
      payoutCallId: await this.calls.plan(tx, 'payouts.create', { payoutId: id, amount: payable.amount, currency }),
      sourceChargeId: payable.source_charge_id,
      stripeTransferId: null,
      stripePayoutId: null,
      failure: null,
      createdAt: now,
      lookAt: now,
      sentAt: null,
      paidAt: null,
    };
    await tx.insert(Payout, payout);
    await tx.query('update billing.invoice_line set payout_id = $1 where invoice_line.id = any($2)', [id, payable.line_ids]);
    await this.ledger.post(tx, { ...payoutReserved({ payoutId: id, vendorId, currency, amount: amountMinor }), effectiveAt: now });
    await this.doorbell.ring(tx, 'billing.send-payout', id);
  }

  /** Start of the present UTC day: a payout that Stripe refused is made anew on another day at the earliest. */
  private today(): Date {
    return new Date(`${dayOf(this.clock.now())}T00:00:00Z`);
  }
}
