/** Large machines cost more: a type with a price of its own is counted by itself, all others share one. */
import { expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { amounts, minors, priceOf, rated, used } from '#testing/prices.ts';
import { hourlyDimension, priceOfType } from './hourly.ts';
import type { HourlyTerms } from './price.ts';

const hourly = (instanceType: string | null, rate: string, increment: 'hour' | 'second' = 'hour') =>
  priceOf(
    hourlyDimension(increment, instanceType),
    {
      model: 'hourly',
      instanceType,
      rate: parseRate(rate),
      increment,
      minimumSeconds: increment === 'second' ? 60 : 0,
      included: 0n,
    },
    'hour',
  );

it('names a dimension for each type that has a price, in hours or in seconds', () => {
  expect(hourlyDimension('hour', null)).toBe('hours');
  expect(hourlyDimension('hour', 'm5.large')).toBe('hours.m5.large');
  expect(hourlyDimension('second', 'u-24tb1.112xlarge')).toBe('running_seconds.u-24tb1.112xlarge');
});

it('finds the price of a type, or the one for all others', () => {
  const prices = [hourly(null, '0.25'), hourly('m5.large', '0.4')] as Array<ReturnType<typeof hourly> & HourlyTerms>;
  expect(priceOfType(prices, 'm5.large')?.rate).toBe(parseRate('0.4'));
  expect(priceOfType(prices, 't3.micro')?.rate).toBe(parseRate('0.25'));
  expect(priceOfType(prices.slice(1), 't3.micro')).toBeUndefined();
});

it('charges each type’s hours at its own price', () => {
  const charges = rated({
    usage: [
      used('2026-01-02', 'hours', 24n),
      used('2026-01-02', 'hours.m5.large', 10n),
      used('2026-01-03', 'hours.m5.large', 14n),
    ],
    prices: [hourly(null, '0.25'), hourly('m5.large', '0.4')],
  });
  expect(amounts(charges)).toEqual(['hours 24: 6', 'hours.m5.large 24: 9.6']);
});

it('charges seconds as the part of the hour that they are', () => {
  const charges = rated({ usage: [used('2026-01-02', 'running_seconds', 5400n)], prices: [hourly(null, '0.33', 'second')] });
  expect(amounts(charges)).toEqual(['running_seconds 5400: 0.495']);
  expect(minors(charges)).toEqual([50n]);
});

it('gives free hours of a month before it charges one', () => {
  const prices = [{ ...hourly(null, '0.33', 'second'), included: 3600n }] as ReturnType<typeof hourly>[];
  expect(amounts(rated({ usage: [used('2026-01-02', 'running_seconds', 5400n)], prices }))).toEqual([
    'running_seconds 5400: 0.165',
  ]);
});
