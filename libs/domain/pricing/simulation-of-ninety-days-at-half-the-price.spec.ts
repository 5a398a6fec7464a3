/** Acme thinks of another price for users: what the last 90 days would have cost Globex at it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRate } from '#domain/money.ts';
import { agreementOf, metered, priceOf, tiers, used, versionOf } from '#testing/prices.ts';
import type { DailyUsage, Price, PriceVersion } from './price.ts';
import { monthsIn, simulate, windowBefore } from './simulation.ts';

const NOW = new Date('2026-04-10T13:00:00Z');
const window = windowBefore(NOW);

function run(
  versions: PriceVersion[],
  proposed: PriceVersion,
  usage: DailyUsage[],
  startedAt = '2025-11-20T09:00:00Z',
): string[] {
  const agreement = { ...agreementOf(), startedAt: new Date(startedAt) };
  const months = monthsIn(agreement, window).map((span) => ({ span, usedBefore: () => 0n, infrastructure: null }));
  return simulate({ agreement, months, usage, versions, proposed }).map(
    ({ dimension, quantity, before, after }) => `${dimension} ${quantity}: ${before} → ${after}`,
  );
}
const at = (prices: Price[], minimum: string | null = null, from = '2025-01-01T00:00:00Z'): PriceVersion =>
  versionOf(`from ${from}`, from, prices, minimum);
const usage = [used('2026-01-15', 'users', 10n), used('2026-02-15', 'users', 20n), used('2026-04-09', 'users', 30n)];

describe('a simulation', () => {
  it('is of ninety whole days, month by month', () => {
    expect(window).toEqual({ from: new Date('2026-01-10T00:00:00Z'), to: new Date('2026-04-10T00:00:00Z') });
    const days = monthsIn({ startedAt: new Date('2026-02-03T09:00:00Z'), endedAt: new Date('2026-03-05T00:00:00Z') }, window);
    expect(days.map(({ from, to }) => `${from.toISOString()} ${to.toISOString()}`)).toEqual([
      '2026-02-03T09:00:00.000Z 2026-03-01T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z 2026-04-01T00:00:00.000Z',
    ]);
    expect(monthsIn({ startedAt: new Date('2025-01-01T00:00:00Z'), endedAt: new Date('2025-12-01T00:00:00Z') }, window)).toEqual(
      [],
    );
  });

  it('has each month at its price, and at the proposed one', () => {
    const versions = [at([metered('users', '1')]), at([metered('users', '2')], null, '2026-02-01T00:00:00Z')];
    expect(run(versions, at([metered('users', '0.5')]), usage)).toEqual(['users 60: 11000 → 3000']);
  });

  it('has tiers and free units of each month', () => {
    const stepped = priceOf('users', { model: 'graduated', tiers: tiers(['15', '1'], [null, '0.1']), included: 5n });
    // 5 × 1; 15 × 1; 15 × 1 + 10 × 0.1.
    expect(run([at([metered('users', '1')])], at([stepped]), usage)).toEqual(['users 60: 6000 → 3600']);
  });

  it('has what is short of a minimum, for the part of a month that it is of', () => {
    const lines = run([at([metered('users', '1')])], at([metered('users', '1')], '31'), [used('2026-01-15', 'users', 10n)]);
    // 22 of the 31 days of January, less 10; February and March; 9 of 30 days of April.
    expect(lines).toEqual(['minimum_spend 0: 0 → 8330', 'users 10: 1000 → 1000']);
  });

  it('comes to the same at the same price, whatever was used', () => {
    const price = priceOf('users', { model: 'volume', tiers: tiers(['100', '0.333'], [null, '0.1', '7']), included: 3n });
    const fees = [price, priceOf('fee', { model: 'monthly', rate: parseRate('17.77') })];
    const day = fc.constantFrom('2026-01-10', '2026-01-31', '2026-02-28', '2026-03-01', '2026-04-09');
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(day, fc.bigInt(0n, 500n)), { selector: ([own]) => own }), (some) => {
        const days = some.map(([own, quantity]) => used(own, 'users', quantity));
        for (const line of run([at(fees)], at(fees), days)) {
          const [before, after] = line.split(': ')[1]!.split(' → ');
          expect(after).toBe(before);
        }
      }),
    );
  });
});
