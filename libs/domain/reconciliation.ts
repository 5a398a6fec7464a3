/**
 * Whether two sides tell the same of the same money. What each side has is told in facts: one for each object that a call made, one for
 * each movement of the balance, one for each fee. A fact that only one side has, or has otherwise, is a difference with a cause.
 */
import type { Minor } from './money.ts';

export interface Fact {
  /** `payment_intent`, `charge`, `fee` … */
  kind: string;
  /** What both sides know it by: an op_id, or the object that moved the money. */
  key: string;
  /** For a person to look it up by. */
  id: string;
  /** Money that comes in is positive. */
  amount: Minor;
  currency: string;
  at: Date;
}

/** `expected`: the other side must have it. `in_flight`: it may. `not_expected`: it need not; if it does, the two are compared. */
export type Expectation = 'expected' | 'in_flight' | 'not_expected';

export type OurFact = Fact & { expectation: Expectation };

export type Cause = 'in_flight' | 'fee' | 'missing_here' | 'missing_there' | 'amount_differs';

export interface Difference {
  kind: string;
  key: string;
  cause: Cause;
  ours: Fact | null;
  theirs: Fact | null;
}

export interface Window {
  from: Date;
  to: Date;
}

/** News of what has just happened may be on its way. */
const NEWS_MS = 3_600_000;

/**
 * Facts outside of the window are there to be matched, and are no differences themselves: the sides may tell different times.
 * @param now when the two sides were read
 */
export function differencesOf(ours: readonly OurFact[], theirs: readonly Fact[], window: Window, now: Date): Difference[] {
  const theirsByKey = Map.groupBy(theirs, nameOf);
  const found: Difference[] = [];
  for (const our of ours) {
    const there = theirsByKey.get(nameOf(our)) ?? [];
    const match = there.find((fact) => isSame(our, fact)) ?? there[0];
    if (match) {
      there.splice(there.indexOf(match), 1);
      if (!isSame(our, match)) found.push(differenceOf('amount_differs', our, match));
    } else if (our.expectation !== 'not_expected')
      found.push(differenceOf(our.expectation === 'in_flight' ? 'in_flight' : 'missing_there', our, null));
  }
  for (const fact of [...theirsByKey.values()].flat()) found.push(differenceOf(causeOf(fact, now), null, fact));
  return found
    .filter(({ ours: our, theirs: their }) => [our, their].some((fact) => fact && isWithin(fact, window)))
    .sort((a, b) => timeOf(a) - timeOf(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

export interface Total {
  kind: string;
  currency: string;
  ourCount: number;
  ourAmount: Minor;
  theirCount: number;
  theirAmount: Minor;
}

/** Of what lies in the window. Each side goes by its own time, so that at the edges the two may differ where the facts do not. */
export function totalsOf(ours: readonly OurFact[], theirs: readonly Fact[], window: Window): Total[] {
  const totals = new Map<string, Total>();
  const of = ({ kind, currency }: Fact): Total => {
    const name = `${kind} ${currency}`;
    const total = totals.get(name) ?? { kind, currency, ourCount: 0, ourAmount: 0n, theirCount: 0, theirAmount: 0n };
    totals.set(name, total);
    return total;
  };
  for (const fact of ours)
    if (isWithin(fact, window) && fact.expectation === 'expected') {
      const total = of(fact);
      total.ourCount += 1;
      total.ourAmount += fact.amount;
    }
  for (const fact of theirs)
    if (isWithin(fact, window)) {
      const total = of(fact);
      total.theirCount += 1;
      total.theirAmount += fact.amount;
    }
  return [...totals.values()].sort((a, b) => (`${a.kind} ${a.currency}` < `${b.kind} ${b.currency}` ? -1 : 1));
}

const nameOf = ({ kind, key }: { kind: string; key: string }): string => `${kind} ${key}`;

const isSame = (a: Fact, b: Fact): boolean => a.amount === b.amount && a.currency === b.currency;

const isWithin = ({ at }: Fact, { from, to }: Window): boolean => at >= from && at < to;

const timeOf = ({ ours, theirs }: Difference): number => (ours ?? theirs)!.at.getTime();

function causeOf(fact: Fact, now: Date): Cause {
  if (now.getTime() - fact.at.getTime() < NEWS_MS) return 'in_flight';
  return fact.kind === 'fee' ? 'fee' : 'missing_here';
}

const differenceOf = (cause: Cause, ours: Fact | null, theirs: Fact | null): Difference => {
  const { kind, key } = (ours ?? theirs)!;
  return { kind, key, cause, ours, theirs };
};
