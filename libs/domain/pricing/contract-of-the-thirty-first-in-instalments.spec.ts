/** Contracts of months and years, paid at once or in parts, from a 31st on, renewed, and added to. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRate, toMinor } from '../money.ts';
import { amounts, minors, parts, priceOf, rated, versionOf } from '#testing/prices.ts';
import { instalmentsOf, termsOf, type Commitment, type Term } from './commitment.ts';
import { equalInstalments, wrongSchedule } from './contract.ts';
import { addMonths } from '../period.ts';
import type { ContractOption } from './price.ts';

const option = (months: number, rate: string, instalments: ContractOption['instalments'] = null): ContractOption => ({
  months,
  rate: parseRate(rate),
  instalments,
});
const contract = (...options: ContractOption[]) => priceOf('seats', { model: 'contract', options }, 'seat');
const commitment = (given: Partial<Commitment> = {}): Commitment => {
  const startsAt = given.startsAt ?? new Date('2026-01-31T10:00:00Z');
  const months = given.months ?? 12;
  return {
    id: 'c1',
    dimension: 'seats',
    quantity: 3n,
    priceVersionId: 'v1',
    months,
    startsAt,
    endsAt: addMonths(startsAt, months),
    renews: false,
    renewalStoppedAt: null,
    ...given,
  };
};
const month = (
  at: string,
  {
    options,
    committed = {},
    endedAt = null,
  }: { options: ContractOption[]; committed?: Partial<Commitment>; endedAt?: Date | null },
) =>
  rated({
    month: at,
    versions: [versionOf('v1', '2026-01-01T00:00:00Z', [contract(...options)])],
    agreement: { endedAt, commitments: [commitment(committed)] },
  });
const ends = (terms: Term[]): string[] => terms.map((term) => term.to.toISOString().slice(0, 10));

it('charges the whole term in the month that it begins in', () => {
  const options = [option(12, '100'), option(36, '250')];
  expect(amounts(month('2026-01-01', { options }))).toEqual(['seats 3: 300']);
  expect(amounts(month('2026-01-01', { options, committed: { months: 36 } }))).toEqual(['seats 3: 750']);
  expect(month('2026-02-01', { options })).toEqual([]);
});

it('divides a price that does not divide, and loses no cent', () => {
  const options = [option(12, '33.33', equalInstalments(12))];
  const due = Array.from(
    { length: 12 },
    (_, index) => minors(month(addMonths(new Date('2026-01-01T00:00:00Z'), index).toISOString(), { options }))[0]!,
  );
  // 99.99 in twelve parts: three of 8.34, nine of 8.33.
  expect(due).toEqual([834n, 834n, 834n, 833n, 833n, 833n, 833n, 833n, 833n, 833n, 833n, 833n]);
  expect(parts(month('2026-03-01', { options }))).toEqual(['seat × 3, 12 months, 3 of 12: 1 × 8.34']);
});

it('keeps to the 31st: a part is due on the last day of months that have none', () => {
  const [term] = termsOf(commitment(), { until: new Date('2027-01-01T00:00:00Z'), endedAt: null });
  const due = instalmentsOf(commitment(), term!, { ...option(12, '100', equalInstalments(12)), currency: 'usd' });
  expect(due.slice(0, 4).map(({ dueAt }) => dueAt.toISOString().slice(0, 10))).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
  ]);
});

it('renews itself month by month without sliding off the 31st, until that is stopped', () => {
  const monthly = commitment({ months: 1, renews: true });
  const until = new Date('2026-06-15T00:00:00Z');
  expect(ends(termsOf(monthly, { until, endedAt: null }))).toEqual([
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
    '2026-05-31',
    '2026-06-30',
  ]);
  const stopped = { ...monthly, renewalStoppedAt: new Date('2026-03-10T00:00:00Z') };
  expect(ends(termsOf(stopped, { until, endedAt: null }))).toEqual(['2026-02-28', '2026-03-31']);
  expect(ends(termsOf(monthly, { until, endedAt: new Date('2026-03-01T00:00:00Z') }))).toEqual(['2026-02-28', '2026-03-31']);
});

it('charges a renewed term at the price that is in force when it begins', () => {
  const versions = [
    versionOf('v1', '2026-01-01T00:00:00Z', [contract(option(1, '10'))]),
    versionOf('v2', '2026-02-01T00:00:00Z', [contract(option(1, '9'))]),
  ];
  const agreement = { commitments: [commitment({ months: 1, renews: true })] };
  expect(amounts(rated({ versions, agreement }))).toEqual(['seats 3: 30']);
  expect(amounts(rated({ versions, agreement, month: '2026-02-01T00:00:00Z' }))).toEqual(['seats 3: 27']);
});

it('asks for no part that is due after the end of the agreement', () => {
  const options = [option(12, '120', equalInstalments(12))];
  const endedAt = new Date('2026-03-15T00:00:00Z');
  expect(amounts(month('2026-02-01', { options, endedAt }))).toEqual(['seats 3: 30']);
  expect(month('2026-03-01', { options, endedAt })).toEqual([]);
});

it('charges seats that are added later for the rest of the term, by the second', () => {
  // Half a year of 365 days is left, less a few days.
  const added = commitment({
    id: 'c2',
    quantity: 1n,
    startsAt: new Date('2026-08-01T10:00:00Z'),
    endsAt: new Date('2027-01-31T10:00:00Z'),
  });
  const versions = [versionOf('v1', '2026-01-01T00:00:00Z', [contract(option(12, '365'))])];
  expect(amounts(rated({ versions, month: '2026-08-01T00:00:00Z', agreement: { commitments: [added] } }))).toEqual([
    'seats 1: 183',
  ]);
});

it('sums to the price of the term for any price, number and schedule, in every currency', () => {
  const schedule = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 60 })
    .map((shares) => [...shares, 1n]);
  fc.assert(
    fc.property(
      schedule,
      fc.bigInt({ min: 0n, max: 10n ** 18n }),
      fc.bigInt({ min: 1n, max: 10_000n }),
      fc.constantFrom('usd', 'jpy', 'kwd'),
      (shares, rate, quantity, currency) => {
        const committed = commitment({ quantity, months: 36 });
        const [term] = termsOf(committed, { until: new Date('2026-02-01T00:00:00Z'), endedAt: null });
        const instalments = shares.map((share, index) => ({ afterMonths: Math.min(index, 35), share }));
        const due = instalmentsOf(committed, term!, { rate, instalments, currency });
        expect(due.reduce((sum, part) => sum + part.amount, 0n)).toBe(toMinor(rate * quantity, currency));
        expect(due.every((part) => part.amount >= 0n && part.dueAt >= term!.from && part.dueAt < term!.to)).toBe(true);
      },
    ),
  );
});

it('refuses schedules that cannot be kept', () => {
  const schedule = (...steps: Array<[number, string]>) =>
    steps.map(([afterMonths, share]) => ({ afterMonths, share: parseRate(share) }));
  const rate = parseRate('100');
  expect(wrongSchedule(schedule([0, '40'], [6, '60']), { months: 12, rate })).toBeUndefined();
  expect(wrongSchedule(schedule([0, '40'], [6, '50']), { months: 12, rate })).toMatch('sum to the price');
  expect(wrongSchedule(schedule([6, '40'], [0, '60']), { months: 12, rate })).toMatch('order');
  expect(wrongSchedule(schedule([0, '40'], [12, '60']), { months: 12, rate })).toMatch('within the 12 months');
  expect(wrongSchedule([], { months: 12, rate })).toMatch('1 to 60');
  expect(wrongSchedule(equalInstalments(61), { months: 72, rate: null })).toMatch('1 to 60');
});
