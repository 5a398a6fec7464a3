/** Discounts are one amount, and every line knows its part of it (docs/MONEY.md R5). */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../invoice.ts';
import { parseRate } from '../money.ts';
import { discountOf, type Coupon } from './coupon.ts';

const percent = (basisPoints: bigint, dimension: string | null = null): Coupon => ({
  id: `percent ${basisPoints}`,
  code: 'SPRING',
  off: { basisPoints },
  dimension,
});
const fixed = (amount: bigint): Coupon => ({ id: `fixed ${amount}`, code: 'WELCOME', off: { amount }, dimension: null });
const charge = (dimension: string, amount: string) => ({ dimension, amount: parseRate(amount), unitSize: 1n, currency: 'usd' });
const everywhere = (...coupons: Coupon[]) => coupons.map((coupon) => ({ coupon, isFor: () => true }));

describe('a coupon', () => {
  it('of ten per cent is rounded once and divided by largest remainder, ties to the earlier line', () => {
    // 10 % of 10.01 are 1.00; exactly 0.3338…, 0.3328…, 0.3338…
    expect(discountOf(percent(1000n), [334n, 333n, 334n])).toEqual([34n, 33n, 33n]);
    expect(discountOf(percent(5000n), [1n, 0n])).toEqual([1n, 0n]);
  });

  it('of a fixed amount takes no more than there is', () => {
    expect(discountOf(fixed(500n), [300n, 100n])).toEqual([300n, 100n]);
    expect(discountOf(fixed(100n), [300n, 100n])).toEqual([75n, 25n]);
    expect(discountOf(fixed(100n), [])).toEqual([]);
  });

  it('leaves lines alone that it is not for, and those that give something back', () => {
    expect(discountOf(percent(1000n), [null, -500n, 1000n])).toEqual([0n, 0n, 100n]);
  });

  it('gives parts that sum to the discount, each no more than its line, for any lines', () => {
    const lines = fc.array(fc.bigInt({ min: -1000n, max: 10n ** 12n }), { maxLength: 50 });
    fc.assert(
      fc.property(
        lines,
        fc.bigInt({ min: 1n, max: 10_000n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        (amounts, basisPoints, amount) => {
          const base = amounts.reduce((sum, line) => (line > 0n ? sum + line : sum), 0n);
          for (const coupon of [percent(basisPoints), fixed(amount)]) {
            const parts = discountOf(coupon, amounts);
            const total = parts.reduce((sum, part) => sum + part, 0n);
            expect(parts.every((part, index) => part === 0n || (part > 0n && part <= amounts[index]!))).toBe(true);
            if ('amount' in coupon.off) expect(total).toBe(amount < base ? amount : base);
            else
              expect(
                2n * 10_000n * total >= 2n * base * basisPoints - 10_000n &&
                  2n * 10_000n * total <= 2n * base * basisPoints + 10_000n,
              ).toBe(true);
          }
        },
      ),
    );
  });
});

describe('an invoice', () => {
  const charges = [charge('users', '100'), charge('scans', '50')];

  it('takes a dimension’s discount off first and the others off the rest, whenever they were redeemed', () => {
    const coupons = [
      ...everywhere(percent(1000n)),
      { coupon: percent(5000n, 'users'), isFor: (line: { dimension: string }) => line.dimension === 'users' },
    ];
    const { lines, totalMinor } = linesOf(charges, 2000, { coupons });
    expect(lines.map((line) => line.discounts.map((each) => [each.coupon?.id, each.amountMinor]))).toEqual([
      [
        ['percent 5000', 5000n],
        ['percent 1000', 500n],
      ],
      [['percent 1000', 500n]],
    ]);
    expect(totalMinor).toBe(9000n);
  });

  it('splits what is left: the vendor bears its part of a discount', () => {
    const { lines } = linesOf(charges, 2000, { coupons: everywhere(fixed(3000n)) });
    expect(lines.map(({ amountMinor, feeMinor, vendorMinor }) => [amountMinor, feeMinor, vendorMinor])).toEqual([
      [8000n, 1600n, 6400n],
      [4000n, 800n, 3200n],
    ]);
  });

  it('gives back, of what was discounted, only what was paid', () => {
    const earlier = () => ({ gross: 10_000n, discount: 5_000n });
    const { lines } = linesOf([charge('users', '-10')], 2000, { earlier, coupons: everywhere(percent(1000n)) });
    expect(lines).toMatchObject([{ amountMinor: -500n, discounts: [{ coupon: null, amountMinor: -500n }] }]);
  });
});
