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
