/** A year cut into pieces: every piece gets what is right so far less what the pieces before got (docs/MONEY.md R11). */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRate, toMinor } from '../money.ts';
import { prorate, roundInTurn, secondsOf } from './proration.ts';

it('divides ten dollars over three thirds', () => {
  const thirds = prorate(parseRate('10'), { lengths: [1n, 1n, 1n], period: 3n, currency: 'usd' });
  expect(thirds).toEqual([333n, 334n, 333n]);
});

it('sums to the whole, never strays more than a unit from its own share, and mirrors below zero', () => {
  const lengths = fc.array(fc.bigInt({ min: 0n, max: 10n ** 7n }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(
      lengths,
      fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
      fc.constantFrom('usd', 'jpy', 'kwd'),
      (pieces, total, currency) => {
        const period = pieces.reduce((sum, piece) => sum + piece, 1n);
        const all = [...pieces, 1n];
        const parts = prorate(total, { lengths: all, period, currency });
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(toMinor(total, currency));
        for (const [index, part] of parts.entries()) {
          const own = toMinor(total * all[index]!, currency, period);
          expect(part >= own - 1n && part <= own + 1n).toBe(true);
        }
        expect(prorate(-total, { lengths: all, period, currency })).toEqual(parts.map((part) => -part));
      },
    ),
    { numRuns: 2_000 },
  );
});

it('rounds amounts in turn, whatever they are', () => {
  expect(roundInTurn([parseRate('0.004'), parseRate('0.004'), parseRate('0.004')], 1n, 'usd')).toEqual([0n, 1n, 0n]);
  expect(roundInTurn([], 1n, 'usd')).toEqual([]);
});

it('counts the second that an instant is in, so that neighbours tile time', () => {
  const at = (text: string): Date => new Date(`2026-01-01T${text}Z`);
  const [a, b, c] = [at('00:00:00.000'), at('00:00:10.700'), at('00:00:20.100')];
  expect(secondsOf({ from: a, to: b }) + secondsOf({ from: b, to: c })).toBe(secondsOf({ from: a, to: c }));
  expect(secondsOf({ from: c, to: a })).toBe(0n);
});
