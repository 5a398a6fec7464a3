/** Partial refunds of odd amounts in every order: the parts are the whole, and the end is the same. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refundable, returnOf, type RefundableLine, type ReturnedPart } from './refund.ts';
import { splitLine } from './split.ts';

const lineOf = (amount: bigint, points: number, lineId = 'l'): RefundableLine => ({
  lineId,
  amount,
  fee: splitLine(amount, points).fee,
  returned: { amount: 0n, fee: 0n },
});

const after = (lines: RefundableLine[], parts: ReturnedPart[]): RefundableLine[] =>
  lines.map((line) => {
    const part = parts.find((each) => each.lineId === line.lineId);
    const returned = { amount: line.returned.amount + (part?.amount ?? 0n), fee: line.returned.fee + (part?.fee ?? 0n) };
    return { ...line, returned };
  });

/** Gives back the amounts in turn. @returns the parts of each */
function inTurn(lines: RefundableLine[], amounts: bigint[]): { parts: ReturnedPart[][]; lines: RefundableLine[] } {
  let left = lines;
  const parts = amounts.map((amount) => {
    const own = returnOf(left, amount);
    left = after(left, own);
    return own;
  });
  return { parts, lines: left };
}

const permutations = <T>(items: T[]): T[][] =>
  items.length < 2
    ? [items]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

const fees = (parts: ReturnedPart[][]): bigint => parts.flat().reduce((sum, part) => sum + part.fee, 0n);
const vendors = (parts: ReturnedPart[][]): bigint => parts.flat().reduce((sum, part) => sum + part.vendor, 0n);

describe('a refund', () => {
  it('gives back fee and share of 38.63 in thirds as it took them', () => {
    const { parts } = inTurn([lineOf(3863n, 2000)], [1287n, 1287n, 1289n]);
    expect(parts.flat().map(({ fee, vendor }) => [fee, vendor])).toEqual([
      [258n, 1029n],
      [257n, 1030n],
      [258n, 1031n],
    ]);
    expect([fees(parts), vendors(parts)]).toEqual([773n, 3090n]);
  });

  it('comes to the same in every order of 1 cent, 1 %, 33 % and the rest, of any odd amount and fee', () => {
    const odd = fc.bigInt({ min: 100n, max: 10n ** 9n }).map((half) => 2n * half + 1n);
    fc.assert(
      fc.property(odd, fc.integer({ min: 0, max: 10_000 }), (total, points) => {
        const line = lineOf(total, points);
        const some = [1n, total / 100n, total / 3n];
        const amounts = [...some, total - some.reduce((sum, each) => sum + each, 0n)];
        return permutations(amounts).every((order) => {
          const { parts, lines } = inTurn([line], order);
          return (
            fees(parts) === line.fee &&
            vendors(parts) === total - line.fee &&
            refundable(lines) === 0n &&
            parts.flat().every((part) => part.fee + part.vendor === part.amount && part.fee >= 0n && part.vendor >= 0n)
          );
        });
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order before it is whole either: a line that went back as far has given back the same', () => {
    const many = fc.array(fc.bigInt({ min: 1n, max: 10n ** 6n }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(many, fc.integer({ min: 0, max: 10_000 }), (amounts, points) => {
        const line = lineOf(amounts.reduce((sum, each) => sum + each, 0n) + 17n, points);
        const ends = permutations(amounts).map((order) => fees(inTurn([line], order).parts));
        return new Set(ends).size === 1;
      }),
      { numRuns: 200 },
    );
  });

  it('is divided over the lines of an invoice, no line giving back more than it has, and ends with all of each', () => {
    const line = fc.record({ net: fc.bigInt({ min: -500n, max: 10n ** 6n }), points: fc.integer({ min: 0, max: 10_000 }) });
    const percents = fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), percents, (given, asked) => {
        let lines = given.map(({ net, points }, index) => lineOf(net, points, `l${index}`));
        fc.pre(refundable(lines) > 0n);
        for (const percent of asked) {
          const amount = (refundable(lines) * BigInt(percent)) / 100n;
          if (amount <= 0n) continue;
          const parts = returnOf(lines, amount);
          expect(parts.reduce((sum, part) => sum + part.amount, 0n)).toBe(amount);
          lines = after(lines, parts);
          expect(lines.every((each) => (each.amount >= 0n ? each.returned.amount <= each.amount : true))).toBe(true);
        }
        lines = after(lines, returnOf(lines, refundable(lines)));
        expect(lines.every((each) => each.returned.amount === each.amount && each.returned.fee === each.fee)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is never more than there is, nor nothing', () => {
    const lines = [lineOf(100n, 2000)];
    for (const amount of [0n, -1n, 101n]) expect(() => returnOf(lines, amount)).toThrow(RangeError);
    expect(() => returnOf(inTurn(lines, [40n]).lines, 61n)).toThrow(RangeError);
  });
});
