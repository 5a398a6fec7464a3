/** Numbers, money and instants as people read them. Money goes through libs/domain and is never a JavaScript number. */
import { exponentOf, formatMinor, formatRate, parseRate, toMinor } from '#domain/money.ts';

/** `12.34 USD` from minor units in a decimal string. */
export const money = (amountMinor: string, currency: string): string => grouped(formatMinor(BigInt(amountMinor), currency));

/** A rate with at least the decimals of its currency: `0.25 USD`, `1.50 USD`, `0.000125 USD`. */
export function price(rate: string, currency: string): string {
  const [whole, fraction = ''] = formatRate(parseRate(rate)).split('.');
  const decimals = fraction.padEnd(exponentOf(currency), '0');
  return grouped(`${whole}${decimals ? `.${decimals}` : ''} ${currency.toUpperCase()}`);
}

const HOURS_OF_A_MONTH = 730n;

/** What a machine that never stops costs in a month of 730 hours. */
export const monthly = (hourlyRate: string, currency: string): string =>
  grouped(formatMinor(toMinor(parseRate(hourlyRate) * HOURS_OF_A_MONTH, currency), currency));

/** `1,234,567.89`: groups the digits in front of the point. */
export const grouped = (decimal: string): string =>
  decimal.replace(/^-?\d+/, (whole) => whole.replaceAll(/\B(?=(\d{3})+$)/g, ','));

/** Seconds as `73 h 12 min 5 s`: to the second, so that a price by the hour can be multiplied with it. */
export function running(seconds: string): string {
  const all = BigInt(seconds);
  const parts = [`${all / 3600n} h`, `${(all % 3600n) / 60n} min`, `${all % 60n} s`].filter((part) => !part.startsWith('0 '));
  return parts.length > 0 ? grouped(parts.join(' ')) : '0 s';
}

/** How running is counted: `per second, at least one minute`. */
export function counting({ increment, minimumSeconds = 0 }: { increment?: string; minimumSeconds?: number }): string {
  if (increment !== 'second') return 'each hour begun';
  return minimumSeconds === 0 ? 'per second' : `per second, at least ${inWords(minimumSeconds)} for each start`;
}

function inWords(seconds: number): string {
  if (seconds === 3600) return 'one hour';
  if (seconds % 60 > 0) return `${seconds} seconds`;
  return seconds === 60 ? 'one minute' : `${seconds / 60} minutes`;
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const DAY_UTC = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const INSTANT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const day = (instant: string): string => DAY.format(new Date(instant));
export const instant = (at: string): string => INSTANT.format(new Date(at));

/** A day as metering counts them: of UTC, and without a time. */
export const dayUtc = (date: string): string => DAY_UTC.format(new Date(date));

/** Billing periods are half-open and in UTC: the last day shown is the day before the end. */
export const period = (start: string, end: string): string =>
  `${DAY_UTC.format(new Date(start))} – ${DAY_UTC.format(new Date(new Date(end).getTime() - 1))}`;

/** `database`, `developer tools`: words out of a code. */
export const words = (code: string): string => code.replaceAll(/[-_]/g, ' ');
export const title = (code: string): string => words(code).replace(/^./, (letter) => letter.toUpperCase());
