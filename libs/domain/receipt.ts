/**
 * Receipts of accepted usage: the text over which each is hashed and signed. Whoever has the export and the public keys can make the
 * same text, in any language: it is JSON as RFC 8785 writes it, members in the order of their names, every value a string.
 */

/** What one receipt says. Times are UTC; `quantity` and `sequence` are decimal; hashes are SHA-256 in hex. */
export interface ReceiptContent {
  subscriptionId: string;
  /** 1, 2, 3 …: the order in which the records of a subscription were seen once they stood. */
  sequence: string;
  /** `sha` of the receipt before. */
  previous: string;
  /** MeteringRecordId on the AWS wire. */
  recordId: string;
  /** Start of the hour of use, `2026-01-31T23:00:00Z`. */
  hour: string;
  source: string;
  dimension: string;
  quantity: string;
  /** `2026-01-31T23:10:00.123000Z` */
  receivedAt: string;
  /** The access key that reported it, or `platform` for what the marketplace counted itself. */
  signedBy: string;
  /** Hash of what was asked for: the quantity and its allocations. */
  requestSha: string;
}

/** Where a chain ends, as of an export. */
export interface ChainHead {
  subscriptionId: string;
  /** `0` when there is no receipt yet. */
  sequence: string;
  /** `sha` of the last receipt. */
  sha: string;
  /** How many receipts the export holds. */
  count: string;
  exportedAt: string;
}

/** What the first receipt of a chain follows on. */
export const NO_RECEIPT_BEFORE = '0'.repeat(64);

/** The text whose SHA-256 is the receipt's `sha`, and is signed. */
export const receiptText = (content: ReceiptContent): string =>
  JSON.stringify({
    dimension: content.dimension,
    hour: content.hour,
    kind: 'slipway usage receipt 1',
    previous: content.previous,
    quantity: content.quantity,
    receivedAt: content.receivedAt,
    recordId: content.recordId,
    requestSha: content.requestSha,
    sequence: content.sequence,
    signedBy: content.signedBy,
    source: content.source,
    subscriptionId: content.subscriptionId,
  });

/** The text whose SHA-256 is signed at the end of an export, so that nobody can cut it short and write another end. */
export const headText = (head: ChainHead): string =>
  JSON.stringify({
    count: head.count,
    exportedAt: head.exportedAt,
    kind: 'slipway usage receipts head 1',
    sequence: head.sequence,
    sha: head.sha,
    subscriptionId: head.subscriptionId,
  });
