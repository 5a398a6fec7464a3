/** The more is used the less all of it costs: the total of the month chooses the price. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { amounts, parts, priceOf, rated, tiers, used, versionOf } from '#testing/prices.ts';
import { amountOf } from './price.ts';
import { volume } from './volume.ts';

const STEPS = tiers(['100', '1'], ['1000', '0.5', '20'], [null, '0.1']);
const price = (steps = STEPS, included = 0n) => priceOf('gigabytes', { model: 'volume', tiers: steps, included });
const month = (quantity: bigint) => rated({ usage: [used('2026-01-02', 'gigabytes', quantity)], prices: [price()] });

it('charges all at the price of the tier that the last one is in', () => {
  expect(amounts(month(100n))).toEqual(['gigabytes 100: 100']);
  expect(amounts(month(101n))).toEqual(['gigabytes 101: 70.5']);
  expect(amounts(month(5000n))).toEqual(['gigabytes 5000: 500']);
  expect(parts(month(101n))).toEqual(['101–1000: 101 × 0.5', '101–1000, once: 1 × 20']);
  expect(amounts(month(0n))).toEqual(['gigabytes 0: 0']);
});

it('chooses both prices of a month by the month’s total, and has the flat amount once', () => {
  const dearer = tiers(['100', '2'], ['1000', '1', '30'], [null, '0.2']);
  const charges = rated({
    usage: [used('2026-01-02', 'gigabytes', 90n), used('2026-01-21', 'gigabytes', 60n)],
    versions: [versionOf('v1', '2026-01-01T00:00:00Z', [price()]), versionOf('v2', '2026-01-21T00:00:00Z', [price(dearer)])],
  });
  expect(amounts(charges)).toEqual(['gigabytes 90: 45', 'gigabytes 60: 90']);
});

it('chooses the tier by what is left when some is included', () => {
  const charges = rated({ usage: [used('2026-01-02', 'gigabytes', 120n)], prices: [price(STEPS, 20n)] });
  expect(amounts(charges)).toEqual(['gigabytes 120: 100']);
});

it('is quantity × price + flat of one tier, for any total', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 3_000n }), (total) => {
      const tier = STEPS.find(({ upTo }) => upTo === null || total <= upTo)!;
      expect(amountOf(volume(STEPS, { quantity: total, total, withFlat: true }), 1n)).toBe(total * tier.rate + tier.flat);
    }),
  );
});
