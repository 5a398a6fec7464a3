/** Usage that is found after its month was billed costs what it would have cost then, less what was billed. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatRate, parseRate } from '../money.ts';
import { amounts, metered, parts, priceOf, rated, tiers, used, versionOf } from '#testing/prices.ts';
import { lateCharges, type Billed } from './late.ts';
import type { DailyUsage, Price, RatedCharge } from './price.ts';

const asBilled = (charges: readonly RatedCharge[]): Billed[] =>
  charges.map((charge) => ({ ...charge, days: new Map(charge.usage.map(({ day, quantity }) => [day, quantity])) }));
const scans = priceOf('scans', { model: 'graduated', tiers: tiers(['100', '1'], [null, '0.5']), included: 0n });
const late = (price: Price, before: DailyUsage[], after: DailyUsage[]) =>
  lateCharges(rated({ usage: after, prices: [price] }), asBilled(rated({ usage: before, prices: [price] })));

it('charges late users at the price of their day, and names the day', () => {
  const charges = late(
    metered('users', '1.5'),
    [used('2026-01-02', 'users', 10n)],
    [used('2026-01-02', 'users', 12n), used('2026-01-03', 'users', 1n)],
  );
  expect(amounts(charges)).toEqual(['users 3: 4.5']);
  expect(charges[0]).toMatchObject({
    priceVersionId: 'v1',
    parts: [],
    usage: [
      { day: '2026-01-02', quantity: 2n },
      { day: '2026-01-03', quantity: 1n },
    ],
  });
});

it('charges late scans in the tier that they would have been in', () => {
  const charges = late(scans, [used('2026-01-02', 'scans', 95n)], [used('2026-01-02', 'scans', 105n)]);
  expect(amounts(charges)).toEqual(['scans 10: 7.5']);
  expect(parts(charges)).toEqual(['1–100: 100 × 1', '101 and more: 5 × 0.5', 'billed before: -1 × 95']);
});

it('gives back what was taken back, and all of it when all was', () => {
  expect(amounts(late(scans, [used('2026-01-02', 'scans', 105n)], [used('2026-01-02', 'scans', 95n)]))).toEqual([
    'scans -10: -7.5',
  ]);
  expect(amounts(late(scans, [used('2026-01-02', 'scans', 105n)], []))).toEqual(['scans -105: -102.5']);
});

it('is nothing when nothing came', () => {
  const usage = [used('2026-01-02', 'scans', 105n)];
  expect(late(scans, usage, usage)).toEqual([]);
});

it('says where units were moved from one day to another, though it costs nothing', () => {
  const charges = late(
    metered('users', '1'),
    [used('2026-01-02', 'users', 5n)],
    [used('2026-01-02', 'users', 2n), used('2026-01-03', 'users', 3n)],
  );
  expect(amounts(charges)).toEqual(['users 0: 0']);
});

it('looks at the month’s minimum again when usage of it comes, and only then', () => {
  const versions = [versionOf('v1', '2026-01-01T00:00:00Z', [metered('users', '1')], '100')];
  const before = asBilled(rated({ versions, usage: [used('2026-01-02', 'users', 5n)] }));
  const more = lateCharges(rated({ versions, usage: [used('2026-01-02', 'users', 6n)] }), before);
  expect(more.map((charge) => [charge.dimension, formatRate(charge.amount / charge.unitSize)])).toEqual([
    ['users', '1'],
    ['minimum_spend', '100'],
  ]);
  expect(lateCharges(rated({ versions, usage: [used('2026-01-02', 'users', 5n)] }), before)).toEqual([]);
});

it('adds up: however often usage is corrected, all charges together are what the month comes to', () => {
  const models = fc.constantFrom<Price>(
    metered('scans', '0.7', 20n),
    scans,
    priceOf('scans', { model: 'volume', tiers: tiers(['50', '1', '3'], [null, '0.5', '1']), included: 0n }),
    priceOf('scans', { model: 'package', size: 7n, rate: parseRate('2'), included: 3n }),
  );
  const days = fc.array(fc.bigInt({ min: 0n, max: 80n }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(models, fc.array(days, { minLength: 1, maxLength: 5 }), (price, states) => {
      const usageOf = (quantities: bigint[]) =>
        quantities.map((quantity, index) => used(`2026-01-0${index + 1}`, 'scans', quantity));
      let billed: Billed[] = [];
      for (const state of states) {
        for (const charge of lateCharges(rated({ usage: usageOf(state), prices: [price] }), billed)) {
          const [before] = billed;
          const sum = new Map(before?.days);
          for (const { day, quantity } of charge.usage) sum.set(day, (sum.get(day) ?? 0n) + quantity);
          billed = [
            {
              ...charge,
              quantity: (before?.quantity ?? 0n) + charge.quantity,
              amount: (before?.amount ?? 0n) + charge.amount,
              days: sum,
            },
          ];
        }
      }
      const [whole] = rated({ usage: usageOf(states.at(-1)!), prices: [price] });
      expect(billed[0]?.amount ?? 0n).toBe(whole!.amount);
      expect(billed[0]?.quantity ?? 0n).toBe(whole!.quantity);
    }),
  );
});
