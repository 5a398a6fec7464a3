/** What expires first pays first, and credit never pays more than is due (docs/MONEY.md R7). */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { useCredits, type Credit } from './credit.ts';

const now = new Date('2026-02-01T06:00:00Z');
const credit = (id: string, left: bigint, expiresAt: string | null = null, createdAt = '2026-01-01'): Credit => ({
  id,
  left,
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
  createdAt: new Date(createdAt),
});

it('uses what expires first, then the oldest, and leaves the rest', () => {
  const credits = [
    credit('gift', 100n),
    credit('older', 100n, null, '2025-01-01'),
    credit('summer', 50n, '2026-09-01'),
    credit('spring', 30n, '2026-03-01'),
  ];
  expect(useCredits(200n, credits, now)).toEqual([
    { id: 'spring', amount: 30n },
    { id: 'summer', amount: 50n },
    { id: 'older', amount: 100n },
    { id: 'gift', amount: 20n },
  ]);
});

it('does not use what has expired, or is used up', () => {
  expect(useCredits(10n, [credit('gone', 5n, '2026-02-01T06:00:00Z'), credit('empty', 0n)], now)).toEqual([]);
  expect(useCredits(0n, [credit('gift', 5n)], now)).toEqual([]);
});

it('pays all that it can, and no more', () => {
  const some = fc.array(
    fc.record({ left: fc.bigInt({ min: 0n, max: 1000n }), days: fc.option(fc.integer({ min: -10, max: 300 })) }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(some, fc.bigInt({ min: 0n, max: 5000n }), (given, due) => {
      const credits = given.map(({ left, days }, index) => ({
        ...credit(`c${index}`, left),
        expiresAt: days === null ? null : new Date(now.getTime() + days * 86_400_000),
      }));
      const usable = credits
        .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
        .reduce((sum, { left }) => sum + left, 0n);
      const uses = useCredits(due, credits, now);
      expect(uses.reduce((sum, { amount }) => sum + amount, 0n)).toBe(usable < due ? usable : due);
      expect(uses.every(({ id, amount }) => amount > 0n && amount <= credits.find((each) => each.id === id)!.left)).toBe(true);
    }),
  );
});
