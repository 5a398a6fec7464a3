/** A hundred users are in the price of each month; the hundred and first is the first that costs. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { amounts, metered, parts, rated, used, versionOf } from '#testing/prices.ts';
import { withoutIncluded } from './included.ts';
import { lengthOf } from './stretch.ts';

it('charges what is beyond, and shows what was included', () => {
  const month = (quantity: bigint) =>
    rated({ usage: [used('2026-01-02', 'users', quantity)], prices: [metered('users', '2', 100n)] });
  expect(amounts(month(100n))).toEqual(['users 100: 0']);
  expect(amounts(month(101n))).toEqual(['users 101: 2']);
  expect(parts(month(101n))).toEqual(['included: 100 × 0', ': 1 × 2']);
});

it('is used up once in a month, though the price changes', () => {
  const charges = rated({
    usage: [used('2026-01-02', 'users', 70n), used('2026-01-21', 'users', 70n)],
    versions: [
      versionOf('v1', '2026-01-01T00:00:00Z', [metered('users', '2', 100n)]),
      versionOf('v2', '2026-01-21T00:00:00Z', [metered('users', '1', 100n)]),
    ],
  });
  expect(amounts(charges)).toEqual(['users 70: 0', 'users 70: 40']);
});

it('splits any stretch into what is free and what is not, and loses no unit', () => {
  const units = fc.bigInt({ min: 0n, max: 10n ** 6n });
  fc.assert(
    fc.property(units, units, units, (from, length, included) => {
      const { parts: free, rest } = withoutIncluded({ from, to: from + length }, included);
      expect(free.reduce((sum, part) => sum + part.quantity, 0n) + lengthOf(rest)).toBe(length);
      // Stretches that follow each other stay neighbours.
      expect(withoutIncluded({ from: from + length, to: from + length + 1n }, included).rest.from).toBe(rest.to);
    }),
  );
});
