/** Refunds: a vendor gives back what its own lines brought in, the operator anything; never more than was paid (docs/MONEY.md R10). */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { refundPosted } from '#domain/ledger/refund.ts';
import { formatMinor, least, type Minor } from '#domain/money.ts';
import { refundable } from '#domain/refund.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { Dispute } from '#tables/billing/dispute.ts';
import { Invoice } from '#tables/billing/invoice.ts';
import { Payment } from '#tables/billing/payment.ts';
import { Refund } from '#tables/billing/refund.ts';
import { ExternalCalls } from '../stripe/external-calls.ts';
import { LineReturns, type Which } from './line-returns.ts';
import type { NewRefund, RefundView } from './refunds.schema.ts';

const MOST_LISTED = 200;

@Injectable()
export class Refunds {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly returns: LineReturns,
    private readonly calls: ExternalCalls,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Plans a refund and books it; a stage has Stripe pay it. The same Idempotency-Key asks for it once.
   * @throws DomainError `missing` when the invoice or line is not there or not the vendor's; `invoice_not_paid`, `payment_disputed`,
   *   `nothing_to_refund`, `refund_too_large`, `idempotency_mismatch`
   */
  async ask(caller: Caller, asked: NewRefund, key?: string): Promise<RefundView> {
    const id = idFor(caller.organizationId, 'refund', key);
    await this.db.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('billing.refund ' || $1, 0))`, [id]);
      const repeated = await tx.findOneBy(Refund, { id });
      if (repeated) return assertSame({ ...repeated }, given(asked));
      await this.plan(tx, caller, { id, ...asked });
    });
    return this.get(caller, id);
  }

  /** The same in a transaction of somebody else's, such as the settling of a line's dispute. */
  async plan(tx: EntityManager, caller: Caller, asked: NewRefund & { id: string }): Promise<void> {
    const { id, invoiceId, lineId = null, reason } = asked;
    const invoice = await tx.findOne(Invoice, { where: { id: invoiceId }, lock: { mode: 'pessimistic_write' } });
    const which: Which = { invoiceId, lineId, vendorId: caller.kind === 'vendor' ? caller.organizationId : null };
    const lines = await this.returns.linesOf(tx, which);
    if (!invoice || lines.length === 0) throw missing(lineId ? 'invoice_line' : 'invoice');
    const payment = await paymentOf(tx, invoice);
    const left = least(refundable(lines), await moneyLeft(tx, invoice));
    const amountMinor = asked.amountMinor ?? left;
    assertAmount(amountMinor, left, invoice.currency);
    await tx.insert(Refund, {
      id,
      invoiceId,
      paymentId: payment.id,
      buyerId: invoice.buyerId,
      lineId,
      currency: invoice.currency,
      amountMinor,
      reason,
      requestedBy: caller.userId ?? caller.organizationId,
      requestedFor: caller.organizationId,
      state: 'planned',
      externalCallId: await this.calls.plan(tx, 'refunds.create'),
      stripeRefundId: null,
      failure: null,
      createdAt: this.clock.now(),
      checkedAt: null,
      settledAt: null,
    });
    await this.returns.give(tx, which, {
      amount: amountMinor,
      cause: { refundId: id, disputeId: null },
      entryOf: (returned) => refundPosted({ refundId: id, currency: invoice.currency, lines: returned }),
    });
    await this.doorbell.ring(tx, 'billing.send-refund', id);
  }

  /** A buyer's own, a vendor's with its lines in them; the operator sees all. */
  async list(caller: Caller): Promise<RefundView[]> {
    return this.views(caller, null);
  }

  /** @throws DomainError `missing`, also when it is somebody else's. */
  async get(caller: Caller, id: string): Promise<RefundView> {
    const [view] = await this.views(caller, id);
    if (!view) throw missing('refund');
    return view;
  }

  private async views({ kind, organizationId }: Caller, id: string | null): Promise<RefundView[]> {
    const refunds: RefundRow[] = await this.db.query(
      `select refund.*, refund.amount_minor::text as amount, invoice.number from billing.refund join billing.invoice on invoice.id = refund.invoice_id
       where ($1::uuid is null or refund.id = $1) and ($2 <> 'buyer' or refund.buyer_id = $3)
         and ($2 <> 'vendor' or exists (select from billing.line_return join billing.invoice_line on invoice_line.id = line_return.line_id
           where line_return.refund_id = refund.id and invoice_line.vendor_id = $3))
       order by refund.created_at desc, refund.id desc limit ${MOST_LISTED}`,
      [id, kind, organizationId],
    );
    const lines: LineRow[] = await this.db.query(
      `select line_return.*, invoice_line.description from billing.line_return join billing.invoice_line on invoice_line.id = line_return.line_id
       where line_return.refund_id = any($1) and ($2 <> 'vendor' or invoice_line.vendor_id = $3) order by invoice_line.ordinal`,
      [refunds.map((refund) => refund.id), kind, organizationId],
    );
    const byRefund = Map.groupBy(lines, (line) => line.refund_id);
    return refunds.map((refund) => viewOf(refund, byRefund.get(refund.id) ?? [], kind !== 'buyer'));
  }
}

/** What a repeat must ask for too. */
const given = ({ invoiceId, lineId, amountMinor, reason }: NewRefund): Record<string, unknown> => ({
  invoiceId,
  lineId: lineId ?? null,
  reason,
  ...(amountMinor !== undefined && { amountMinor }),
});

function assertAmount(amount: Minor, left: Minor, currency: string): void {
  if (left <= 0n)
    throw new DomainError('conflict', 'nothing_to_refund', 'All that was paid for this has been given back already.');
  if (amount > left)
    throw new DomainError(
      'conflict',
      'refund_too_large',
      `At most ${formatMinor(left, currency)} of this can still be given back.`,
    );
}

/** @throws DomainError `invoice_not_paid`, `nothing_to_refund`, `payment_disputed` */
async function paymentOf(tx: EntityManager, invoice: Invoice): Promise<Payment> {
  if (invoice.state !== 'paid')
    throw new DomainError('conflict', 'invoice_not_paid', 'This invoice is not paid yet, so there is nothing to give back.');
  const payment = invoice.paymentId && (await tx.findOneBy(Payment, { id: invoice.paymentId, state: 'succeeded' }));
  if (!payment)
    throw new DomainError(
      'conflict',
      'nothing_to_refund',
      'No money was paid for this invoice: credit was. Give credit instead.',
    );
  if (await tx.existsBy(Dispute, { paymentId: payment.id, state: In(['open', 'lost']) }))
    throw new DomainError('conflict', 'payment_disputed', "The buyer's bank has this payment: it decides who gets the money.");
  return payment;
}

/** What the buyer paid in money for an invoice and does not have back: no more than that is refunded. */
async function moneyLeft(tx: EntityManager, { id, totalMinor, creditMinor, creditedMinor }: Invoice): Promise<Minor> {
  const [row] = await tx.query(
    `select coalesce(sum(line_return.amount_minor), 0)::text as returned from billing.line_return
       join billing.invoice_line on invoice_line.id = line_return.line_id
      where invoice_line.invoice_id = $1 and line_return.undone_at is null`,
    [id],
  );
  return totalMinor - creditMinor - creditedMinor - BigInt(row.returned);
}

interface RefundRow {
  id: string;
  invoice_id: string;
  number: string;
  currency: string;
  amount: string;
  reason: string;
  state: RefundView['state'];
  failure: string | null;
  created_at: Date;
  settled_at: Date | null;
}

interface LineRow {
  refund_id: string;
  line_id: string;
  description: string;
  amount_minor: string;
  fee_minor: string;
  vendor_minor: string;
}

const viewOf = (row: RefundRow, lines: LineRow[], tellsParts: boolean): RefundView => ({
  id: row.id,
  invoiceId: row.invoice_id,
  invoice: row.number,
  currency: row.currency,
  amountMinor: row.amount,
  reason: row.reason,
  state: row.state,
  failure: row.failure,
  createdAt: row.created_at.toISOString(),
  settledAt: row.settled_at?.toISOString() ?? null,
  lines: lines.map((line) => ({
    lineId: line.line_id,
    description: line.description,
    amountMinor: line.amount_minor,
    feeMinor: tellsParts ? line.fee_minor : null,
    vendorMinor: tellsParts ? line.vendor_minor : null,
  })),
});
