/** The first hundred scans at one price, the next nine hundred at another, the rest at a third. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { amounts, parts, priceOf, rated, tiers, used, versionOf } from '#testing/prices.ts';
import { graduated } from './graduated.ts';
import { amountOf, type Tier } from './price.ts';
import { wrongTiers } from './tiers.ts';

const STEPS = tiers(['100', '1'], ['1000', '0.5', '20'], [null, '0.1']);
const price = (steps = STEPS, included = 0n) => priceOf('scans', { model: 'graduated', tiers: steps, included });
const due = (steps: readonly Tier[], quantity: bigint): bigint => amountOf(graduated(steps, { from: 0n, to: quantity }), 1n);

it('charges each scan at the price of its own tier, and the flat amount of a tier that is entered', () => {
  const scans = (quantity: bigint) => rated({ usage: [used('2026-01-02', 'scans', quantity)], prices: [price()] });
  expect(amounts(scans(100n))).toEqual(['scans 100: 100']);
  expect(amounts(scans(101n))).toEqual(['scans 101: 120.5']);
  expect(amounts(scans(1500n))).toEqual(['scans 1500: 620']);
  expect(parts(scans(1500n))).toEqual([
    '1–100: 100 × 1',
    '101–1000: 900 × 0.5',
    '101–1000, once: 1 × 20',
    '1001 and more: 500 × 0.1',
  ]);
});

it('goes on in the tier where the old price stopped when the price changes in mid-month', () => {
  const dearer = tiers(['100', '2'], ['1000', '1', '20'], [null, '0.2']);
  const charges = rated({
    usage: [used('2026-01-02', 'scans', 90n), used('2026-01-20', 'scans', 30n), used('2026-01-21', 'scans', 1000n)],
    versions: [versionOf('v1', '2026-01-01T00:00:00Z', [price()]), versionOf('v2', '2026-01-21T00:00:00Z', [price(dearer)])],
  });
  // 120 units before the change: 100 + 20 × 0.5 + 20; then 880 of the second tier and 120 of the third, which is entered for nothing.
  expect(amounts(charges)).toEqual(['scans 120: 130', 'scans 1000: 904']);
});

it('counts included units before the first tier', () => {
  const charges = rated({ usage: [used('2026-01-02', 'scans', 130n)], prices: [price(STEPS, 30n)] });
  expect(amounts(charges)).toEqual(['scans 130: 100']);
  expect(parts(charges)).toEqual(['included: 30 × 0', '1–100: 100 × 1']);
});

it('is the sum of what its tiers come to on their own, for any tiers and quantity, and never falls', () => {
  fc.assert(
    fc.property(someTiers(), fc.bigInt({ min: 0n, max: 5_000n }), fc.bigInt({ min: 0n, max: 5_000n }), (steps, a, b) => {
      let expected = 0n;
      let after = 0n;
      for (const { upTo, rate, flat } of steps) {
        const end = upTo === null || upTo > a ? a : upTo;
        if (end > after) expected += (end - after) * rate + flat;
        after = upTo ?? after;
      }
      expect(due(steps, a)).toBe(expected);
      expect(due(steps, a + b) >= due(steps, a)).toBe(true);
      // Cut anywhere, the pieces are the whole.
      expect(due(steps, a) + amountOf(graduated(steps, { from: a, to: a + b }), 1n)).toBe(due(steps, a + b));
    }),
  );
});

it('wants tiers that leave no unit out and have no unit twice', () => {
  expect(wrongTiers(STEPS)).toBeUndefined();
  expect(wrongTiers(tiers(['100', '1']))).toMatch('no end');
  expect(wrongTiers(tiers(['100', '1'], ['100', '1'], [null, '1']))).toMatch('higher unit');
  expect(wrongTiers(tiers(['0', '1'], [null, '1']))).toMatch('higher unit');
  expect(wrongTiers(tiers([null, '1'], [null, '1']))).toMatch('higher unit');
  expect(wrongTiers([])).toMatch('no end');
});

function someTiers(): fc.Arbitrary<Tier[]> {
  const step = fc.record({
    width: fc.bigInt({ min: 1n, max: 900n }),
    rate: fc.bigInt({ min: 0n, max: 10n ** 13n }),
    flat: fc.bigInt({ min: 0n, max: parseRate('50') }),
  });
  return fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => {
    let end = 0n;
    return steps.map(({ width, rate, flat }, index) => {
      end += width;
      return { upTo: index === steps.length - 1 ? null : end, rate, flat };
    });
  });
}
