/** Whose a charge is: two of Globex's machines scan, one for its shop, and a fee is nobody's. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRate, parseRate } from '#domain/money.ts';
import { metered, priceOf, tiers, versionOf } from '#testing/prices.ts';
import { byTag, dueOf, missingSpend, partsOf, type AttributedUsage, type UsedBy } from './attribution.ts';
import type { Price, RatedCharge } from './price.ts';
import { ratePeriod } from './rate-period.ts';

const scans = (...by: UsedBy[]): AttributedUsage => ({
  day: '2026-01-06',
  dimension: 'scans',
  quantity: by.reduce((sum, { quantity }) => sum + quantity, 0n),
  by,
});
const by = (instanceId: string | null, quantity: bigint, tags: Record<string, string> = {}): UsedBy => ({
  instanceId,
  tags,
  quantity,
});

function rated(prices: Price[], usage: AttributedUsage[], minimumSpend: string | null = null): RatedCharge<AttributedUsage>[] {
  return ratePeriod({
    period: { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') },
    agreement: { startedAt: new Date('2026-01-01T00:00:00Z'), endedAt: null, currency: 'usd', trial: null, commitments: [] },
    versions: [versionOf('1', '2026-01-01T00:00:00Z', prices, minimumSpend)],
    usage,
    usedBefore: () => 0n,
    infrastructure: null,
  });
}
const parts = (charges: RatedCharge<AttributedUsage>[]): string[] =>
  charges.flatMap(partsOf).map(({ instanceId, amount }) => `${instanceId}: ${formatRate(amount)}`);

describe('a charge', () => {
  it('is borne by machines as they used, whoever filled the cheaper tier', () => {
    const price = priceOf('scans', { model: 'graduated', tiers: tiers(['100', '1'], [null, '0.5']), included: 0n });
    expect(parts(rated([price], [scans(by('a', 150n), by('b', 50n))]))).toEqual(['a: 112.5', 'b: 37.5']);
  });

  it('is nobody’s where no machine stands for it', () => {
    expect(parts(rated([priceOf('fee', { model: 'flat', rate: parseRate('10') })], []))).toEqual(['null: 10']);
    expect(parts(rated([metered('scans', '1')], [scans(by(null, 3n))]))).toEqual(['null: 3']);
  });

  it('is less for all where somebody corrected the sum', () => {
    expect(parts(rated([metered('scans', '1')], [scans(by('a', 6n), by('b', 3n), by(null, -3n))]))).toEqual(['a: 4', 'b: 2']);
  });

  it('is of tags as the use was, and what has none is said', () => {
    const [charge] = rated([metered('scans', '1')], [scans(by('a', 2n, { team: 'shop' }), by('a', 1n), by('b', 4n))]);
    expect(byTag(partsOf(charge!)).map(({ key, value, amount }) => `${key} ${value}: ${formatRate(amount)}`)).toEqual([
      'team shop: 2',
      'team null: 5',
    ]);
  });

  it('is divided into parts that sum to the whole, by machine and by tag, for any use', () => {
    const user = fc.record({
      instanceId: fc.constantFrom('a', 'b', 'c', null),
      quantity: fc.bigInt(0n, 1_000_000n),
      tags: fc.constantFrom<Record<string, string>>({}, { team: 'shop' }, { team: 'lab', stage: 'test' }),
    });
    fc.assert(
      fc.property(
        fc.array(user, { maxLength: 20 }),
        fc.bigInt(1n, 10n ** 14n),
        fc.bigInt(1n, 7_200n),
        (users, amount, unitSize) => {
          const [charge] = rated([metered('scans', '1')], [scans(...users)]);
          const own = { ...charge!, amount, unitSize };
          const sum = (some: ReadonlyArray<{ amount: bigint }>): bigint => some.reduce((total, part) => total + part.amount, 0n);
          expect(sum(partsOf(own))).toBe(dueOf(own));
          const tags = byTag(partsOf(own));
          for (const key of new Set(tags.map((tag) => tag.key)))
            expect(sum(tags.filter((tag) => tag.key === key))).toBe(dueOf(own));
        },
      ),
    );
  });
});

it('says what is short of a minimum spend, and nothing once it is reached', () => {
  expect(formatRate(missingSpend(rated([metered('scans', '1')], [scans(by('a', 30n))], '100')))).toBe('70');
  expect(missingSpend(rated([metered('scans', '1')], [scans(by('a', 130n))], '100'))).toBe(0n);
  expect(missingSpend(rated([metered('scans', '1')], []))).toBe(0n);
});
