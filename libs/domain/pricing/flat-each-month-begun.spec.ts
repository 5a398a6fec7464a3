/** A flat price is for each calendar month begun: one second of January costs January. */
import { expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { amounts, priceOf, rated, versionOf } from '#testing/prices.ts';

const prices = [priceOf('access', { model: 'flat', rate: parseRate('30') }, 'month')];

it('charges all of a month that was only begun', () => {
  expect(amounts(rated({ prices, agreement: { startedAt: new Date('2026-01-31T23:59:59Z') } }))).toEqual(['access 1: 30']);
  expect(amounts(rated({ prices }))).toEqual(['access 1: 30']);
});

it('charges nothing of a month in which nothing was left', () => {
  const agreement = { endedAt: new Date('2026-02-01T00:00:00Z') };
  expect(amounts(rated({ prices, agreement }))).toEqual(['access 1: 30']);
  expect(rated({ prices, agreement, month: '2026-02-10T00:00:00Z' })).toEqual([]);
});

it('has the price that the month began with', () => {
  const dearer = [priceOf('access', { model: 'flat', rate: parseRate('40') }, 'month')];
  const versions = [versionOf('v1', '2026-01-01T00:00:00Z', prices), versionOf('v2', '2026-01-10T00:00:00Z', dearer)];
  expect(amounts(rated({ versions }))).toEqual(['access 1: 30']);
  expect(amounts(rated({ versions, month: '2026-02-01T00:00:00Z' }))).toEqual(['access 1: 40']);
});
