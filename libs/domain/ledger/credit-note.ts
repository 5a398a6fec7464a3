/** What a credit note on an invoice that is not paid posts: the buyer owes less, and so do its parts of vendors and platform wait for less. */
import { account, entry, type Entry } from './entry.ts';
import { takenBack, totalOf, type ReturnedLine } from './refund.ts';

export const creditNoteIssued = ({
  creditNoteId,
  buyerId,
  currency,
  lines,
}: {
  creditNoteId: string;
  buyerId: string;
  currency: string;
  /** Nothing was paid, so nothing is released: what vendors had of it was unsettled. */
  lines: ReadonlyArray<Omit<ReturnedLine, 'from'>>;
}): Entry => {
  const unsettled = lines.map((line) => ({ ...line, from: 'unsettled' as const }));
  return entry(`creditnote:${creditNoteId}`, 'credit_note', [
    ...takenBack(unsettled, currency),
    { account: account.buyerReceivable(buyerId), currency, amountMinor: -totalOf(unsettled) },
  ]);
};
