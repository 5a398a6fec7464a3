/** A report: one query, rows of one shape, as JSON or as CSV. */
import type { StreamableFile } from '@nestjs/common';
import type { z } from 'zod';
import { csvOf, type Cell } from '#domain/csv.ts';
import { formatMajor } from '#domain/money.ts';
import { monthOf } from '#domain/period.ts';
import { CSV, download } from '../documents/download.ts';

type Row = Record<string, string | number | null>;

/** @param shape of a row: its keys are the columns */
export const answer = <T extends Row>(
  name: string,
  format: 'json' | 'csv',
  shape: z.ZodObject,
  items: T[],
): { items: T[] } | StreamableFile =>
  format === 'json' ? { items } : download(tableOf(Object.keys(shape.shape), items), { type: CSV, name: `${name}.csv` });

/** Amounts are in major units there, and their columns are called without `Minor`. */
const tableOf = (keys: readonly string[], items: readonly Row[]): string =>
  csvOf(
    keys.map((key) => key.replace(/Minor$/, '')),
    items.map((item) => keys.map((key) => cellOf(item, key))),
  );

function cellOf(item: Row, key: string): Cell {
  const value = item[key] ?? null;
  return key.endsWith('Minor') && typeof value === 'string' ? formatMajor(BigInt(value), String(item.currency)) : value;
}

/** The instants of a range of months. @param to inclusive */
export const spanOf = ({ from, to }: { from: string; to: string }): [from: Date, to: Date] => [
  new Date(`${from}-01T00:00:00Z`),
  monthOf(new Date(`${to}-01T00:00:00Z`)).to,
];

/** To be joined: what of an invoice line called `line` credit notes, refunds and lost disputes took back since. */
export const BACK = `cross join lateral (select coalesce(sum(taken.amount_minor), 0) as amount, coalesce(sum(taken.fee_minor), 0) as fee, coalesce(sum(taken.vendor_minor), 0) as vendor
  from (select amount_minor, fee_minor, vendor_minor from billing.credit_note_line where credit_note_line.line_id = line.id
    union all select amount_minor, fee_minor, vendor_minor from billing.line_return where line_return.line_id = line.id and line_return.undone_at is null) as taken) as back`;

/** To be joined after it: of the line's fee, what resellers and upstream projects have, as far as the line did not go back. */
export const OTHERS = `cross join lateral (select coalesce(sum(case when line.amount_minor = 0 then 0
    else round(line_part.amount_minor::numeric * (line.amount_minor - back.amount) / line.amount_minor) end), 0) as amount
  from billing.line_part where line_part.line_id = line.id) as others`;
