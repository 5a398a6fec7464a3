/** A vendor's statement on paper and as a table, from what is read through the API. */
import { csvOf } from '#domain/csv.ts';
import { formatMajor, formatMinor } from '#domain/money.ts';
import { monthOf } from '#domain/period.ts';
import { factsOf, tableOf, type PrintedDocument } from '../documents/pdf.ts';
import type { StatementView } from './statements.schema.ts';

const LABELS: Record<string, string> = {
  invoice_finalised: 'Sales, less fees',
  payout_reserved: 'Paid out',
  payout_void: 'Payout that came back',
  refund_posted: 'Refunded to buyers',
  refund_void: 'Refund that came back',
  credit_note: 'Credited to buyers',
  invoice_written_off: 'Written off',
};

const labelOf = (kind: string): string => LABELS[kind] ?? kind.replaceAll('_', ' ');

export function statementDocument(statement: StatementView): PrintedDocument {
  const { vendor, period, currency, isFinal, openingMinor, closingMinor, movements, entries } = statement;
  const money = (minor: string): string => formatMinor(BigInt(minor), currency);
  const major = (minor: string | null): string => (minor === null ? '' : formatMajor(BigInt(minor), currency));
  return {
    title: `Statement ${period} ${currency.toUpperCase()}`,
    at: monthOf(new Date(`${period}-01T00:00:00Z`)).to,
    content: [
      { text: `Statement of ${vendor}`, style: 'title' },
      factsOf([
        ['Month', `${period} (UTC)${isFinal ? '' : ', so far'}`],
        ['Owed to you before', money(openingMinor)],
        ...movements.map(({ kind, amountMinor }) => [labelOf(kind), money(amountMinor)] as const),
        ['Owed to you after', money(closingMinor)],
      ]),
      tableOf(
        [
          { head: 'Date', width: 'auto' },
          { head: 'What', width: 'auto' },
          { head: 'About', width: '*' },
          { head: 'Sold', width: 'auto', isNumber: true },
          { head: 'Fee', width: 'auto', isNumber: true },
          { head: `Yours (${currency.toUpperCase()})`, width: 'auto', isNumber: true },
        ],
        entries.map((entry) => [
          entry.at.slice(0, 10),
          labelOf(entry.kind),
          [entry.reference, entry.product, entry.description].filter((part) => part !== null).join(' · '),
          major(entry.soldMinor),
          major(entry.feeMinor),
          major(entry.amountMinor),
        ]),
      ),
    ],
  };
}

const COLUMNS = ['at', 'kind', 'reference', 'product', 'description', 'sold', 'fee', 'amount', 'currency'];

/** Opening, a row for each entry, closing; amounts in major units. */
export function statementCsv({ period, currency, openingMinor, closingMinor, entries }: StatementView): string {
  const { from, to } = monthOf(new Date(`${period}-01T00:00:00Z`));
  const major = (minor: string | null): string | null => (minor === null ? null : formatMajor(BigInt(minor), currency));
  const balance = (at: Date, kind: string, minor: string): Array<string | null> => [
    at.toISOString(),
    kind,
    null,
    null,
    null,
    null,
    null,
    major(minor),
    currency,
  ];
  return csvOf(COLUMNS, [
    balance(from, 'opening', openingMinor),
    ...entries.map((entry) => [
      entry.at,
      entry.kind,
      entry.reference,
      entry.product,
      entry.description,
      major(entry.soldMinor),
      major(entry.feeMinor),
      major(entry.amountMinor),
      currency,
    ]),
    balance(to, 'closing', closingMinor),
  ]);
}
