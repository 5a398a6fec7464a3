/**
 * Invoices before anything of them is written: lines that are rounded once, discounts, what is short of a minimum, fee and share. What was
 * found late of earlier months goes with them.
 */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { linesOf, type InvoicedLine, type LineRules } from '#domain/invoice.ts';
import type { Minor } from '#domain/money.ts';
import type { Span } from '#domain/period.ts';
import { MINIMUM_SPEND } from '#domain/pricing/price.ts';
import { Charge } from '#tables/billing/charge.ts';
import type { Period } from '#tables/billing/period.ts';
import { BillingConfig } from '../config.ts';
import { exactAmount } from '../rate/charge-rows.ts';
import { FeeFacts } from '../split/fee-facts.ts';
import { inputShaOf } from './input-sha.ts';
import { LineFacts, type ExactCharge } from './line-facts.ts';

/** Whose invoice, of which month, over which periods that are rated. */
export interface Wanted {
  buyerId: string;
  currency: string;
  month: Span;
  periods: readonly Period[];
}

export interface Draft {
  wanted: Wanted;
  lines: Line[];
  totalMinor: Minor;
  /** Over all that it is made from. */
  inputSha: Buffer;
}

export type Line = InvoicedLine<ExactCharge>;

@Injectable()
export class Drafts {
  constructor(
    private readonly config: BillingConfig,
    private readonly facts: LineFacts,
    private readonly fees: FeeFacts,
  ) {}

  /**
   * A pure function of charges, coupons, fee rules and earlier invoices: drafted again, each is the same to the byte.
   * @param wanted at most one for each buyer and currency
   */
  async each(tx: EntityManager, wanted: readonly Wanted[]): Promise<Draft[]> {
    const charges = await chargesOf(tx, wanted);
    const all = [...charges.values()].flat();
    const rules = { ...(await this.facts.rulesFor(tx, all)), feeOf: await this.fees.feesFor(tx, all) };
    return wanted.map((own) => {
      const { lines, totalMinor } = this.lines(charges.get(payerOf(own)) ?? [], rules);
      return { wanted: own, lines, totalMinor, inputSha: inputShaOf(own, lines) };
    });
  }

  /** What is given back beyond what the invoice comes to waits for a later one: an invoice asks for nothing below zero. */
  private lines(
    charges: ExactCharge[],
    { coupons = [], ...rules }: LineRules<ExactCharge>,
  ): { lines: Line[]; totalMinor: bigint } {
    const own = { ...rules, coupons: coupons.filter(({ isFor }) => charges.some(isFor)) };
    for (let left = charges; ;) {
      const invoiced = linesOf<ExactCharge>(left, this.config.FEE_BASIS_POINTS, own);
      if (invoiced.totalMinor >= 0n) return invoiced;
      const waiting = lastReturn(invoiced.lines);
      left = left.filter((charge) => groupOf(charge) !== waiting);
    }
  }
}

const payerOf = ({ buyerId, currency }: Pick<Wanted, 'buyerId' | 'currency'>): string => `${buyerId} ${currency}`;

/** By payer: charges of the periods, and what was found late and is on no invoice yet. In a fixed order. */
async function chargesOf(tx: EntityManager, wanted: readonly Wanted[]): Promise<Map<string, ExactCharge[]>> {
  const late: Array<{ id: string }> = await tx.query(
    `select charge.id from billing.charge join billing.period on period.id = charge.period_id and period.state = 'invoiced'
      where (charge.buyer_id, charge.currency) in (select * from unnest($1::uuid[], $2::text[])) and charge.revision > 0
        and not exists (select from billing.invoice_line where invoice_line.charge_id = charge.id)`,
    [wanted.map(({ buyerId }) => buyerId), wanted.map(({ currency }) => currency)],
  );
  const periods = wanted.flatMap((own) => own.periods);
  const charges = await tx.find(Charge, {
    where: [{ periodId: In(periods.map((period) => period.id)) }, { id: In(late.map((row) => row.id)) }],
    order: { vendorId: 'asc', productId: 'asc', subscriptionId: 'asc', periodId: 'asc', revision: 'asc', ordinal: 'asc' },
  });
  // A minimum that is billed for the first time has nothing to look at again.
  const first = new Set(charges.filter(({ revision }) => revision === 0).map(({ periodId }) => periodId));
  const due = charges.filter(
    ({ model, revision, periodId }) => model !== MINIMUM_SPEND || revision === 0 || !first.has(periodId),
  );
  return Map.groupBy(
    due.map((charge) => ({ ...charge, amount: exactAmount(charge) })),
    payerOf,
  );
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
