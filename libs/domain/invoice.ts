/** Invoice lines from exact charges: the one place where usage money is rounded and split (docs/MONEY.md R3, R4, R8). */
import { toMinor, type Minor, type Rate } from './money.ts';
import { splitLine } from './split.ts';

export interface InvoicedLine<C> {
  charge: C;
  /** 1, 2, 3 … in the order of the charges. */
  ordinal: number;
  amountMinor: Minor;
  feeBasisPoints: number;
  feeMinor: Minor;
  vendorMinor: Minor;
}

/**
 * One line per charge, rounded once; the total is the sum of the lines and never rounded again.
 * @param charges `amount` is divided by `unitSize` in the rounding (see pricing.ts).
 * @param feeBasisPoints the platform's fee, kept on each line: a later change of it changes no invoice.
 */
export function linesOf<C extends { amount: Rate; unitSize: bigint; currency: string }>(
  charges: readonly C[],
  feeBasisPoints: number,
): { lines: InvoicedLine<C>[]; totalMinor: Minor } {
  const lines = charges.map((charge, index) => {
    const amountMinor = toMinor(charge.amount, charge.currency, charge.unitSize);
    const { fee, vendor } = splitLine(amountMinor, feeBasisPoints);
    return { charge, ordinal: index + 1, amountMinor, feeBasisPoints, feeMinor: fee, vendorMinor: vendor };
  });
  return { lines, totalMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0n) };
}

/** Invoices are numbered without gaps within a year (UTC). */
export const seriesOf = (finalisedAt: Date): string => `SLW-${finalisedAt.getUTCFullYear()}`;

/** `SLW-2026-000001`. @param count 1 for the first invoice of the series */
export const invoiceNumber = (series: string, count: bigint): string => `${series}-${String(count).padStart(6, '0')}`;
