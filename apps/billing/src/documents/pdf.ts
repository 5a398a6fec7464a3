/**
 * Documents as PDF. The same document gives the same bytes: its dates are those of what it shows, and nothing is loaded from
 * elsewhere. Title and language are set for screen readers, and text stands in reading order; pdfmake writes no structure tags, so
 * whoever needs those takes the CSV.
 */
import { createRequire } from 'node:module';

/** What we use of pdfmake's documents; its own types bring the browser's along, which contradict Node's. */
export type Content =
  | string
  | {
      text?: Content | Content[];
      stack?: Content[];
      columns?: Content[];
      table?: { headerRows: number; dontBreakRows: boolean; widths: Array<string | number>; body: Content[][] };
      layout?: string;
      style?: string;
      bold?: boolean;
      alignment?: 'left' | 'right' | 'center';
      margin?: [number, number, number, number];
    };

interface Pdfmake {
  setUrlAccessPolicy(isAllowed: (url: string) => boolean): void;
  setLocalAccessPolicy(isAllowed: (path: string) => boolean): void;
  addFonts(fonts: Record<string, Record<string, string>>): void;
  createPdf(definition: object): { getBuffer(): Promise<Buffer> };
}

const load = createRequire(import.meta.url);
const pdfmake = load('pdfmake') as Pdfmake;
const FONTS = load('pdfmake/fonts/Roboto.js') as { Roboto: Record<string, string> };
const FONT_FILES = new Set(Object.values(FONTS.Roboto));
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => FONT_FILES.has(path));
pdfmake.addFonts(FONTS);

export interface PrintedDocument {
  title: string;
  /** When what it shows was made. */
  at: Date;
  content: Content[];
}

export function pdfOf({ title, at, content }: PrintedDocument): Promise<Buffer> {
  const definition = {
    info: { title, creationDate: at, modDate: at, producer: 'Slipway', creator: 'Slipway' },
    version: '1.7',
    language: 'en',
    displayTitle: true,
    pageSize: 'A4',
    pageMargins: [40, 50, 40, 50],
    defaultStyle: { font: 'Roboto', fontSize: 9 },
    styles: {
      title: { fontSize: 18, bold: true, margin: [0, 0, 0, 12] },
      label: { bold: true },
      small: { fontSize: 8, color: '#444444' },
    },
    footer: (page: number, pages: number) => ({
      text: `${title} · page ${page} of ${pages}`,
      style: 'small',
      alignment: 'center',
      margin: [0, 15, 0, 0],
    }),
    content,
  };
  return pdfmake.createPdf(definition).getBuffer();
}

/** Label and value, line by line; lines without a value are left out. */
export const factsOf = (facts: ReadonlyArray<readonly [label: string, value: string | null]>): Content => ({
  stack: facts
    .filter(([, value]) => value !== null)
    .map(([label, value]) => ({ text: [{ text: `${label}: `, bold: true }, value ?? ''], margin: [0, 0, 0, 2] })),
});

export interface Column {
  head: string;
  width: string | number;
  isNumber?: boolean;
}

/** A table whose head is repeated on each page. */
export const tableOf = (columns: readonly Column[], rows: ReadonlyArray<ReadonlyArray<Content>>): Content => ({
  layout: 'lightHorizontalLines',
  margin: [0, 12, 0, 12],
  table: {
    headerRows: 1,
    dontBreakRows: true,
    widths: columns.map((column) => column.width),
    body: [
      columns.map(({ head, isNumber }) => ({
        text: head,
        bold: true,
        alignment: isNumber ? ('right' as const) : ('left' as const),
      })),
      ...rows.map((row) =>
        row.map((cell, index) => (columns[index]!.isNumber ? { text: cell, alignment: 'right' as const } : cell)),
      ),
    ],
  },
});
