/**
 * Invoice lines from exact charges: the one place where usage money is rounded, discounted and split. In this order (docs/MONEY.md R3
 * to R8, R11): rounding, discounts of single dimensions, discounts of whole agreements, minimum spends, fee and share.
 */
import { feesOf, percentOf, type FeeLine, type FeeModel, type OtherPart } from './fees/terms.ts';
import { divideHalfUp, toMinor, type Minor, type Rate } from './money.ts';
import { discountOf, inOrder, type Coupon } from './pricing/coupon.ts';
import { trueUp } from './pricing/minimum-spend.ts';
import { roundInTurn } from './pricing/proration.ts';
import { allocate } from './split.ts';

export interface Chargeable {
  /** Exact, divided by `unitSize` in the rounding (see pricing/price.ts). */
  amount: Rate;
  unitSize: bigint;
  currency: string;
}

/** What was taken off a line, and by which coupon; without one, what an earlier line of the same had taken off. */
export interface LineDiscount {
  coupon: Pick<Coupon, 'id' | 'code'> | null;
  amountMinor: Minor;
}

export interface InvoicedLine<C> {
  charge: C;
  /** 1, 2, 3 … in the order of the charges. */
  ordinal: number;
  /** Net of discounts: what is due. */
  amountMinor: Minor;
  discounts: LineDiscount[];
  /** Of the rule that the fee is reckoned by; null: the platform's own. */
  feeRuleVersionId: string | null;
  feeModel: FeeModel;
  feeBasisPoints: number;
  /** What the percentage is of, and the line's part of a fixed amount. */
  feeBaseMinor: Minor;
  feeFixedMinor: Minor;
  /** All that is not the vendor's: the platform's fee and the parts of others. */
  feeMinor: Minor;
  vendorMinor: Minor;
  /** Of the fee, what goes on to others. */
  others: OtherPart[];
}

/** What a line's fee depends on beside its amount. */
export type FeeOfLine = Omit<FeeLine, 'netMinor'> & { ruleVersionId: string | null };

/** A minimum spend so far: 0 and 0 when it is billed for the first time. */
export interface MinimumSoFar {
  /** Net usage lines of the agreement's period on earlier invoices. */
  spent: Minor;
  /** What earlier invoices asked for as missing. */
  trueUp: Minor;
}

/** How the charges of an invoice hang together. */
export interface LineRules<C> {
  /** Charges with the same name are parts of one fixed price and are rounded in turn; null for the rest. */
  segmentOf?: (charge: C) => string | null;
  /** In the order in which they were redeemed. */
  coupons?: ReadonlyArray<{ coupon: Coupon; isFor: (charge: C) => boolean }>;
  /** Of late charges: the earlier lines of the same, before and of discounts. Null for charges that are not late. */
  earlier?: (charge: C) => { gross: Minor; discount: Minor } | null;
  /** The minimum that a charge stands for, by name; null for the rest. */
  minimumOf?: (charge: C) => string | null;
  /** The minimum that a charge counts towards; null where it counts towards none. */
  countsTowards?: (charge: C) => string | null;
  soFar?: (minimum: string) => MinimumSoFar;
  /** Null: the platform's own fee. */
  feeOf?: (charge: C) => FeeOfLine | null;
}

/**
 * One line per charge, rounded once; the total is the sum of the lines and never rounded again.
 * @param feeBasisPoints the platform's own fee, where no rule says another; kept on each line: a later change of it changes no invoice.
 */
export function linesOf<C extends Chargeable>(
  charges: readonly C[],
  feeBasisPoints: number,
  rules: LineRules<C> = {},
): { lines: InvoicedLine<C>[]; totalMinor: Minor } {
  const gross = rounded(charges, rules);
  const discounts = discounted(charges, gross, rules);
  const net = withTrueUps(charges, rules, (index) => gross[index]! - sum(discounts[index]!.map((each) => each.amountMinor)));
  const own: FeeOfLine = {
    ruleVersionId: null,
    product: '',
    terms: percentOf(feeBasisPoints),
    infrastructureMinor: 0n,
    reseller: null,
  };
  const fees = charges.map((charge) => rules.feeOf?.(charge) ?? own);
  const splits = feesOf(fees.map((fee, index) => ({ ...fee, netMinor: net[index]! })));
  const lines = charges.map((charge, index) => {
    const { terms, ruleVersionId } = fees[index]!;
    const { baseMinor, fixedMinor, vendorMinor, others } = splits[index]!;
    return {
      charge,
      ordinal: index + 1,
      amountMinor: net[index]!,
      discounts: discounts[index]!,
      feeRuleVersionId: ruleVersionId,
      feeModel: terms.model,
      feeBasisPoints: terms.basisPoints,
      feeBaseMinor: baseMinor,
      feeFixedMinor: fixedMinor,
      feeMinor: net[index]! - vendorMinor,
      vendorMinor,
      others,
    };
  });
  return { lines, totalMinor: sum(net) };
}

