import { describe, expect, it } from 'vitest';
import { ReceiptChain, type CheckedRow, type KnownEnd, type SignatureState } from './receipt-chain.ts';
import { NO_RECEIPT_BEFORE, type ChainHead } from './receipt.ts';

const sha = (sequence: number): string => (sequence === 0 ? NO_RECEIPT_BEFORE : String(sequence).padStart(64, 'a'));

const row = (sequence: number, changes: Partial<CheckedRow> = {}): CheckedRow => ({
  subscriptionId: 'globex-vault',
  sequence: BigInt(sequence),
  recordId: `record-${sequence}`,
  previous: sha(sequence - 1),
  sha: sha(sequence),
  content: 'same',
  signature: 'good',
  ...changes,
});

const head = (last: number, changes: Partial<ChainHead> = {}, signature: SignatureState = 'good') => ({
  subscriptionId: 'globex-vault',
  sequence: String(last),
  sha: sha(last),
  count: String(last),
  exportedAt: '2026-02-01T00:00:00.000Z',
  signature,
  ...changes,
});

function found(rows: CheckedRow[], end: ReturnType<typeof head> | undefined = head(rows.length), known?: KnownEnd): string[] {
  const chain = new ReceiptChain(known);
  return [...rows.flatMap((each) => chain.row(each)), ...chain.end(end)].map(
    ({ kind, sequence }) => `${kind}${sequence === null ? '' : ` ${sequence}`}`,
  );
}

describe('a chain of receipts', () => {
  it('has nothing to be named when it is whole, also when it is empty', () => {
    expect(found([row(1), row(2), row(3)])).toEqual([]);
    expect(found([])).toEqual([]);
  });

  it('names a changed row and no other', () => {
    expect(found([row(1), row(2, { content: 'changed' }), row(3)])).toEqual(['changed 2']);
    expect(found([row(1), row(2, { content: 'gone' }), row(3)])).toEqual(['gone 2']);
    expect(found([row(1), row(2, { content: 'changed', signature: 'bad', sha: sha(9) }), row(3)])).toEqual([
      'changed 2',
      'badly signed 2',
    ]);
    expect(found([row(1), row(2), row(3, { signature: 'unknown key' })])).toEqual(['unknown key 3']);
  });

  it('names what was dropped, at the start, in the middle and at the end', () => {
    expect(found([row(2), row(3)], head(3))).toEqual(['missing 1']);
    expect(found([row(1), row(4), row(6)], head(6))).toEqual(['missing 2', 'missing 5']);
    expect(found([row(1), row(2)], head(4))).toEqual(['missing 3']);
    expect(new ReceiptChain().end(undefined)).toMatchObject([{ kind: 'no end' }]);
  });

  it('names what was moved or repeated, once', () => {
    expect(found([row(1), row(3), row(2), row(4)])).toEqual(['out of order 2']);
    expect(found([row(4), row(3), row(2), row(1)])).toEqual(['out of order 3', 'out of order 2', 'out of order 1']);
    expect(found([row(1), row(2), row(2), row(3)], head(3))).toEqual(['repeated 2']);
  });

  it('names a row that was replaced by another with a good signature', () => {
    expect(found([row(1), row(2, { sha: sha(9) }), row(3)])).toEqual(['does not follow 3']);
    expect(found([row(1), row(3), row(2, { sha: sha(9) })])).toEqual(['out of order 2', 'does not follow 2']);
    expect(found([row(1, { previous: sha(9) })])).toEqual(['does not follow 1']);
    expect(found([row(1), row(2, { sha: sha(9) })])).toEqual(['wrong end']);
  });

  it('takes no row of another subscription, and no place from a row that was not signed', () => {
    expect(found([row(1), row(2, { subscriptionId: 'initech-vault' }), row(2)], head(2))).toEqual(['foreign 2']);
    expect(found([row(1), row(7, { content: 'changed' }), row(3)], head(3))).toEqual(['changed 7', 'missing 2']);
  });

  it('has to go on from where an earlier export ended', () => {
    const known = (sequence: number, more: Partial<KnownEnd> = {}): KnownEnd => ({ ...head(sequence), ...more });
    expect(found([row(1), row(2), row(3)], head(3), known(2))).toEqual([]);
    expect(found([], head(0), known(0))).toEqual([]);
    expect(found([row(1), row(2), row(3)], head(3), known(2, { sha: sha(9) }))).toEqual(['rewritten 2']);
    expect(found([row(1)], head(1), known(2))).toEqual(['missing']);
    expect(found([row(1)], head(1), known(1, { subscriptionId: 'initech-vault' }))).toEqual(['foreign']);
  });

  it('holds the head to what it says', () => {
    const rows = [row(1), row(2)];
    expect(found(rows, head(1))).toEqual(['wrong end']);
    expect(found(rows, head(2, {}, 'bad'))).toEqual(['wrong end']);
    expect(found(rows, head(2, {}, 'unknown key'))).toEqual(['wrong end']);
    expect(found(rows, head(2, { count: '3' }))).toEqual(['wrong end']);
    expect(found(rows, head(2, { subscriptionId: 'initech-vault' }))).toEqual(['wrong end']);
  });
});
