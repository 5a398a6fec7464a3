/** Parts always sum to the whole, for any amount and any weights. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, splitLine } from './split.ts';

const amount = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 12 })
  .filter((all) => all.some((weight) => weight > 0n));

describe('split', () => {
  it('gives fee and vendor share that are the line, the fee within it', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 10_000 }), (line, points) => {
        const { fee, vendor } = splitLine(line, points);
        const within = line >= 0n ? fee >= 0n && fee <= line : fee <= 0n && fee >= line;
        return fee + vendor === line && within;
      }),
      { numRuns: 100_000 },
    );
  });

  it('allocates all of a total, each part within one of its exact share, and mirrors a negative total', () => {
    fc.assert(
      fc.property(amount, weights, (total, by) => {
        const parts = allocate(total, by);
        const whole = by.reduce((all, weight) => all + weight, 0n);
        const near = parts.every((part, index) => {
          const off = part * whole - total * by[index]!;
          return (off < 0n ? -off : off) < whole;
        });
        const mirrored = allocate(-total, by).every((part, index) => part === -parts[index]!);
        return parts.reduce((all, part) => all + part, 0n) === total && near && mirrored;
      }),
      { numRuns: 100_000 },
    );
  });

  it('gives ties to the earlier part, and divides nothing by nothing', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(allocate(0n, [0n, 0n])).toEqual([0n, 0n]);
    expect(() => allocate(1n, [0n])).toThrow('nothing to divide by');
  });
});
