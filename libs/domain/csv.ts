/** Comma-separated values as RFC 4180 has them, safe to open in a spreadsheet. */

export type Cell = string | number | bigint | null;

/** A header of column names, then a line for each row, each ended by CRLF. Null is an empty cell. */
export const csvOf = (columns: readonly string[], rows: ReadonlyArray<readonly Cell[]>): string =>
  [columns, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe in front, for names come from strangers (OWASP, "CSV
 * injection"). Numbers are left alone, also those below zero.
 */
function cellOf(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
