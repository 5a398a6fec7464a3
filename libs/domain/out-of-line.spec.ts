import { describe, expect, it } from 'vitest';
import { median, outOfLine, type Bounds } from './out-of-line.ts';

const BOUNDS: Bounds = { percent: 200, least: 100n, above: null };
const verdict = (total: bigint, earlier: bigint[], bounds: Partial<Bounds> = {}, currency = 'usd') =>
  outOfLine(total, earlier, currency, { ...BOUNDS, ...bounds });

describe('a month that is out of line', () => {
  it('is one above three times the median of the months before, or below a third', () => {
    const earlier = [100_00n, 120_00n, 110_00n];
    expect(verdict(330_00n, earlier)).toBeNull();
    expect(verdict(330_01n, earlier)).toEqual({ cause: 'above_usual', usual: 110_00n });
    const large = [9_000_00n, 9_000_00n, 9_000_00n];
    expect(verdict(3_000_00n, large)).toBeNull();
    expect(verdict(2_999_99n, large)).toEqual({ cause: 'below_usual', usual: 9_000_00n });
    expect(verdict(0n, large)).toEqual({ cause: 'below_usual', usual: 9_000_00n });
  });

  it('is not one that differs by less than a hundred dollars, whatever the factor', () => {
    expect(verdict(10_00n, [1_00n, 1_00n, 1_00n])).toBeNull();
    expect(verdict(100_99n, [1_00n, 1_00n, 1_00n])).toBeNull();
    expect(verdict(101_00n, [1_00n, 1_00n, 1_00n])).toEqual({ cause: 'above_usual', usual: 1_00n });
    expect(verdict(101n, [1n, 1n, 1n], {}, 'jpy')).toEqual({ cause: 'above_usual', usual: 1n });
  });

  it('is none while there are fewer than three months to compare with', () => {
    expect(verdict(1_000_000_00n, [1_00n, 1_00n])).toBeNull();
  });

  it('looks back at six months, not further', () => {
    const grown = [900_00n, 900_00n, 900_00n, 900_00n, 900_00n, 900_00n, 1_00n, 1_00n, 1_00n, 1_00n, 1_00n, 1_00n, 1_00n];
    expect(verdict(1_000_00n, grown)).toBeNull();
  });

  it('is any above the limit, also the first', () => {
    expect(verdict(50_000_00n, [], { above: 50_000n })).toBeNull();
    expect(verdict(50_000_01n, [], { above: 50_000n })).toEqual({ cause: 'above_limit', usual: null });
  });

  it('takes the mean of the middle two of an even count, and has no median of nothing', () => {
    expect(median([3n, 1n, 2n])).toBe(2n);
    expect(median([1n, 4n, 2n, 100n])).toBe(3n);
    expect(median([1n, 2n])).toBe(2n);
    expect(() => median([])).toThrow(RangeError);
  });
});
