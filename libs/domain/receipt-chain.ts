/**
 * Finds what was done to an export of receipts: each row that was changed, dropped, moved, repeated or not signed by us is named.
 * Knows no hash and no key: whoever calls says of each row what came of recomputing and verifying it.
 */
import { NO_RECEIPT_BEFORE, type ChainHead } from './receipt.ts';

/** A row of an export, in the order of its lines. */
export interface CheckedRow {
  subscriptionId: string;
  sequence: bigint;
  recordId: string;
  previous: string;
  sha: string;
  /** Whether `sha` is that of what the row says; `gone` when the usage record of the receipt is no longer there. */
  content: 'same' | 'changed' | 'gone';
  signature: SignatureState;
}

/** Whether the signature over `sha` is ours. */
export type SignatureState = 'good' | 'bad' | 'unknown key';

export type FindingKind =
  | 'changed'
  | 'gone'
  | 'badly signed'
  | 'unknown key'
  | 'foreign'
  | 'repeated'
  | 'out of order'
  | 'does not follow'
  | 'rewritten'
  | 'missing'
  | 'wrong end'
  | 'no end';

export interface Finding {
  kind: FindingKind;
  /** The first sequence that is concerned; null for the end of a file. */
  sequence: bigint | null;
  /** Of a row that is there. */
  recordId: string | null;
  /** One sentence for a person. */
  detail: string;
}

/** Sequences `[from, to]` that have not been seen, between rows whose links are known (null where they are not to be trusted). */
interface Gap {
  from: bigint;
  to: bigint;
  shaBefore: string | null;
  previousAfter: string | null;
}

/** Where a chain ended when somebody took it away before. */
export type KnownEnd = Pick<ChainHead, 'subscriptionId' | 'sequence' | 'sha'>;

export class ReceiptChain {
  private subscriptionId: string | undefined;
  private last = 0n;
  private lastSha: string | null = NO_RECEIPT_BEFORE;
  private readonly gaps: Gap[] = [];
  private rows = 0n;
  private named = 0;

  /** @param known what was kept of an earlier export: whoever has the key could write a whole new chain, but not this end into it. */
  constructor(private readonly known?: KnownEnd) {}

  /** The next line. @returns what is wrong with it, which may be more than one thing. */
  row(row: CheckedRow): Finding[] {
    this.rows += 1n;
    const isOurs = row.content === 'same' && row.signature === 'good';
    if (isOurs) this.subscriptionId ??= row.subscriptionId;
    const isForeign = isOurs && row.subscriptionId !== this.subscriptionId;
    const findings = isForeign
      ? [named('foreign', row, `It is of another subscription, ${row.subscriptionId}.`)]
      : [...unlike(row), ...this.placed(row, isOurs), ...this.rewritten(row)];
    this.named += findings.length;
    return findings;
  }

  /**
   * After the last line.
   * @param head what the export says of its end; undefined when it says nothing.
   * @returns what is missing, and whether the end is another than the head says.
   */
  end(head: (ChainHead & { signature: SignatureState }) | undefined): Finding[] {
    const findings = [...this.gaps.map((gap) => dropped(gap)), ...this.unkept()];
    if (!head) findings.push(atEnd('no end', 'The file stops without its last line, the head; receipts may be missing.'));
    else findings.push(...this.wrongEnd(head, findings.length + this.named > 0));
    return findings;
  }

  /** Where a row stands among the others. */
  private placed(row: CheckedRow, isOurs: boolean): Finding[] {
    if (row.sequence === this.last + 1n) {
      const findings = isOurs ? link(row, this.lastSha) : [];
      this.advance(row);
      return findings;
    }
    // Where a row belongs is known only from what was signed.
    if (!isOurs) return [];
    if (row.sequence > this.last) {
      this.gaps.push({ from: this.last + 1n, to: row.sequence - 1n, shaBefore: this.lastSha, previousAfter: row.previous });
      this.advance(row);
      return [];
    }
    const index = this.gaps.findIndex((gap) => gap.from <= row.sequence && row.sequence <= gap.to);
    if (index < 0) return [named('repeated', row, `Receipt ${row.sequence} stands further up already.`)];
    return [
      named('out of order', row, `It belongs further up, before receipt ${this.gaps[index]!.to + 1n}.`),
      ...this.fill(index, row),
    ];
  }

