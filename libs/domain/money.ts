/**
 * Money, exactly. `Rate` (12 decimals of a major unit) until the invoice line, `Minor` (cents, yen, fils) from there on; the one
 * way across is `toMinor`, which rounds once (docs/MONEY.md R1–R3). Neither is ever a JavaScript number.
 */
import { DomainError } from './errors.ts';

/** Major units × 10¹²: prices, and amounts that are not rounded yet. */
export type Rate = bigint & { readonly unit?: 'rate' };

/** Minor units of a currency: what is invoiced, collected, posted and paid out. */
export type Minor = bigint & { readonly unit?: 'minor' };

export const RATE_DECIMALS = 12;
const RATE_PATTERN = /^(-?)(\d{1,18})(?:\.(\d{1,12}))?$/;

/** Currencies whose minor unit is not a hundredth, from ISO 4217 (list one). */
const EXPONENTS: Record<string, number> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
}; // oxfmt-ignore

/** How many decimals the minor unit of a currency has (ISO 4217): 2 for USD, 0 for JPY, 3 for KWD. */
export const exponentOf = (currency: string): number => EXPONENTS[currency.toUpperCase()] ?? 2;

/**
 * Reads a decimal such as `0.25` or `0.000000000001`.
 * @throws DomainError `invalid` when it is not a plain decimal with at most 12 places.
 */
export function parseRate(text: string): Rate {
  const match = RATE_PATTERN.exec(text);
  if (!match)
    throw new DomainError('invalid', 'invalid_decimal', `"${text}" is not a decimal with at most ${RATE_DECIMALS} places.`);
  const [, sign, whole, fraction = ''] = match;
  const magnitude = BigInt(whole! + fraction.padEnd(RATE_DECIMALS, '0'));
  return sign ? -magnitude : magnitude;
}

/** The shortest decimal that reads back as the same rate: `0.25`. */
export function formatRate(rate: Rate): string {
  const digits = (rate < 0n ? -rate : rate).toString().padStart(RATE_DECIMALS + 1, '0');
  const fraction = digits.slice(-RATE_DECIMALS).replace(/0+$/, '');
  return `${rate < 0n ? '-' : ''}${digits.slice(0, -RATE_DECIMALS)}${fraction ? `.${fraction}` : ''}`;
}

/**
 * Rounds an exact amount to minor units, half away from zero: the only rounding of usage money (docs/MONEY.md R3).
 * @param unitSize what the amount is still to be divided by, so that division and rounding are one step.
 */
export const toMinor = (amount: Rate, currency: string, unitSize = 1n): Minor =>
  divideHalfUp(amount, unitSize * 10n ** BigInt(RATE_DECIMALS - exponentOf(currency)));

/** `numerator / denominator` rounded half away from zero; symmetric, f(−x) = −f(x). */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError('The denominator must be positive.');
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** The smallest of amounts. */
export const least = (first: Minor, ...others: Minor[]): Minor => others.reduce((a, b) => (a < b ? a : b), first);

/** For people: `12.34 USD`. */
export const formatMinor = (amount: Minor, currency: string): string =>
  `${formatMajor(amount, currency)} ${currency.toUpperCase()}`;

/** In major units, with the decimals of the currency: `12.34`. */
export function formatMajor(amount: Minor, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, '0');
  const major = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  return `${amount < 0n ? '-' : ''}${major}`;
}
