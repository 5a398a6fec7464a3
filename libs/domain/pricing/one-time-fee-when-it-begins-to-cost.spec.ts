/** A set-up fee is due once: in the first month, or when the trial is over. */
import { expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { amounts, priceOf, rated, versionOf } from '#testing/prices.ts';

const prices = [priceOf('setup', { model: 'one_time', rate: parseRate('99.5') }, 'set-up')];
const startedAt = new Date('2026-01-25T09:20:00Z');

it('is charged in the month that the subscription begins in, and never again', () => {
  expect(amounts(rated({ prices, agreement: { startedAt } }))).toEqual(['setup 1: 99.5']);
  expect(rated({ prices, agreement: { startedAt }, month: '2026-02-10T00:00:00Z' })).toEqual([]);
});

it('is charged when the trial is over, at the price that was accepted', () => {
  const trial = { of: { days: 14 }, afterwards: 'converts' as const, convertedAt: null };
  const versions = [
    versionOf('v1', '2026-01-01T00:00:00Z', prices),
    versionOf('v2', '2026-02-01T00:00:00Z', [priceOf('setup', { model: 'one_time', rate: parseRate('50') }, 'set-up')]),
  ];
  expect(rated({ versions, agreement: { startedAt, trial } })).toEqual([]);
  expect(amounts(rated({ versions, agreement: { startedAt, trial }, month: '2026-02-10T00:00:00Z' }))).toEqual(['setup 1: 99.5']);
});

it('is not charged when the subscription ended within its trial', () => {
  const agreement = {
    startedAt,
    endedAt: new Date('2026-02-03T00:00:00Z'),
    trial: { of: { days: 14 }, afterwards: 'converts' as const, convertedAt: null },
  };
  expect(rated({ prices, agreement, month: '2026-02-10T00:00:00Z' })).toEqual([]);
});
