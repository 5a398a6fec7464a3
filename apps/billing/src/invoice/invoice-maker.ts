/**
 * Makes an invoice from charges: lines that are rounded once, discounts, what is short of a minimum, fee and share; numbered, booked and
 * handed to collection in one transaction. What was found late of earlier months goes with it.
 */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { dueAtOf, invoiceNumber, linesOf, seriesOf, type InvoicedLine } from '#domain/invoice.ts';
import { invoiceFinalised } from '#domain/ledger/invoice.ts';
import type { Minor } from '#domain/money.ts';
import type { Span } from '#domain/period.ts';
import { MINIMUM_SPEND } from '#domain/pricing/price.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Charge } from '#tables/billing/charge.ts';
import { DiscountOfLine, Invoice, InvoiceLine } from '#tables/billing/invoice.ts';
import { LinePart } from '#tables/billing/fee-rule.ts';
import type { Period } from '#tables/billing/period.ts';
import { Collection } from '../collect/collection.ts';
import { BillingConfig } from '../config.ts';
import { Credits } from '../credit/credits.ts';
import { Ledger } from '../ledger/ledger.ts';
import { exactAmount } from '../rate/charge-rows.ts';
import { FeeFacts } from '../split/fee-facts.ts';
import { inputShaOf } from './input-sha.ts';
import { LineFacts, type ExactCharge } from './line-facts.ts';
import { nextCount } from './numbers.ts';
import { Parties } from './parties.ts';

/** One invoice per buyer, currency and month; other series would be told apart by this. */
export const SERIES = 'usage';

/** Whose invoice, of which month, over which periods that are rated. */
export interface Wanted {
  buyerId: string;
  currency: string;
  month: Span;
  periods: readonly Period[];
}

/** An invoice before anything of it is written. */
export interface Draft {
  wanted: Wanted;
  lines: Line[];
  totalMinor: Minor;
  /** Over all that it is made from. */
  inputSha: Buffer;
}

type Line = InvoicedLine<ExactCharge>;

@Injectable()
export class InvoiceMaker {
  constructor(
    private readonly clock: Clock,
    private readonly config: BillingConfig,
    private readonly ledger: Ledger,
    private readonly collection: Collection,
    private readonly credits: Credits,
    private readonly facts: LineFacts,
    private readonly fees: FeeFacts,
    private readonly parties: Parties,
  ) {}

