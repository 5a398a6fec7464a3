/**
 * How a fee is reckoned, and who else has a part of a line: the platform's fee by one of three models, a reseller's margin, a share for
 * the project inside, and the vendor's rest. Parts always are the line (docs/MONEY.md R8).
 */
import { divideHalfUp, least, type Minor } from '../money.ts';
import { allocate, splitLine } from '../split.ts';

/**
 * percent: of the line. fixed: an amount for each product on a bill. devpay: the same and a percentage of the value added, which is the
 * price less what its machines cost at the cloud, as Amazon DevPay reckoned it in 2007.
 */
export const FEE_MODELS = ['percent', 'fixed', 'devpay'] as const;
export type FeeModel = (typeof FEE_MODELS)[number];

export interface FeeTerms {
  model: FeeModel;
  /** 0 to 10,000; 0 of a fixed fee. */
  basisPoints: number;
  /** For each product on a bill, in minor units; 0 of a percentage. */
  fixedMinor: Minor;
  /** Goes to the project that is inside the product. */
  upstream: Beneficiary | null;
}

export interface Beneficiary {
  organizationId: string;
  /** Of the line, or, where the fee is not a percentage of the line, of what the fee leaves of it. */
  basisPoints: number;
}

export const percentOf = (basisPoints: number): FeeTerms => ({ model: 'percent', basisPoints, fixedMinor: 0n, upstream: null });

/** A line of a bill, net of discounts. */
export interface FeeLine {
  netMinor: Minor;
  /** Lines of one product share its fixed amount. */
  product: string;
  terms: FeeTerms;
  /** What the line's machines cost the platform at the cloud, which its price has to cover. */
  infrastructureMinor: Minor;
  reseller: Beneficiary | null;
}

export interface OtherPart extends Beneficiary {
  kind: 'reseller' | 'upstream';
  amountMinor: Minor;
}

/** What a line was divided into, with what is needed to say why. */
export interface FeeSplit {
  /** What the percentage is of. */
  baseMinor: Minor;
  /** The line's part of the fixed amount. */
  fixedMinor: Minor;
  /** The platform's. */
  platformMinor: Minor;
  others: OtherPart[];
  vendorMinor: Minor;
}

/**
 * Divides the lines of one bill. No fee is more than its line, and none turns its sign; a fixed amount that is more than the lines of
 * its product are takes all that is left of them and no more, and so do parts of others that are more than the line.
 */
export function feesOf(lines: readonly FeeLine[]): FeeSplit[] {
  const bases = lines.map(baseOf);
  const rated = lines.map(({ terms }, index) => splitLine(bases[index]!, terms.basisPoints).fee);
  const fixed = fixedParts(lines, rated);
  return lines.map((line, index) => {
    const fee = rated[index]! + fixed[index]!;
    const { platformMinor, others, vendorMinor } = partsOf(line, fee);
    return { baseMinor: bases[index]!, fixedMinor: fixed[index]!, platformMinor, others, vendorMinor };
  });
}

function baseOf({ netMinor, terms, infrastructureMinor }: FeeLine): Minor {
  if (terms.model === 'fixed') return 0n;
  // What is given back carries no cost: it is given back as it was charged.
  if (terms.model === 'percent' || netMinor <= 0n) return netMinor;
  return netMinor > infrastructureMinor ? netMinor - infrastructureMinor : 0n;
}

/** By what is left of the lines above zero, largest remainder. */
function fixedParts(lines: readonly FeeLine[], rated: readonly Minor[]): Minor[] {
  const parts = lines.map(() => 0n);
  for (const own of Map.groupBy(lines.keys(), (index) => keyOf(lines[index]!)).values()) {
    const rooms = own.map((index) => (lines[index]!.netMinor > 0n ? lines[index]!.netMinor - rated[index]! : 0n));
    const room = rooms.reduce((sum, each) => sum + each, 0n);
    if (room === 0n) continue;
    const shares = allocate(least(lines[own[0]!]!.terms.fixedMinor, room), rooms);
    for (const [place, index] of own.entries()) parts[index] = shares[place]!;
  }
  return parts;
}

const keyOf = ({ product, terms }: FeeLine): string => `${product} ${terms.fixedMinor}`;

/** R8: two parties by rounding the fee, more by largest remainder. */
function partsOf(line: FeeLine, fee: Minor): Pick<FeeSplit, 'platformMinor' | 'others' | 'vendorMinor'> {
  const { netMinor, terms, reseller } = line;
  const others = [
    ...(reseller ? [{ kind: 'reseller' as const, ...reseller }] : []),
    ...(terms.upstream ? [{ kind: 'upstream' as const, ...terms.upstream }] : []),
  ];
  if (others.length === 0) return { platformMinor: fee, others: [], vendorMinor: netMinor - fee };
  const isPercent = terms.model === 'percent';
  let left = isPercent ? 10_000 - terms.basisPoints : 10_000;
  const points = others.map((other) => {
    const own = Math.min(other.basisPoints, left);
    left -= own;
    return own;
  });
  const amounts = allocate(
    isPercent ? netMinor : netMinor - fee,
    [...(isPercent ? [terms.basisPoints] : []), ...points, left].map((each) => BigInt(each)),
  );
  const platformMinor = isPercent ? amounts.shift()! : fee;
  return {
    platformMinor,
    others: others.map((other, index) => ({ ...other, basisPoints: points[index]!, amountMinor: amounts[index]! })),
    vendorMinor: amounts.at(-1)!,
  };
}

/**
 * What of another's part is theirs while only some of the line is left: cumulative, so that parts that go back in any order add up.
 * @param left of the line, after refunds and credit notes. @param amount of the whole line.
 */
export function partLeft(part: Minor, { left, amount }: { left: Minor; amount: Minor }): Minor {
  if (amount === 0n) return 0n;
  const [numerator, denominator] = amount < 0n ? [-part * left, -amount] : [part * left, amount];
  return divideHalfUp(numerator, denominator);
}
