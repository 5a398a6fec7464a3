/** A monthly price for a part of a month is its part of it, by the second. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesOf } from '../invoice.ts';
import { parseRate, toMinor } from '../money.ts';
import { amounts, minors, priceOf, rated, versionOf } from '#testing/prices.ts';
import type { Span } from '../period.ts';
import { monthly } from './monthly.ts';
import { amountOf } from './price.ts';

const prices = [priceOf('support', { model: 'monthly', rate: parseRate('30') }, 'month')];

it('charges a whole month as it is priced, in February too', () => {
  expect(amounts(rated({ prices }))).toEqual(['support 2678400: 30']);
  expect(amounts(rated({ prices, month: '2026-02-01T00:00:00Z' }))).toEqual(['support 2419200: 30']);
});

it('charges from the start on and up to the end', () => {
  const startedAt = new Date('2026-01-05T09:20:00Z');
  // 26 days, 14 hours and 40 minutes of 31 days.
  expect(minors(rated({ prices, agreement: { startedAt } }))).toEqual([2575n]);
  expect(minors(rated({ prices, agreement: { startedAt, endedAt: new Date('2026-01-05T21:20:00Z') } }))).toEqual([48n]);
  expect(rated({ prices, agreement: { startedAt, endedAt: startedAt } })).toEqual([]);
});

it('makes two lines of a price that changes, and they add up as one exact amount would', () => {
  const versions = [
    versionOf('v1', '2026-01-01T00:00:00Z', prices),
    versionOf('v2', '2026-01-12T00:00:00Z', [priceOf('support', { model: 'monthly', rate: parseRate('10') }, 'month')]),
  ];
  // 10.6451… and 6.4516…: rounded by themselves 10.65 and 6.45, in turn 10.65 and 6.45; the sum is 17.0967….
  const charges = rated({ versions }).map((charge) => ({ ...charge, currency: 'usd' }));
  const { lines, totalMinor } = linesOf(charges, 0, { segmentOf: (charge) => (charge.isSegment ? charge.dimension : null) });
  expect(lines.map((line) => line.amountMinor)).toEqual([1065n, 645n]);
  expect(totalMinor).toBe(1710n);
});

it('sums over any stretches of a month to the month', () => {
  const month: Span = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') };
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 2_678_399 }), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, fc.bigInt({ min: 0n, max: 10n ** 16n }), (seconds, rate) => {
      const edges = [0, ...seconds.sort((a, b) => a - b), 2_678_400].map((at) => new Date(month.from.getTime() + at * 1000));
      const charges = edges.slice(0, -1).map((from, index) => {
        const amount = amountOf(monthly(rate, { from, to: edges[index + 1]! }), 2_678_400n);
        return { amount, unitSize: 2_678_400n, currency: 'usd' };
      });
      const { totalMinor } = linesOf(charges, 0, { segmentOf: () => 'support' });
      expect(totalMinor).toBe(toMinor(rate, 'usd'));
    }),
  );
});

it('is for one month at a time', () => {
  expect(() => monthly(1n, { from: new Date('2026-01-15T00:00:00Z'), to: new Date('2026-02-02T00:00:00Z') })).toThrow(
    'month by month',
  );
});
