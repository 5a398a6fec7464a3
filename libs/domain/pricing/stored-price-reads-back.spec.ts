/** A price that is written down and read again is the same price, for every model. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { priceOf, tiers } from '#testing/prices.ts';
import { equalInstalments } from './contract.ts';
import type { Price, Terms } from './price.ts';
import { readPrice, readTrial, storedPrice } from './stored-price.ts';

const STEPS = tiers(['100', '0.000000000001', '5'], [null, '0.5']);
const ALL: Terms[] = [
  { model: 'free' },
  { model: 'byol' },
  { model: 'hourly', instanceType: 'm5.large', rate: parseRate('0.4'), increment: 'second', minimumSeconds: 60, included: 3600n },
  { model: 'hourly', instanceType: null, rate: parseRate('0.4'), increment: 'hour', minimumSeconds: 0, included: 0n },
  { model: 'metered', rate: parseRate('1.5'), included: 2n ** 70n },
  { model: 'graduated', tiers: STEPS, included: 0n },
  { model: 'volume', tiers: STEPS, included: 7n },
  { model: 'package', size: 1000n, rate: parseRate('5'), included: 0n },
  { model: 'flat', rate: parseRate('30') },
  { model: 'monthly', rate: parseRate('30') },
  { model: 'one_time', rate: parseRate('30') },
  { model: 'annual', instanceType: 'm5.large', rate: parseRate('2000') },
  {
    model: 'contract',
    options: [
      { months: 1, rate: parseRate('10'), instalments: null },
      { months: 12, rate: parseRate('100'), instalments: equalInstalments(12) },
    ],
  },
  { model: 'infrastructure', basisPoints: 1250n },
];

it.each(ALL)('$model', (terms) => {
  const price: Price = priceOf('users', terms);
  const stored = storedPrice(price);
  expect(readPrice(stored)).toEqual(price);
  // As PostgreSQL and JSON hand it back.
  expect(readPrice({ ...stored, terms: JSON.parse(JSON.stringify(stored.terms)) })).toEqual(price);
});

it('has no number for money', () => {
  const text = JSON.stringify(ALL.map((terms) => storedPrice(priceOf('users', terms)).terms));
  expect(text.match(/:\d+/g)?.every((found) => /^:(1|12|\d{1,2})$/.test(found))).toBe(true);
});

it('reads trials', () => {
  expect(readTrial({ days: 14, afterwards: 'ends' })).toEqual({ of: { days: 14 }, afterwards: 'ends' });
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 80n }), (quantity) => {
      expect(readTrial({ dimension: 'scans', quantity: String(quantity), afterwards: 'converts' }).of).toEqual({
        dimension: 'scans',
        quantity,
      });
    }),
  );
});
