/** Each line is rounded once and the total is their sum, however many half cents there are. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { invoiceNumber, linesOf, seriesOf } from './invoice.ts';
import { parseRate } from './money.ts';

const charge = (amount: string, currency = 'usd') => ({ amount: parseRate(amount), unitSize: 1n, currency });

it('rounds a thousand half cents up one by one, and never the sum', () => {
  const { lines, totalMinor } = linesOf(
    Array.from({ length: 1000 }, () => charge('0.005')),
    2000,
  );
  expect(lines.every((line) => line.amountMinor === 1n && line.feeMinor === 0n && line.vendorMinor === 1n)).toBe(true);
  expect(totalMinor).toBe(1000n);
});

it('shows what is less than half a cent as nothing', () => {
  const { lines, totalMinor } = linesOf([charge('0.0049')], 2000);
  expect(lines).toMatchObject([{ ordinal: 1, amountMinor: 0n, feeMinor: 0n, vendorMinor: 0n }]);
  expect(totalMinor).toBe(0n);
});

it('rounds to whole yen and to thousandths of a dinar', () => {
  expect(linesOf([charge('1234.5', 'jpy')], 0).totalMinor).toBe(1235n);
  expect(linesOf([charge('1234.5675', 'kwd')], 0).totalMinor).toBe(1_234_568n);
});

it('has a total that is the lines, and lines that are fee and share, for any invoice', () => {
  const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 24n }), { maxLength: 30 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 10_000 }), (exact, points) => {
      const { lines, totalMinor } = linesOf(
        exact.map((amount) => ({ amount, unitSize: 1n, currency: 'usd' })),
        points,
      );
      return (
        lines.reduce((sum, line) => sum + line.feeMinor + line.vendorMinor, 0n) === totalMinor &&
        lines.every((line, index) => line.ordinal === index + 1 && line.feeBasisPoints === points)
      );
    }),
    { numRuns: 5_000 },
  );
});

it('is numbered within the year in which it is sent', () => {
  expect(invoiceNumber(seriesOf(new Date('2026-12-31T23:59:59Z')), 41n)).toBe('SLW-2026-000041');
  expect(invoiceNumber(seriesOf(new Date('2027-01-01T00:00:00Z')), 1_000_000n)).toBe('SLW-2027-1000000');
});
