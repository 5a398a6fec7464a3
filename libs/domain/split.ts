/** Who gets what of an amount. Parts always sum to the whole (docs/MONEY.md R5, R8). */
import { divideHalfUp, type Minor } from './money.ts';

const BASIS = 10_000n;

/**
 * The platform's fee and the vendor's rest of one invoice line, net of discounts.
 * @param feeBasisPoints 0 to 10,000; 2,000 is twenty per cent.
 * @returns `fee` rounded half away from zero and kept within the line, `vendor` what is left: the two are the line.
 */
export function splitLine(line: Minor, feeBasisPoints: number): { fee: Minor; vendor: Minor } {
  if (!Number.isInteger(feeBasisPoints) || feeBasisPoints < 0 || feeBasisPoints > 10_000) {
    throw new RangeError(`A fee of ${feeBasisPoints} basis points is not between 0 and 10,000.`);
  }
  const fee = divideHalfUp(line * BigInt(feeBasisPoints), BASIS);
  return { fee, vendor: line - fee };
}

/**
 * Divides a total by weights, largest remainder first, ties to the earlier part. Symmetric: −total gives −parts.
 * @param weights not negative; at least one above zero unless the total is zero.
 */
export function allocate(total: Minor, weights: readonly bigint[]): Minor[] {
  if (weights.some((weight) => weight < 0n)) throw new RangeError('A weight is negative.');
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (sum === 0n) {
    if (total === 0n) return weights.map(() => 0n);
    throw new RangeError('There is nothing to divide by: all weights are zero.');
  }
  const magnitude = total < 0n ? -total : total;
  const parts = weights.map((weight) => (magnitude * weight) / sum);
  let left = magnitude - parts.reduce((all, part) => all + part, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (magnitude * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = parts[index]! + 1n;
    left -= 1n;
  }
  return total < 0n ? parts.map((part) => -part) : parts;
}
