/** Globex agreed to spend 100.00 a month: what is short of it is a line, after discounts and after rounding. */
import { expect, it } from 'vitest';
import { linesOf, type LineRules } from '../invoice.ts';
import { parseRate } from '../money.ts';
import { metered, priceOf, rated, used, versionOf } from '#testing/prices.ts';
import { trueUp } from './minimum-spend.ts';
import { countsAsSpend, MINIMUM_SPEND, type RatedCharge } from './price.ts';

type Charge = RatedCharge & { currency: string };
const rules: LineRules<Charge> = {
  segmentOf: (charge) => (charge.isSegment ? charge.dimension : null),
  minimumOf: (charge) => (charge.model === MINIMUM_SPEND ? 'january' : null),
  countsTowards: (charge) => (countsAsSpend(charge.model) ? 'january' : null),
};
const invoiced = (charges: RatedCharge[], more: LineRules<Charge> = {}) =>
  linesOf(
    charges.map((charge) => ({ ...charge, currency: 'usd' })),
    2000,
    { ...rules, ...more },
  );
const january = (users: bigint) =>
  rated({
    usage: [used('2026-01-02', 'users', users)],
    versions: [versionOf('v1', '2026-01-01T00:00:00Z', [metered('users', '1.005')], '100')],
  });

it('asks for what is missing', () => {
  const { lines, totalMinor } = invoiced(january(60n));
  expect(lines.map((line) => [line.charge.dimension, line.amountMinor])).toEqual([
    ['users', 6030n],
    ['minimum_spend', 3970n],
  ]);
  expect(totalMinor).toBe(10_000n);
});

it('asks for nothing when enough was used, and for all of it when nothing was', () => {
  expect(invoiced(january(200n)).lines[1]!.amountMinor).toBe(0n);
  expect(invoiced(rated({ versions: [versionOf('v1', '2026-01-01T00:00:00Z', [], '100')] })).totalMinor).toBe(10_000n);
});

it('comes after coupons: what they take off is not spent', () => {
  const coupon = { id: 'k', code: 'HALF', off: { basisPoints: 5_000n }, dimension: null };
  const { lines, totalMinor } = invoiced(january(120n), { coupons: [{ coupon, isFor: () => true }] });
  expect(lines.map((line) => line.amountMinor)).toEqual([6030n, 3970n]);
  expect(totalMinor).toBe(10_000n);
});

it('counts usage, not fees', () => {
  const prices = [metered('users', '1'), priceOf('setup', { model: 'one_time', rate: parseRate('500') }, 'set-up')];
  const charges = rated({
    usage: [used('2026-01-02', 'users', 40n)],
    versions: [versionOf('v1', '2026-01-01T00:00:00Z', prices, '100')],
  });
  expect(invoiced(charges).lines.map((line) => [line.charge.dimension, line.amountMinor])).toEqual([
    ['setup', 50_000n],
    ['users', 4000n],
    ['minimum_spend', 6000n],
  ]);
});

it('is a part of itself in a part of a month, and two lines where it changes', () => {
  const half = { startedAt: new Date('2026-01-16T12:00:00Z') };
  const short = rated({ agreement: half, versions: [versionOf('v1', '2026-01-01T00:00:00Z', [], '100')] });
  expect(invoiced(short).totalMinor).toBe(5000n);
  const changed = rated({
    versions: [versionOf('v1', '2026-01-01T00:00:00Z', [], '100'), versionOf('v2', '2026-01-16T00:00:00Z', [], '50')],
  });
  const { lines, totalMinor } = invoiced(changed);
  expect(lines.map((line) => line.amountMinor)).toEqual([4839n, 2580n]);
  expect(totalMinor).toBe(7419n);
});

it('gives back what it asked for too much when more usage of its month is found later', () => {
  const late = january(10n);
  const soFar = () => ({ spent: 6030n, trueUp: 3970n });
  expect(invoiced(late, { soFar }).lines.map((line) => line.amountMinor)).toEqual([1005n, -1005n]);
});

it('is never below zero', () => {
  expect(trueUp(100n, 30n)).toBe(70n);
  expect(trueUp(100n, 130n)).toBe(0n);
});
