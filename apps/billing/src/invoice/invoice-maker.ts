/**
 * Makes invoices of drafts: numbered, booked and handed to collection in one transaction.
 */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { dueAtOf, invoiceNumber, seriesOf } from '#domain/invoice.ts';
import { invoiceFinalised } from '#domain/ledger/invoice.ts';
import type { Minor } from '#domain/money.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { insertAll } from '#platform/insert-all.ts';
import { DiscountOfLine, Invoice, InvoiceLine } from '#tables/billing/invoice.ts';
import { LinePart } from '#tables/billing/fee-rule.ts';
import { Collection } from '../collect/collection.ts';
import { Credits, type Taken } from '../credit/credits.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Draft, Line, Wanted } from './drafts.ts';
import { nextCount } from './numbers.ts';
import { Parties } from './parties.ts';

/** One invoice per buyer, currency and month; other series would be told apart by this. */
export const SERIES = 'usage';

/** A draft that becomes an invoice. */
interface Due extends Draft {
  id: string;
  taken: Taken[];
}

@Injectable()
export class InvoiceMaker {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: Ledger,
    private readonly collection: Collection,
    private readonly credits: Credits,
    private readonly parties: Parties,
  ) {}

  /** Until commit nobody else makes an invoice for these buyers in these currencies. */
  async takeTurns(tx: EntityManager, payers: ReadonlyArray<Pick<Wanted, 'buyerId' | 'currency'>>): Promise<void> {
    const names = payers.map(({ buyerId, currency }) => `close:${buyerId}:${currency}`).sort();
    await tx.query('select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) as name', [names]);
  }

  /**
   * Nothing is made where nothing was charged.
   * @param drafts at most one for each buyer and currency
   */
  async finalise(tx: EntityManager, drafts: readonly Draft[]): Promise<void> {
    const charged = drafts.filter(({ lines }) => lines.length > 0);
    if (charged.length === 0) return;
    const taken = await this.credits.takeEach(
      tx,
      charged.map(({ wanted: { buyerId, currency }, totalMinor }) => ({ buyerId, currency, due: totalMinor })),
    );
    const due = charged.map((draft, index): Due => ({ ...draft, id: newId(), taken: taken[index]! }));
    await this.insert(tx, due);
    const effectiveAt = this.clock.now();
    await this.ledger.postAll(
      tx,
      due.map((invoice) => ({ ...bookedAs(invoice), effectiveAt })),
    );
    for (const { id, wanted, taken: own } of due) await this.credits.use(tx, { ...wanted, id }, own);
    await this.collection.planEach(
      tx,
      due.map(({ wanted }) => wanted),
    );
  }

  private async insert(tx: EntityManager, due: readonly Due[]): Promise<void> {
    const lines = due.flatMap(({ id, lines: own }) => own.map((line) => ({ line, row: rowOf(line, id) })));
    const names = await this.parties.namesOf(
      tx,
      lines.map(({ row }) => row),
    );
    await insertAll(tx, Invoice, await this.invoices(tx, due));
    await insertAll(
      tx,
      InvoiceLine,
      lines.map(({ row }) => ({ ...row, ...names(row) })),
    );
    const discounts = lines.flatMap(({ line, row }) =>
      line.discounts.map(({ coupon, amountMinor }, index) => ({
        lineId: row.id,
        ordinal: index + 1,
        couponId: coupon?.id ?? null,
        code: coupon?.code ?? null,
        amountMinor,
      })),
    );
    if (discounts.length > 0) await tx.insert(DiscountOfLine, discounts);
    const parts = lines.flatMap(({ line, row }) => line.others.map((part) => ({ lineId: row.id, ...part })));
    if (parts.length > 0) await tx.insert(LinePart, parts);
  }

  private async invoices(tx: EntityManager, due: readonly Due[]): Promise<Invoice[]> {
    const now = this.clock.now();
    const parties = await this.parties.ofEach(
      tx,
      due.map(({ wanted }) => wanted.buyerId),
    );
    const series = seriesOf(now);
    const first = await nextCount(tx, series, due.length);
    return due.map(({ id, wanted: { buyerId, currency, month }, totalMinor, taken, inputSha }, index) => {
      const printed = parties.get(buyerId)!;
      const creditMinor = sumOf(taken);
      // Nothing to collect: it is paid by being sent.
      const isPaid = totalMinor === creditMinor;
      return {
        id,
        buyerId,
        currency,
        periodStart: month.from,
        periodEnd: month.to,
        series: SERIES,
        number: invoiceNumber(series, first + BigInt(index)),
        state: isPaid ? 'paid' : 'open',
        totalMinor,
        creditMinor,
        creditedMinor: 0n,
        inputSha,
        createdAt: now,
        finalisedAt: now,
        dueAt: dueAtOf(now, printed.termsDays),
        ...printed,
        collectionAskedAt: null,
        collectionFailedAt: null,
        paidAt: isPaid ? now : null,
        paymentId: null,
      };
    });
  }
}

const sumOf = (taken: readonly Taken[]): Minor => taken.reduce((sum, { amount }) => sum + amount, 0n);

function bookedAs({ id: invoiceId, wanted: { buyerId, currency }, lines }: Due): ReturnType<typeof invoiceFinalised> {
  const shares = lines.map(({ charge, feeMinor, vendorMinor }) => ({
    vendorId: charge.vendorId,
    fee: feeMinor,
    vendor: vendorMinor,
  }));
  return invoiceFinalised({ invoiceId, buyerId, currency, lines: shares });
}

const rowOf = ({ charge, discounts, ...line }: Line, invoiceId: string): Omit<InvoiceLine, 'productName' | 'vendorName'> => ({
  id: newId(),
  invoiceId,
  chargeId: charge.id,
  vendorId: charge.vendorId,
  productId: charge.productId,
  description: charge.description,
  unit: charge.unit,
  quantity: charge.quantity,
  unitSize: charge.unitSize,
  rate: charge.rate,
  parts: charge.parts,
  ...line,
  discountMinor: discounts.reduce((sum, discount) => sum + discount.amountMinor, 0n),
  releasedAt: null,
  transferId: null,
});
