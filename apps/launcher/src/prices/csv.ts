/** Reads CSV as RFC 4180 has it: commas, fields in double quotes where they need it, a header in the first line. */

export interface CsvRow {
  /** Of its first line in the text, counted from 1. */
  line: number;
  fields: Record<string, string>;
}

export interface CsvProblem {
  line: number;
  message: string;
}

/** @param columns what the header has to name, each once, in whatever order. Empty lines are left out. */
export function readCsv(text: string, columns: readonly string[]): { rows: CsvRow[] } | { problem: CsvProblem } {
  const records = recordsOf(text.replace(/^\uFEFF/, ''));
  if ('problem' in records) return records;
  const [header, ...rest] = records.records;
  const named = header?.cells.map((cell) => cell.trim()) ?? [];
  const isComplete = named.length === columns.length && columns.every((column) => named.includes(column));
  if (!isComplete) return { problem: { line: header?.line ?? 1, message: `the first line must name ${columns.join(',')}` } };
  const uneven = rest.find(({ cells }) => cells.length !== named.length);
  if (uneven)
    return { problem: { line: uneven.line, message: `has ${uneven.cells.length} fields where the header has ${named.length}` } };
  return {
    rows: rest.map(({ line, cells }) => ({
      line,
      fields: Object.fromEntries(named.map((name, place) => [name, cells[place]!.trim()])),
    })),
  };
}

interface CsvRecord {
  line: number;
  cells: string[];
}

/** A field, quoted or not, and what ends it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function recordsOf(text: string): { records: CsvRecord[] } | { problem: CsvProblem } {
  const records: CsvRecord[] = [];
  let line = 1;
  let current: CsvRecord = { line, cells: [] };
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length || current.cells.length > 0) {
    const match = FIELD.exec(text);
    if (!match)
      return { problem: { line, message: 'a field in quotes does not end, or has a quote within that is not doubled' } };
    const [whole, quoted, plain = '', end] = match;
    current.cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    const isEmpty = current.cells.length === 1 && current.cells[0] === '';
    if (!isEmpty) records.push(current);
    current = { line, cells: [] };
  }
  return { records };
}