/** R3, and R11 for the segments of a fixed price. */
function rounded<C extends Chargeable>(charges: readonly C[], { segmentOf = () => null }: LineRules<C>): Minor[] {
  const amounts = charges.map(({ amount, currency, unitSize }) => toMinor(amount, currency, unitSize));
  const segments = Map.groupBy(charges.keys(), (index) => segmentOf(charges[index]!));
  for (const [name, own] of segments) {
    if (name === null) continue;
    const indexes = [...own];
    const { unitSize, currency } = charges[indexes[0]!]!;
    const inTurn = roundInTurn(
      indexes.map((index) => charges[index]!.amount),
      unitSize,
      currency,
    );
    for (const [place, index] of indexes.entries()) amounts[index] = inTurn[place]!;
  }
  return amounts;
}

/** R5. A late charge is discounted as what it is late for was; other coupons are not for it, nor for a minimum spend. */
function discounted<C extends Chargeable>(
  charges: readonly C[],
  gross: readonly Minor[],
  { coupons = [], earlier = () => null, minimumOf = () => null }: LineRules<C>,
): LineDiscount[][] {
  const discounts = charges.map((charge, index): LineDiscount[] => {
    const before = earlier(charge);
    if (!before || before.gross === 0n || before.discount === 0n) return [];
    const [part, whole] = before.gross < 0n ? [-before.discount, -before.gross] : [before.discount, before.gross];
    return [{ coupon: null, amountMinor: divideHalfUp(gross[index]! * part, whole) }];
  });
  const isOpen = (charge: C): boolean => earlier(charge) === null && minimumOf(charge) === null;
  for (const { coupon, isFor } of inOrderOfScope(coupons)) {
    const left = charges.map((charge, index) =>
      isOpen(charge) && isFor(charge) ? gross[index]! - sum(discounts[index]!.map((each) => each.amountMinor)) : null,
    );
    for (const [index, amountMinor] of discountOf(coupon, left).entries())
      if (amountMinor !== 0n) discounts[index]!.push({ coupon, amountMinor });
  }
  return discounts;
}

const inOrderOfScope = <T extends { coupon: Coupon }>(coupons: readonly T[]): T[] =>
  inOrder(coupons.map((each) => ({ ...each, dimension: each.coupon.dimension })));

/** What is short of a minimum, over the charges that stand for it; what was asked for before is taken into account. */
function withTrueUps<C extends Chargeable>(charges: readonly C[], rules: LineRules<C>, netOf: (index: number) => Minor): Minor[] {
  const { minimumOf = () => null, countsTowards = () => null, soFar = () => ({ spent: 0n, trueUp: 0n }) } = rules;
  const net = charges.map((_, index) => netOf(index));
  for (const [name, own] of Map.groupBy(charges.keys(), (index) => minimumOf(charges[index]!))) {
    if (name === null) continue;
    const indexes = [...own];
    const minimums = indexes.map((index) => net[index]!);
    const spent = sum(net.filter((_, index) => countsTowards(charges[index]!) === name));
    const before = soFar(name);
    const missing = trueUp(sum(minimums), before.spent + spent) - before.trueUp;
    const parts = sum(minimums) === 0n ? minimums : allocate(missing, minimums);
    for (const [place, index] of indexes.entries()) net[index] = parts[place]!;
  }
  return net;
}

const sum = (amounts: readonly Minor[]): Minor => amounts.reduce((all, amount) => all + amount, 0n);

/** Invoices are numbered without gaps within a year (UTC). */
export const seriesOf = (finalisedAt: Date): string => `SLW-${finalisedAt.getUTCFullYear()}`;

/** Credit notes have a series of their own. */
export const creditNoteSeriesOf = (issuedAt: Date): string => `SLC-${issuedAt.getUTCFullYear()}`;

/** `SLW-2026-000001`. @param count 1 for the first invoice of the series */
export const invoiceNumber = (series: string, count: bigint): string => `${series}-${String(count).padStart(6, '0')}`;

/** How many days a buyer may take to pay. */
export const TERMS_DAYS = [0, 15, 30, 45] as const;
export type TermsDays = (typeof TERMS_DAYS)[number];

const DAY_MS = 86_400_000;

/** So many days after it was sent, to the second. */
export const dueAtOf = (finalisedAt: Date, termsDays: TermsDays): Date => new Date(finalisedAt.getTime() + termsDays * DAY_MS);

/** Who sends an invoice or receives it, as printed. */
export interface Party {
  name: string;
  address: string[];
  taxId: string | null;
}
