/** An invoice on paper and as a table: what is printed, from what is read through the API. */
import { csvOf } from '#domain/csv.ts';
import type { Party } from '#domain/invoice.ts';
import { formatMajor, formatMinor } from '#domain/money.ts';
import { factsOf, tableOf, type Content, type PrintedDocument } from '../documents/pdf.ts';
import type { InvoiceView } from './invoices.schema.ts';

type Line = InvoiceView['lines'][number];

export function invoiceDocument(invoice: InvoiceView): PrintedDocument {
  const money = (minor: string): string => formatMinor(BigInt(minor), invoice.currency);
  const due = BigInt(invoice.totalMinor) - BigInt(invoice.creditMinor);
  return {
    title: `Invoice ${invoice.number}`,
    at: new Date(invoice.finalisedAt),
    content: [
      { text: `Invoice ${invoice.number}`, style: 'title' },
      {
        columns: [
          partyOf('From', invoice.issuer ?? { name: 'Slipway', address: [], taxId: null }),
          partyOf('To', invoice.billTo ?? { name: invoice.buyer, address: [], taxId: null }),
        ],
      },
      { text: ' ' },
      factsOf([
        ['Invoice date', dayOf(invoice.finalisedAt)],
        ['Period', `${dayOf(invoice.periodStart)} to ${lastDayOf(invoice.periodEnd)} (UTC)`],
        ['Terms', invoice.termsDays === 0 ? 'due at once' : `${invoice.termsDays} days`],
        ['Due', dayOf(invoice.dueAt)],
        ['Purchase order', invoice.purchaseOrder],
      ]),
      tableOf(
        [
          { head: '#', width: 16 },
          { head: 'Product and use', width: '*' },
          { head: 'Quantity', width: 'auto', isNumber: true },
          { head: 'Rate', width: 'auto', isNumber: true },
          { head: `Amount (${invoice.currency.toUpperCase()})`, width: 'auto', isNumber: true },
        ],
        invoice.lines.map((line) => [
          String(line.ordinal),
          { stack: [{ text: `${line.product} (${line.vendor})`, bold: true }, ...notesOf(line, invoice)] },
          `${line.quantity} ${line.unitSize === '1' ? line.unit : `÷ ${line.unitSize} ${line.unit}`}`,
          line.rate ?? 'see parts',
          formatMajor(BigInt(line.amountMinor), invoice.currency),
        ]),
      ),
      factsOf([
        ['Total', money(invoice.totalMinor)],
        ['Paid by credit', invoice.creditMinor === '0' ? null : money(invoice.creditMinor)],
        ['Amount due', formatMinor(due, invoice.currency)],
      ]),
    ],
  };
}

const partyOf = (label: string, { name, address, taxId }: Party): Content => ({
  stack: [{ text: label, style: 'label' }, name, ...address, ...(taxId === null ? [] : [`Tax number: ${taxId}`])],
});

/** What a line says below its product. */
function notesOf(line: Line, { periodStart, currency }: InvoiceView): Content[] {
  const discounts = line.discounts.map(
    ({ code, amountMinor }) => `Discount${code === null ? '' : ` ${code}`}: −${formatMinor(BigInt(amountMinor), currency)}`,
  );
  const parts = line.parts.map(
    (part) => `${part.label}: ${part.quantity}${part.unitSize === '1' ? '' : ` ÷ ${part.unitSize}`} × ${part.rate}`,
  );
  const late = line.lateDays.map(({ day, quantity }) => `${day}: ${quantity}`);
  return [
    line.description,
    ...(line.usedFrom < periodStart ? [`Found late: use from ${dayOf(line.usedFrom)} to ${lastDayOf(line.usedTo)}`] : []),
    ...parts,
    ...late,
    ...discounts,
  ].map((text, index) => (index === 0 ? text : { text, style: 'small' }));
}

const COLUMNS = [
  'invoice',
  'line',
  'vendor',
  'product',
  'description',
  'used_from',
  'used_to',
  'quantity',
  'unit_size',
  'unit',
  'rate',
  'discount',
  'amount',
  'currency',
  'price_version',
  'late_days',
  'purchase_order',
  'line_id',
];

/** A line for each line of the invoice; amounts in major units, net of discounts. */
export const invoiceCsv = (invoice: InvoiceView): string =>
  csvOf(
    COLUMNS,
    invoice.lines.map((line) => [
      invoice.number,
      line.ordinal,
      line.vendor,
      line.product,
      line.description,
      line.usedFrom,
      line.usedTo,
      line.quantity,
      line.unitSize,
      line.unit,
      line.rate,
      formatMajor(
        line.discounts.reduce((sum, discount) => sum + BigInt(discount.amountMinor), 0n),
        invoice.currency,
      ),
      formatMajor(BigInt(line.amountMinor), invoice.currency),
      invoice.currency,
      line.priceVersionId,
      line.lateDays.map(({ day, quantity }) => `${day}: ${quantity}`).join('; ') || null,
      invoice.purchaseOrder,
      line.id,
    ]),
  );

const dayOf = (instant: string): string => instant.slice(0, 10);
/** Of a half-open stretch, the day that its last second is in. */
const lastDayOf = (end: string): string => dayOf(new Date(Date.parse(end) - 1000).toISOString());
