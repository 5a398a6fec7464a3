/**
 * What a stretch of the past would have cost at other prices: the same usage, commitments and costs, rated month by month twice, as it
 * was and as if the proposed prices had always held. Rounded as invoices are; coupons and credit are left out.
 */
import { linesOf } from '../invoice.ts';
import type { Minor } from '../money.ts';
import { dayOf, periodsOf, type Span } from '../period.ts';
import { countsAsSpend, MINIMUM_SPEND, type PriceVersion, type RatedCharge } from './price.ts';
import { ratePeriod, type RatingInput } from './rate-period.ts';

export const SIMULATED_DAYS = 90;
const DAY_MS = 86_400_000;

/** The last whole UTC days before an instant. */
export function windowBefore(now: Date): Span {
  const to = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return { from: new Date(to - SIMULATED_DAYS * DAY_MS), to: new Date(to) };
}

/** The months of an agreement, cut to the window: a month at its edge is rated as far as it goes, before and after alike. */
export const monthsIn = ({ startedAt, endedAt }: { startedAt: Date; endedAt: Date | null }, window: Span): Span[] =>
  periodsOf({ startedAt: startedAt > window.from ? startedAt : window.from, endedAt, until: window.to })
    .map(({ from, to }) => ({ from, to: to < window.to ? to : window.to }))
    .filter(({ from, to }) => from < to);

export interface SimulatedMonth extends Pick<RatingInput, 'usedBefore' | 'infrastructure'> {
  span: Span;
}

export interface SimulationInput extends Pick<RatingInput, 'agreement' | 'usage'> {
  months: readonly SimulatedMonth[];
  /** Of the offer; all that were ever in force. */
  versions: readonly PriceVersion[];
  proposed: PriceVersion;
}

export interface SimulatedLine {
  dimension: string;
  description: string;
  /** As counted, in all months. */
  quantity: bigint;
  before: Minor;
  after: Minor;
}

/** @returns by dimension. @throws DomainError as `ratePeriod` */
export function simulate(input: SimulationInput): SimulatedLine[] {
  const before = input.months.flatMap((month) => invoiced(input, month, input.versions));
  const after = input.months.flatMap((month) => invoiced(input, month, asIfAlways(input.proposed, input.versions)));
  const dimensions = [...new Set([...before, ...after].map(({ charge }) => charge.dimension))].sort();
  return dimensions.map((dimension) => {
    const [was, is] = [before, after].map((lines) => lines.filter(({ charge }) => charge.dimension === dimension));
    const sum = (lines: Invoiced[]): Minor => lines.reduce((total, { amountMinor }) => total + amountMinor, 0n);
    const named = (was!.length > 0 ? was! : is!)[0]!.charge;
    return {
      dimension,
      description: named.description,
      quantity: was!.reduce((total, { charge }) => total + charge.quantity, 0n),
      before: sum(was!),
      after: sum(is!),
    };
  });
}

interface Invoiced {
  charge: RatedCharge;
  amountMinor: Minor;
}

function invoiced({ agreement, usage }: SimulationInput, month: SimulatedMonth, versions: readonly PriceVersion[]): Invoiced[] {
  const [first, last] = [dayOf(month.span.from), dayOf(new Date(month.span.to.getTime() - 1))];
  const charges = ratePeriod({
    period: month.span,
    agreement,
    versions,
    usage: usage.filter(({ day }) => day >= first && day <= last),
    usedBefore: month.usedBefore,
    infrastructure: month.infrastructure,
  }).map((charge) => ({ ...charge, currency: agreement.currency }));
  return linesOf(charges, 0, {
    segmentOf: (charge) => (charge.isSegment ? charge.dimension : null),
    minimumOf: (charge) => (charge.model === MINIMUM_SPEND ? MINIMUM_SPEND : null),
    countsTowards: (charge) => (countsAsSpend(charge.model) ? MINIMUM_SPEND : null),
  }).lines;
}

/**
 * The proposed prices hold at every instant. Those that were accepted stay known by their id, for a contract's first term keeps its
 * price whatever comes; only its renewal would be at the new one.
 */
function asIfAlways(proposed: PriceVersion, versions: readonly PriceVersion[]): PriceVersion[] {
  const long = (ago: number): Date => new Date(-ago);
  return [
    ...versions.map((version, index) => ({ ...version, effectiveFrom: long(versions.length - index) })),
    { ...proposed, effectiveFrom: long(0) },
  ];
}