  /** A row that came too late takes its place; what remains of the gap is on its two sides. */
  private fill(index: number, row: CheckedRow): Finding[] {
    const gap = this.gaps[index]!;
    const findings: Finding[] = [];
    if (row.sequence === gap.from) findings.push(...link(row, gap.shaBefore));
    const isLast = row.sequence === gap.to;
    if (isLast && gap.previousAfter !== null && gap.previousAfter !== row.sha)
      findings.push(named('does not follow', row, `Receipt ${row.sequence + 1n} does not follow on it.`));
    const rest: Gap[] = [
      { ...gap, to: row.sequence - 1n, previousAfter: row.previous },
      { ...gap, from: row.sequence + 1n, shaBefore: row.sha },
    ];
    this.gaps.splice(index, 1, ...rest.filter((part) => part.from <= part.to));
    return findings;
  }

  private rewritten(row: CheckedRow): Finding[] {
    const { known } = this;
    if (!known || known.subscriptionId !== row.subscriptionId || known.sequence !== String(row.sequence) || known.sha === row.sha)
      return [];
    return [named('rewritten', row, 'The earlier export has another receipt here: the chain was written anew.')];
  }

  /** What an earlier export had that this one does not reach. */
  private unkept(): Finding[] {
    const { known } = this;
    if (!known || known.sequence === '0') return [];
    if (this.subscriptionId !== undefined && known.subscriptionId !== this.subscriptionId)
      return [atEnd('foreign', `The earlier export is of another subscription, ${known.subscriptionId}.`)];
    if (BigInt(known.sequence) <= this.last) return [];
    return [atEnd('missing', `The earlier export went on to receipt ${known.sequence}.`)];
  }

  /** What was signed is a link of the chain even when the rest of its row was changed. */
  private advance(row: CheckedRow): void {
    this.last = row.sequence;
    this.lastSha = row.signature === 'good' ? row.sha : null;
  }

  private wrongEnd(head: ChainHead & { signature: SignatureState }, isNamed: boolean): Finding[] {
    const wrong = (detail: string): Finding => atEnd('wrong end', detail);
    if (head.signature === 'bad') return [wrong('The signature of the head is not of this head.')];
    if (head.signature === 'unknown key') return [wrong('The head is signed by a key that is not among those given.')];
    if (this.subscriptionId !== undefined && head.subscriptionId !== this.subscriptionId)
      return [wrong(`The head is of another subscription, ${head.subscriptionId}.`)];
    const sequence = BigInt(head.sequence);
    if (sequence > this.last)
      return [
        {
          kind: 'missing',
          sequence: this.last + 1n,
          recordId: null,
          detail: `The end is missing: ${span(this.last + 1n, sequence)}.`,
        },
      ];
    if (sequence < this.last) return [wrong(`The head says that ${sequence} is the last receipt; there are later ones.`)];
    if (this.lastSha !== null && head.sha !== this.lastSha) return [wrong(`The head does not follow on receipt ${this.last}.`)];
    if (!isNamed && BigInt(head.count) !== this.rows)
      return [wrong(`The head says that there are ${head.count} receipts; there are ${this.rows}.`)];
    return [];
  }
}

/** What is wrong with a row whatever stands around it. */
function unlike(row: CheckedRow): Finding[] {
  const findings: Finding[] = [];
  if (row.content === 'changed') findings.push(named('changed', row, 'What it says is not what was signed.'));
  if (row.content === 'gone') findings.push(named('gone', row, 'Its usage record is no longer there.'));
  if (row.signature === 'bad') findings.push(named('badly signed', row, 'Its signature is not of this receipt.'));
  if (row.signature === 'unknown key')
    findings.push(named('unknown key', row, 'It is signed by a key that is not among those given.'));
  return findings;
}

function link(row: CheckedRow, shaBefore: string | null): Finding[] {
  if (shaBefore === null || row.previous === shaBefore) return [];
  const detail =
    row.sequence === 1n
      ? 'It follows on a receipt, and is the first.'
      : `It does not follow on receipt ${row.sequence - 1n}: one of the two was replaced.`;
  return [named('does not follow', row, detail)];
}

const named = (kind: FindingKind, { sequence, recordId }: CheckedRow, detail: string): Finding => ({
  kind,
  sequence,
  recordId,
  detail,
});

const atEnd = (kind: FindingKind, detail: string): Finding => ({ kind, sequence: null, recordId: null, detail });

const dropped = ({ from, to }: Gap): Finding => ({
  kind: 'missing',
  sequence: from,
  recordId: null,
  detail: `${span(from, to)} ${from === to ? 'is' : 'are'} missing.`,
});

const span = (from: bigint, to: bigint): string => (from === to ? `receipt ${from}` : `receipts ${from} to ${to}`);
