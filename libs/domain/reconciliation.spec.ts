/** Two sides that tell the same have no difference; whatever one object is changed, that one is named, and no other. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differencesOf, totalsOf, type Fact, type OurFact } from './reconciliation.ts';

const FROM = new Date('2026-02-01T00:00:00Z');
const TO = new Date('2026-03-01T00:00:00Z');
const WINDOW = { from: FROM, to: TO };
const NOW = new Date('2026-03-02T03:00:00Z');

const fact = (given: Partial<Fact> = {}): Fact => ({
  kind: 'charge',
  key: 'ch_1',
  id: 'ch_1',
  amount: 3863n,
  currency: 'usd',
  at: new Date('2026-02-01T06:10:00Z'),
  ...given,
});
const our = (given: Partial<OurFact> = {}): OurFact => ({ ...fact(given), expectation: 'expected', ...given });

const anyFact = fc.record({
  kind: fc.constantFrom('payment_intent', 'charge', 'refund', 'transfer', 'fee'),
  key: fc.uuid(),
  amount: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
  currency: fc.constantFrom('usd', 'eur', 'jpy'),
  at: fc.date({ min: FROM, max: new Date(TO.getTime() - 1), noInvalidDate: true }),
});
const anyBook = fc
  .uniqueArray(anyFact, { minLength: 1, maxLength: 30, selector: ({ kind, key }) => `${kind} ${key}` })
  .map((facts) => facts.map((each): Fact => ({ ...each, id: each.key })));
const inBook = anyBook.chain((book) => fc.tuple(fc.constant(book), fc.nat({ max: book.length - 1 })));
const asOurs = (book: readonly Fact[]): OurFact[] => book.map((each) => ({ ...each, expectation: 'expected' }));

describe('reconciliation', () => {
  it('finds nothing between two that tell the same, in any order', () => {
    fc.assert(
      fc.property(anyBook, (book) => {
        expect(differencesOf(asOurs(book), book.toReversed(), WINDOW, NOW)).toEqual([]);
        for (const { ourCount, ourAmount, theirCount, theirAmount } of totalsOf(asOurs(book), book, WINDOW))
          expect([ourCount, ourAmount]).toEqual([theirCount, theirAmount]);
      }),
    );
  });

  it('names exactly the one that is dropped, on either side', () => {
    fc.assert(
      fc.property(inBook, ([book, at]) => {
        const { kind, key } = book[at]!;
        const rest = book.toSpliced(at, 1);
        expect(differencesOf(asOurs(book), rest, WINDOW, NOW)).toMatchObject([
          { kind, key, cause: 'missing_there', theirs: null },
        ]);
        const cause = kind === 'fee' ? 'fee' : 'missing_here';
        expect(differencesOf(asOurs(rest), book, WINDOW, NOW)).toMatchObject([{ kind, key, cause, ours: null }]);
      }),
    );
  });

  it('names exactly the one whose amount or currency is another, and the one that was made twice', () => {
    fc.assert(
      fc.property(inBook, ([book, at]) => {
        const { kind, key } = book[at]!;
        for (const other of [
          { ...book[at]!, amount: book[at]!.amount + 1n },
          { ...book[at]!, currency: 'gbp' },
        ])
          expect(differencesOf(asOurs(book), book.with(at, other), WINDOW, NOW)).toMatchObject([
            { kind, key, cause: 'amount_differs' },
          ]);
        const twice = differencesOf(asOurs(book), [...book, { ...book[at]!, id: 'again' }], WINDOW, NOW);
        expect(twice).toMatchObject([{ kind, key, ours: null }]);
      }),
    );
  });

  it('calls in flight what was sent and not answered, and what has just happened there', () => {
    expect(differencesOf([our({ expectation: 'in_flight' })], [], WINDOW, NOW)).toMatchObject([{ cause: 'in_flight' }]);
    const now = new Date('2026-02-01T06:40:00Z');
    expect(differencesOf([], [fact()], WINDOW, now)).toMatchObject([{ cause: 'in_flight' }]);
  });

  it('does not miss what need not be there, and does compare it when it is', () => {
    expect(differencesOf([our({ expectation: 'not_expected' })], [], WINDOW, NOW)).toEqual([]);
    expect(differencesOf([our({ expectation: 'not_expected' })], [fact({ amount: 1n })], WINDOW, NOW)).toMatchObject([
      { cause: 'amount_differs' },
    ]);
  });

  it('matches what lies beside the window and does not report it', () => {
    const late = new Date('2026-03-01T00:00:02Z');
    const lastMoment = new Date('2026-02-28T23:59:59Z');
    expect(differencesOf([our({ at: lastMoment })], [fact({ at: late })], WINDOW, NOW)).toEqual([]);
    expect(differencesOf([our({ at: late })], [], WINDOW, NOW)).toEqual([]);
  });
});
