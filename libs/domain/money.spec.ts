/** Money is exact: decimals go in and out unchanged, rounding is half away from zero and symmetric, and happens once. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfUp, exponentOf, formatMinor, formatRate, parseRate, RATE_DECIMALS, toMinor } from './money.ts';

const anyRate = fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n });

describe('money', () => {
  it('reads back every rate it writes', () => {
    fc.assert(
      fc.property(anyRate, (rate) => parseRate(formatRate(rate)) === rate),
      { numRuns: 10_000 },
    );
  });

  it('refuses what is not a plain decimal of at most twelve places', () => {
    for (const text of ['', '1e3', '1.', '.5', '0x10', '1,5', ' 1', '0.0000000000001', 'NaN', '--1'])
      expect(() => parseRate(text), text).toThrow('not a decimal');
    expect(parseRate('0.000000000001')).toBe(1n);
  });

  it('rounds half away from zero, alike on both sides', () => {
    for (const [text, cents] of [
      ['0.005', 1n],
      ['0.0049', 0n],
      ['-0.005', -1n],
      ['1.004999999999', 100n],
      ['1.005', 101n],
    ] as const) {
      expect(toMinor(parseRate(text), 'usd'), text).toBe(cents);
    }
    fc.assert(
      fc.property(anyRate, fc.bigInt({ min: 1n, max: 10n ** 12n }), (n, d) => divideHalfUp(-n, d) === -divideHalfUp(n, d)),
      { numRuns: 10_000 },
    );
  });

  it('is never off by more than half a minor unit', () => {
    fc.assert(
      fc.property(anyRate, fc.constantFrom('usd', 'jpy', 'kwd'), (rate, currency) => {
        const unit = 10n ** BigInt(RATE_DECIMALS - exponentOf(currency));
        const error = toMinor(rate, currency) * unit - rate;
        return 2n * (error < 0n ? -error : error) <= unit;
      }),
      { numRuns: 10_000 },
    );
  });

  it('knows currencies without cents and with three decimals (ISO 4217)', () => {
    const amount = parseRate('1234.5678');
    expect([
      formatMinor(toMinor(amount, 'usd'), 'usd'),
      formatMinor(toMinor(amount, 'jpy'), 'jpy'),
      formatMinor(toMinor(amount, 'kwd'), 'kwd'),
    ]).toEqual(['1234.57 USD', '1235 JPY', '1234.568 KWD']);
    expect(formatMinor(-5n, 'usd')).toBe('-0.05 USD');
  });
});
