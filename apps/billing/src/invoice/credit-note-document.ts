/** A credit note on paper and as a table, from what is read through the API. */
import { csvOf } from '#domain/csv.ts';
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

/** Amounts in major units. */
export const creditNoteCsv = (note: CreditNoteView): string =>
  csvOf(
    ['credit_note', 'issued_at', 'invoice', 'line', 'description', 'amount', 'currency', 'reason'],
    note.lines.map((line) => [
      note.number,
      note.issuedAt,
      note.invoice,
      line.ordinal,
      line.description,
      formatMajor(BigInt(line.amountMinor), note.currency),
      note.currency,
      note.reason,
    ]),
  );
