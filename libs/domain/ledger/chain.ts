/**
 * The book's hash chain: each journal's bytes, hashed with the hash of the one before, so that a journal that is changed, taken out or
 * slipped in is found and named. Knows no hash function: whoever calls brings it.
 */
import type { Posting } from './entry.ts';

export interface SealedContent {
  id: string;
  idemKey: string;
  kind: string;
  effectiveAt: Date;
  createdAt: Date;
  /** In their order. */
  postings: readonly Posting[];
}

/** What is hashed: everything that a journal says, in one way only. */
export const sealText = ({ id, idemKey, kind, effectiveAt, createdAt, postings }: SealedContent): string =>
  JSON.stringify([
    id,
    idemKey,
    kind,
    effectiveAt.toISOString(),
    createdAt.toISOString(),
    ...postings.map(({ account, currency, amountMinor }) => [account, currency, String(amountMinor)]),
  ]);

export interface Link {
  number: bigint;
  journalId: string;
  /** In hexadecimal, as sealed. */
  contentSha: string;
  chainSha: string;
  /** What recomputing gives; null when the journal is gone. */
  computed: { idemKey: string; contentSha: string } | null;
}

/** Where a chain begins. */
export const GENESIS = '0'.repeat(64);

/**
 * Follows a chain, piece by piece.
 * @param chained the hash of a content after the hash of the chain before it
 */
export class ChainCheck {
  private before = GENESIS;
  private last = 0n;
  readonly findings: string[] = [];

  constructor(private readonly chained: (before: string, content: string) => string) {}

  /** Links in the order of their numbers. */
  follow(links: readonly Link[]): void {
    for (const link of links) {
      if (link.number !== this.last + 1n) this.findings.push(`Seals ${this.last + 1n} to ${link.number - 1n} are missing.`);
      if (!link.computed) this.findings.push(`Seal ${link.number}: the journal ${link.journalId} is gone.`);
      else if (link.computed.contentSha !== link.contentSha)
        this.findings.push(`Seal ${link.number}: the journal ${link.computed.idemKey} was changed after it was sealed.`);
      if (this.chained(this.before, link.contentSha) !== link.chainSha)
        this.findings.push(`Seal ${link.number}: it does not follow from the one before.`);
      this.before = link.chainSha;
      this.last = link.number;
    }
  }

  get head(): { number: bigint; sha: string } {
    return { number: this.last, sha: this.before };
  }
}
