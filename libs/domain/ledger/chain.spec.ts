/** Whatever is changed, taken out or slipped into a sealed book is found, and so is money that does not pass through. */
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChainCheck, GENESIS, type Link } from './chain.ts';
import { proofOf } from './proof.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const chained = (before: string, content: string): string => hash(before + content);

function linksOf(contents: string[]): Link[] {
  let before = GENESIS;
  return contents.map((content, index) => {
    const contentSha = hash(content);
    before = chained(before, contentSha);
    return {
      number: BigInt(index + 1),
      journalId: `j${index}`,
      contentSha,
      chainSha: before,
      computed: { idemKey: `k${index}`, contentSha },
    };
  });
}

function findingsOf(...pieces: Link[][]): string[] {
  const check = new ChainCheck(chained);
  for (const piece of pieces) check.follow(piece);
  return check.findings;
}

const book = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 20 });
const inBook = book.chain((contents) => fc.tuple(fc.constant(contents), fc.nat({ max: contents.length - 1 })));

describe('the chain of the book', () => {
  it('is sound as it was sealed, in pieces of any size', () => {
    fc.assert(
      fc.property(inBook, ([contents, cut]) => {
        const links = linksOf(contents);
        return findingsOf(links.slice(0, cut), links.slice(cut)).length === 0;
      }),
    );
  });

  it('names the journal that was changed, or is gone, wherever it is', () => {
    fc.assert(
      fc.property(inBook, ([contents, at]) => {
        const links = linksOf(contents);
        const changed = links.with(at, { ...links[at]!, computed: { idemKey: `k${at}`, contentSha: hash('other') } });
        expect(findingsOf(changed)).toEqual([`Seal ${at + 1}: the journal k${at} was changed after it was sealed.`]);
        expect(findingsOf(links.with(at, { ...links[at]!, computed: null }))).toEqual([
          `Seal ${at + 1}: the journal j${at} is gone.`,
        ]);
      }),
    );
  });

  it('notices a seal that was changed with its journal, or taken out', () => {
    fc.assert(
      fc.property(inBook, ([contents, at]) => {
        const links = linksOf(contents);
        const forged = { ...links[at]!, contentSha: hash('other'), computed: { idemKey: `k${at}`, contentSha: hash('other') } };
        expect(findingsOf(links.with(at, forged))).toEqual([`Seal ${at + 1}: it does not follow from the one before.`]);
        if (at < links.length - 1) expect(findingsOf(links.toSpliced(at, 1)).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the proof of the book', () => {
  const now = new Date('2026-02-10T06:00:00Z');
  const sound = { totals: [{ currency: 'usd', total: 0n }], unbalanced: [], clearing: [] };

  it('finds nothing in a sound book, nor in money that passes through in time', () => {
    const clearing = [{ account: 'dispute_hold', currency: 'usd', balanceMinor: '3863', since: '2026-01-01T00:00:00.000Z' }];
    expect(proofOf(sound, now)).toEqual([]);
    expect(proofOf({ ...sound, clearing }, now)).toEqual([]);
  });

  it('says what is out of balance, and what has stood still', () => {
    const clearing = [{ account: 'refund_clearing', currency: 'usd', balanceMinor: '-101', since: '2026-02-05T06:00:00.000Z' }];
    const totals = [{ currency: 'eur', total: 1n }];
    expect(proofOf({ totals, unbalanced: ['refund:1:post'], clearing }, now)).toEqual([
      'The book is out of balance by 1 eur.',
      'The journal refund:1:post does not balance.',
      'refund_clearing has held -101 usd for 5 days, more than 3.',
    ]);
  });
});
