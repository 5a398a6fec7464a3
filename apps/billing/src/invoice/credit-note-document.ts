/** A credit note on paper, from what is read through the API. */
import { formatMajor, formatMinor } from '#domain/money.ts';
import { factsOf, tableOf, type PrintedDocument } from '../documents/pdf.ts';
import type { CreditNoteView } from './credit-notes.schema.ts';

export const creditNoteDocument = (note: CreditNoteView): PrintedDocument => ({
  title: `Credit note ${note.number}`,
  at: new Date(note.issuedAt),
  content: [
    { text: `Credit note ${note.number}`, style: 'title' },
    factsOf([
      ['To', note.buyer],
      ['Date', note.issuedAt.slice(0, 10)],
      ['Invoice', note.invoice],
      ['Reason', note.reason],
    ]),
    tableOf(
      [
        { head: 'Line', width: 'auto' },
        { head: 'Of', width: '*' },
        { head: `Credited (${note.currency.toUpperCase()})`, width: 'auto', isNumber: true },
      ],
      note.lines.map((line) => [String(line.ordinal), line.description, formatMajor(BigInt(line.amountMinor), note.currency)]),
    ),
    factsOf([['Total', formatMinor(BigInt(note.totalMinor), note.currency)]]),
  ],
});
