/** Mails are sold by the thousand: 1,001 are two thousand. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { amounts, parts, priceOf, rated, used, versionOf } from '#testing/prices.ts';
import { packages, packagesOf } from './package.ts';
import { amountOf } from './price.ts';

const price = (rate = '5', included = 0n) => priceOf('mails', { model: 'package', size: 1000n, rate: parseRate(rate), included });
const month = (quantity: bigint, included = 0n) =>
  rated({ usage: [used('2026-01-02', 'mails', quantity)], prices: [price('5', included)] });

it('charges a package that is begun in full', () => {
  expect(amounts(month(0n))).toEqual(['mails 0: 0']);
  expect(amounts(month(1n))).toEqual(['mails 1: 5']);
  expect(amounts(month(1000n))).toEqual(['mails 1000: 5']);
  expect(amounts(month(1001n))).toEqual(['mails 1001: 10']);
  expect(parts(month(1001n))).toEqual(['packages of 1000: 2 × 5']);
});

it('takes included units off before it counts packages', () => {
  expect(amounts(month(1500n, 500n))).toEqual(['mails 1500: 5']);
  expect(amounts(month(1501n, 500n))).toEqual(['mails 1501: 10']);
  expect(parts(month(1501n, 500n))).toEqual(['included: 500 × 0', 'packages of 1000: 2 × 5']);
  expect(amounts(month(400n, 500n))).toEqual(['mails 400: 0']);
});

it('uses up a package of the old price before it begins one at the new', () => {
  const charges = rated({
    usage: [used('2026-01-02', 'mails', 1500n), used('2026-01-21', 'mails', 500n), used('2026-01-22', 'mails', 1n)],
    versions: [versionOf('v1', '2026-01-01T00:00:00Z', [price('5')]), versionOf('v2', '2026-01-21T00:00:00Z', [price('7')])],
  });
  expect(amounts(charges)).toEqual(['mails 1500: 10', 'mails 501: 7']);
});

it('is quantity ÷ size rounded up, and the pieces of any cut are the whole', () => {
  const quantity = fc.bigInt({ min: 0n, max: 10n ** 9n });
  fc.assert(
    fc.property(quantity, quantity, fc.bigInt({ min: 1n, max: 10_000n }), (a, b, size) => {
      const count = packagesOf(a, size);
      expect(count * size >= a && (count === 0n || (count - 1n) * size < a)).toBe(true);
      const due = (from: bigint, to: bigint): bigint => amountOf(packages({ size, rate: 3n }, { from, to }), 1n);
      expect(due(0n, a) + due(a, a + b)).toBe(due(0n, a + b));
    }),
  );
});
