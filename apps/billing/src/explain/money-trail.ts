/**
 * Where the money of an invoice line went: its journals, the payment that collected it, the transfer and the payout that carry the
 * vendor's share. Everybody sees their own side: a buyer no shares, a vendor no other vendor's.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { seesEverybody, type Caller } from '#platform/auth.ts';
import type { Invoice, InvoiceLine } from '#tables/billing/invoice.ts';
import { Journal, Posting } from '#tables/billing/journal.ts';
import { Payment } from '#tables/billing/payment.ts';
import { Payout, Transfer } from '#tables/billing/payout.ts';
import { FeeReceipts } from '../split/fee-receipts.ts';
import type { ExplanationView } from './explain.schema.ts';

type Money = Pick<ExplanationView, 'journals' | 'fee' | 'payment' | 'transfer' | 'payout'>;
type Kind = Caller['kind'];

@Injectable()
export class MoneyTrail {
  constructor(
    private readonly db: DataSource,
    private readonly receipts: FeeReceipts,
  ) {}

  async of(caller: Caller, line: InvoiceLine, invoice: Invoice): Promise<Money> {
    const tx = this.db.manager;
    const payment = invoice.paymentId === null ? null : await tx.findOneBy(Payment, { id: invoice.paymentId });
    const transfer = line.transferId === null ? null : await tx.findOneBy(Transfer, { id: line.transferId });
    const payout = transfer === null ? null : await tx.findOneBy(Payout, { id: transfer.payoutId });
    const isSharing = caller.kind !== 'buyer';
    return {
      journals: await this.journals(caller, { line, invoice, payment, payout }),
      fee: isSharing
        ? {
            ...(await this.receipts.get(caller, line.id)),
            feeMinor: String(line.feeMinor),
            releasedAt: line.releasedAt?.toISOString() ?? null,
          }
        : null,
      payment: payment && paymentView(payment, caller.kind),
      transfer:
        transfer && isSharing
          ? { id: transfer.id, stripeTransferId: transfer.stripeTransferId, failure: transfer.failure }
          : null,
      payout:
        payout && isSharing
          ? {
              id: payout.id,
              state: payout.state,
              amountMinor: String(payout.amountMinor),
              stripePayoutId: payout.stripePayoutId,
              sentAt: payout.sentAt?.toISOString() ?? null,
              paidAt: payout.paidAt?.toISOString() ?? null,
            }
          : null,
    };
  }

  /** Those of the line, its invoice, payment and payout; of each the postings on the caller's own accounts, for the operator all. */
  private async journals(
    caller: Caller,
    { line, invoice, payment, payout }: { line: InvoiceLine; invoice: Invoice; payment: Payment | null; payout: Payout | null },
  ): Promise<Money['journals']> {
    const keys = [
      `invoice:${invoice.id}:finalise`,
      `invoice:${invoice.id}:writeoff`,
      `line:${line.id}:release`,
      ...(payment?.stripePaymentIntentId ? [`stripe:${payment.stripePaymentIntentId}:succeeded`] : []),
      ...(payout ? ['reserve', 'sent', 'void'].map((step) => `payout:${payout.id}:${step}`) : []),
    ];
    const journals = await this.db.manager.find(Journal, {
      where: { idemKey: In(keys) },
      order: { createdAt: 'asc', id: 'asc' },
    });
    const postings = await this.db.manager.find(Posting, {
      where: { journalId: In(journals.map((journal) => journal.id)) },
      order: { ordinal: 'asc' },
    });
    const isTheirs = ({ account }: Posting): boolean => seesEverybody(caller) || account.endsWith(`/${caller.organizationId}`);
    return journals
      .map((journal) => ({
        id: journal.id,
        idemKey: journal.idemKey,
        kind: journal.kind,
        effectiveAt: journal.effectiveAt.toISOString(),
        bodySha: journal.bodySha.toString('hex'),
        postings: postings
          .filter((posting) => posting.journalId === journal.id && isTheirs(posting))
          .map(({ account, currency, amountMinor }) => ({ account, currency, amountMinor: String(amountMinor) })),
      }))
      .filter((journal) => journal.postings.length > 0);
  }
}

/** How it was paid is between the buyer and the platform. */
const paymentView = (payment: Payment, kind: Kind): Money['payment'] => ({
  state: payment.state,
  settledAt: payment.settledAt?.toISOString() ?? null,
  id: kind === 'vendor' ? null : payment.id,
  amountMinor: kind === 'vendor' ? null : String(payment.amountMinor),
  stripePaymentIntentId: kind === 'vendor' ? null : payment.stripePaymentIntentId,
});
