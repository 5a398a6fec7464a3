/** Prices of Acme's and a month of Globex's use, for specs of what it comes to. */
import { formatRate, parseRate, toMinor } from '#domain/money.ts';
import { monthOf, type Span } from '#domain/period.ts';
import type { DailyUsage, Price, PriceVersion, RatedCharge, Terms } from '#domain/pricing/price.ts';
import { ratePeriod, type Agreement, type RatingInput } from '#domain/pricing/rate-period.ts';

/** `priceOf('users', { model: 'metered', rate: parseRate('1'), included: 0n })` */
export const priceOf = (dimension: string, terms: Terms, unit = 'unit'): Price => ({
  dimension,
  description: dimension,
  unit,
  ...terms,
});

export const metered = (dimension: string, rate: string, included = 0n): Price =>
  priceOf(dimension, { model: 'metered', rate: parseRate(rate), included });

/** `tiers(['100', '1'], [null, '0.5', '20'])`: up to, rate, flat. */
export const tiers = (...steps: Array<[upTo: string | null, rate: string, flat?: string]>) =>
  steps.map(([upTo, rate, flat = '0']) => ({
    upTo: upTo === null ? null : BigInt(upTo),
    rate: parseRate(rate),
    flat: parseRate(flat),
  }));

export const versionOf = (
  id: string,
  effectiveFrom: string,
  prices: readonly Price[],
  minimumSpend: string | null = null,
): PriceVersion => ({
  id,
  effectiveFrom: new Date(effectiveFrom),
  prices,
  minimumSpend: minimumSpend === null ? null : parseRate(minimumSpend),
});

export const used = (day: string, dimension: string, quantity: bigint): DailyUsage => ({ day, dimension, quantity });

export const STARTED = '2026-01-01T00:00:00Z';

export const agreementOf = (given: Partial<Agreement> = {}): Agreement => ({
  startedAt: new Date(STARTED),
  endedAt: null,
  currency: 'usd',
  trial: null,
  commitments: [],
  ...given,
});

export type Month = Partial<Omit<RatingInput, 'agreement' | 'period'>> & {
  agreement?: Partial<Agreement>;
  /** Any instant of the month; January 2026. */
  month?: string;
  prices?: readonly Price[];
};

/** Rates a month of an agreement, or the part of it that the agreement lived in. */
export function rated({ agreement: given, month = STARTED, prices = [], ...input }: Month): RatedCharge[] {
  const agreement = agreementOf(given);
  const { from, to } = monthOf(new Date(month));
  const period: Span = { from: from < agreement.startedAt ? agreement.startedAt : from, to };
  return ratePeriod({
    versions: [versionOf('v1', agreement.startedAt.toISOString(), prices)],
    usage: [],
    usedBefore: () => 0n,
    infrastructure: null,
    ...input,
    agreement,
    period,
  });
}

/** `users 120: 110`: dimension, quantity, what is due, rounded where it has no last decimal. */
export const amounts = (charges: readonly RatedCharge[]): string[] =>
  charges.map(({ dimension, quantity, amount, unitSize }) => `${dimension} ${quantity}: ${exactly(amount, unitSize)}`);

/** `1–100: 100 × 1`: the parts of each charge. */
export const parts = (charges: readonly RatedCharge[]): string[] =>
  charges.flatMap((charge) => charge.parts.map(({ label, quantity, rate }) => `${label}: ${quantity} × ${formatRate(rate)}`));

const exactly = (amount: bigint, unitSize: bigint): string =>
  amount % unitSize === 0n ? formatRate(amount / unitSize) : `≈${formatRate(amount / unitSize)}`;

/** Minor units of each charge on its own. */
export const minors = (charges: readonly RatedCharge[], currency = 'usd'): bigint[] =>
  charges.map(({ amount, unitSize }) => toMinor(amount, currency, unitSize));
