/** A fixed amount over parts of its time: the parts sum to the whole, to the minor unit (docs/MONEY.md R11). */
import { toMinor, type Minor, type Rate } from '../money.ts';
import type { Span } from '../period.ts';

/** Whole UTC seconds of a half-open span; an instant belongs to the second it is in, so that neighbours tile time. */
export const secondsOf = ({ from, to }: Span): bigint => {
  const seconds = wholeSecond(to) - wholeSecond(from);
  return seconds > 0n ? seconds : 0n;
};

const wholeSecond = (instant: Date): bigint => BigInt(Math.floor(instant.getTime() / 1000));

/**
 * Rounds exact amounts that follow each other: each gets what the sum up to it rounds to, less what the ones before got. So they
 * sum to what the sum rounds to.
 * @param amounts in the order of their time, times `unitSize`.
 */
export function roundInTurn(amounts: readonly Rate[], unitSize: bigint, currency: string): Minor[] {
  let exact = 0n;
  let rounded = 0n;
  return amounts.map((amount) => {
    exact += amount;
    const part = toMinor(exact, currency, unitSize) - rounded;
    rounded += part;
    return part;
  });
}

/** `total` over stretches of `period`: `round(total × elapsed ÷ period) − Σ previous`. @param lengths they sum to `period` at most. */
export const prorate = (
  total: Rate,
  { lengths, period, currency }: { lengths: readonly bigint[]; period: bigint; currency: string },
): Minor[] =>
  roundInTurn(
    lengths.map((length) => total * length),
    period,
    currency,
  );