  /** Until commit nobody else makes an invoice for this buyer in this currency. */
  async takeTurns(tx: EntityManager, { buyerId, currency }: Pick<Wanted, 'buyerId' | 'currency'>): Promise<void> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`close:${buyerId}:${currency}`]);
  }

  /** A pure function of charges, coupons and earlier invoices: drafted again, it is the same to the byte. */
  async draft(tx: EntityManager, wanted: Wanted): Promise<Draft> {
    const { lines, totalMinor } = await this.lines(tx, await chargesOf(tx, wanted));
    return { wanted, lines, totalMinor, inputSha: inputShaOf(wanted, lines) };
  }

  /** Nothing is made where nothing was charged. */
  async finalise(tx: EntityManager, draft: Draft): Promise<void> {
    const { wanted, lines, totalMinor } = draft;
    const { buyerId, currency } = wanted;
    if (lines.length === 0) return;
    const now = this.clock.now();
    const taken = await this.credits.take(tx, { buyerId, currency, due: totalMinor });
    const creditMinor = taken.reduce((sum, use) => sum + use.amount, 0n);
    const id = newId();
    await this.insert(tx, { ...draft, id, creditMinor });
    const split = lines.map(({ charge, feeMinor, vendorMinor }) => ({
      vendorId: charge.vendorId,
      fee: feeMinor,
      vendor: vendorMinor,
    }));
    await this.ledger.post(tx, { ...invoiceFinalised({ invoiceId: id, buyerId, currency, lines: split }), effectiveAt: now });
    await this.credits.use(tx, { id, buyerId, currency }, taken);
    await this.collection.plan(tx, buyerId, currency);
  }

  /** What is given back beyond what the invoice comes to waits for a later one: an invoice asks for nothing below zero. */
  private async lines(tx: EntityManager, charges: Charge[]): Promise<{ lines: Line[]; totalMinor: bigint }> {
    let exact = charges.map((charge) => ({ ...charge, amount: exactAmount(charge) }));
    const rules = { ...(await this.facts.rulesFor(tx, exact)), feeOf: await this.fees.feesFor(tx, exact) };
    for (;;) {
      const invoiced = linesOf<ExactCharge>(exact, this.config.FEE_BASIS_POINTS, rules);
      if (invoiced.totalMinor >= 0n) return invoiced;
      const waiting = lastReturn(invoiced.lines);
      exact = exact.filter((charge) => groupOf(charge) !== waiting);
    }
  }

  private async insert(
    tx: EntityManager,
    { id, wanted, lines, totalMinor, creditMinor, inputSha }: Draft & { id: string; creditMinor: Minor },
  ): Promise<void> {
    const { buyerId, currency, month } = wanted;
    const now = this.clock.now();
    const series = seriesOf(now);
    const printed = await this.parties.of(tx, buyerId);
    const names = await this.parties.namesOf(
      tx,
      lines.map(({ charge }) => charge),
    );
    // Nothing to collect: it is paid by being sent.
    const isPaid = totalMinor === creditMinor;
    await tx.insert(Invoice, {
      id,
      buyerId,
      currency,
      periodStart: month.from,
      periodEnd: month.to,
      series: SERIES,
      number: invoiceNumber(series, await nextCount(tx, series)),
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
      paidAt: isPaid ? now : null,
      paymentId: null,
    });
    const rows = lines.map((line) => ({ line, row: { ...rowOf(line, id), ...names(line.charge) } }));
    await tx.insert(
      InvoiceLine,
      rows.map(({ row }) => row),
    );
    const discounts = rows.flatMap(({ line, row }) =>
      line.discounts.map(({ coupon, amountMinor }, index) => ({
        lineId: row.id,
        ordinal: index + 1,
        couponId: coupon?.id ?? null,
        code: coupon?.code ?? null,
        amountMinor,
      })),
    );
    if (discounts.length > 0) await tx.insert(DiscountOfLine, discounts);
    const parts = rows.flatMap(({ line, row }) => line.others.map((part) => ({ lineId: row.id, ...part })));
    if (parts.length > 0) await tx.insert(LinePart, parts);
  }
}

/** Those of the periods, and what was found late and is on no invoice yet. In a fixed order. */
async function chargesOf(tx: EntityManager, { buyerId, currency, periods }: Wanted): Promise<Charge[]> {
  const late: Array<{ id: string }> = await tx.query(
    `select charge.id from billing.charge join billing.period on period.id = charge.period_id and period.state = 'invoiced'
      where charge.buyer_id = $1 and charge.currency = $2 and charge.revision > 0
        and not exists (select from billing.invoice_line where invoice_line.charge_id = charge.id)`,
    [buyerId, currency],
  );
  const charges = await tx.find(Charge, {
    where: [{ periodId: In(periods.map((period) => period.id)) }, { id: In(late.map((row) => row.id)) }],
    order: { vendorId: 'asc', productId: 'asc', subscriptionId: 'asc', periodId: 'asc', revision: 'asc', ordinal: 'asc' },
  });
  // A minimum that is billed for the first time has nothing to look at again.
  const first = new Set(charges.filter(({ revision }) => revision === 0).map(({ periodId }) => periodId));
  return charges.filter(({ model, revision, periodId }) => model !== MINIMUM_SPEND || revision === 0 || !first.has(periodId));
}

/** What was found late of one period at one time stays together. */
const groupOf = ({ periodId, revision }: Pick<Charge, 'periodId' | 'revision'>): string => `${periodId} ${revision}`;

/** The last group of late charges that gives something back. */
function lastReturn(lines: readonly Line[]): string {
  const sums = new Map<string, bigint>();
  for (const { charge, amountMinor } of lines)
    if (charge.revision > 0) sums.set(groupOf(charge), (sums.get(groupOf(charge)) ?? 0n) + amountMinor);
  const returns = [...sums].filter(([, sum]) => sum < 0n);
  const last = returns.at(-1);
  if (!last) throw new RangeError('An invoice is below zero, and nothing on it is given back.');
  return last[0];
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
