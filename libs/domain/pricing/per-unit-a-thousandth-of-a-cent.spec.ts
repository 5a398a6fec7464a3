/** Calls at a price far below a cent: nothing is lost until the line is rounded. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatRate, parseRate } from '../money.ts';
import { amounts, metered, rated, used } from '#testing/prices.ts';
import { perUnit } from './per-unit.ts';
import { amountOf } from './price.ts';

it('charges 1,234,567 calls at 0.00001 as 12.34567', () => {
  expect(amounts(rated({ usage: [used('2026-01-02', 'calls', 1_234_567n)], prices: [metered('calls', '0.00001')] }))).toEqual([
    'calls 1234567: 12.34567',
  ]);
});

it('says nothing of nothing, and of a quantity only its price', () => {
  expect(perUnit(0n, { rate: parseRate('5') })).toEqual([]);
  expect(perUnit(3n, { rate: parseRate('5') })).toEqual([{ label: '', quantity: 3n, unitSize: 1n, rate: parseRate('5') }]);
});

it('is as much for two halves as for the whole, and never less for more', () => {
  const quantity = fc.bigInt({ min: 0n, max: 10n ** 15n });
  const due = (units: bigint, rate: bigint): bigint => amountOf(perUnit(units, { rate }), 1n);
  fc.assert(
    fc.property(quantity, quantity, fc.bigInt({ min: 0n, max: 10n ** 16n }), (a, b, rate) => {
      expect(due(a, rate) + due(b, rate)).toBe(due(a + b, rate));
      expect(due(a + b, rate) >= due(a, rate)).toBe(true);
      expect(due(-a, rate)).toBe(-due(a, rate));
    }),
  );
  expect(formatRate(due(7n, parseRate('0.000000000001')))).toBe('0.000000000007');
});
