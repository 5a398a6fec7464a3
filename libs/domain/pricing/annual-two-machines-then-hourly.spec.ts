/** Globex pays two large machines for a year: on days with more of them the rest is charged by the hour, and so is all after the year. */
import { expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { amounts, parts, priceOf, rated, used, versionOf } from '#testing/prices.ts';
import { coveredOn } from './annual.ts';
import type { Commitment } from './commitment.ts';

const prices = (increment: 'hour' | 'second' = 'hour') => [
  priceOf(
    increment === 'hour' ? 'hours.m5.large' : 'running_seconds.m5.large',
    { model: 'hourly', instanceType: 'm5.large', rate: parseRate('0.5'), increment, minimumSeconds: 0, included: 0n },
    'hour',
  ),
  priceOf('annual.m5.large', { model: 'annual', instanceType: 'm5.large', rate: parseRate('2000') }, 'machine'),
];
const commitment = (given: Partial<Commitment> = {}): Commitment => ({
  id: 'c1',
  dimension: 'annual.m5.large',
  quantity: 2n,
  priceVersionId: 'v1',
  months: 12,
  startsAt: new Date('2026-01-05T09:20:00Z'),
  endsAt: new Date('2027-01-05T09:20:00Z'),
  renews: false,
  renewalStoppedAt: null,
  ...given,
});
const versions = [versionOf('v1', '2026-01-01T00:00:00Z', prices())];
const month = (usage: Array<[day: string, hours: bigint]>, given: Partial<Commitment> = {}) =>
  rated({
    versions,
    usage: usage.map(([day, hours]) => used(day, 'hours.m5.large', hours)),
    month: usage[0]![0],
    agreement: { commitments: [commitment(given)] },
  });

it('charges the year when it begins, and by the hour only what runs beyond it on a day', () => {
  const charges = month([
    ['2026-01-06', 48n],
    ['2026-01-07', 50n],
    ['2026-01-08', 10n],
  ]);
  // A quiet day does not make up for a busy one.
  expect(amounts(charges)).toEqual(['annual.m5.large 2: 4000', 'hours.m5.large 108: 1']);
  expect(parts(charges)).toEqual(['machine × 2, 12 months: 1 × 4000', 'paid for the year: 106 × 0', ': 2 × 0.5']);
});

it('covers the hours of its first and its last day that it was paid for, each begun one', () => {
  // From 09:20 on: the hours from 9 to 23, of two machines.
  expect(amounts(month([['2026-01-05', 48n]]))).toEqual(['annual.m5.large 2: 4000', 'hours.m5.large 48: 9']);
  // Until 09:20: the hours from 0 to 9.
  expect(amounts(month([['2027-01-05', 48n]]))).toEqual(['hours.m5.large 48: 14']);
});

it('charges all by the hour when the year is over, and nothing when it renews itself', () => {
  expect(amounts(month([['2027-01-06', 48n]]))).toEqual(['hours.m5.large 48: 24']);
  expect(amounts(month([['2027-01-06', 48n]], { renews: true }))).toEqual(['annual.m5.large 2: 4000', 'hours.m5.large 48: 0']);
  const stopped = { renews: true, renewalStoppedAt: new Date('2026-06-01T00:00:00Z') };
  expect(amounts(month([['2027-01-06', 48n]], stopped))).toEqual(['hours.m5.large 48: 24']);
});

it('covers a day once where one year follows another in it', () => {
  const terms = [
    { index: 0, from: new Date('2026-01-05T09:20:00Z'), to: new Date('2027-01-05T09:20:00Z'), isFull: true },
    { index: 1, from: new Date('2027-01-05T09:20:00Z'), to: new Date('2028-01-05T09:20:00Z'), isFull: true },
  ];
  expect(coveredOn([{ quantity: 1n, terms }], '2027-01-05', 'hour')).toBe(24n);
  expect(coveredOn([{ quantity: 3n, terms }], '2027-01-05', 'second')).toBe(3n * 86_400n);
  expect(coveredOn([{ quantity: 1n, terms }], '2026-01-04', 'hour')).toBe(0n);
});

it('covers seconds to the second', () => {
  const charges = rated({
    versions: [versionOf('v1', '2026-01-01T00:00:00Z', prices('second'))],
    usage: [used('2026-01-06', 'running_seconds.m5.large', 180_000n)],
    agreement: { commitments: [commitment()] },
  });
  // 172,800 of them are covered; 7,200 at 0.5 an hour are 1.
  expect(amounts(charges)).toEqual(['annual.m5.large 2: 4000', 'running_seconds.m5.large 180000: 1']);
});
