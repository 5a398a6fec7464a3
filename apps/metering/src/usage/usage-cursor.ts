/** Where a page of usage ended, as text that means nothing to whoever carries it. */
import { z } from 'zod';
import { DomainError } from '#domain/errors.ts';
import type { Span } from '#domain/period.ts';
import { name } from './report-usage.schema.ts';

/** The key of the last record seen. */
export interface LastSeen {
  subscriptionId: string;
  /** `infinity` when all of the subscription was seen. */
  hour: string;
  sourceId: string;
  dimension: string;
}

/** The span goes along: where it was not given, it is that of the first page. */
export interface Cursor {
  after: LastSeen;
  span: Span;
}

const written = z.tuple([
  z.iso.datetime(),
  z.iso.datetime(),
  z.uuid(),
  z.union([z.literal('infinity'), z.iso.datetime()]),
  z.uuid(),
  name().or(z.literal('')),
]);

const NOBODY = '00000000-0000-0000-0000-000000000000';

export const allOf = (subscriptionId: string): LastSeen => ({
  subscriptionId,
  hour: 'infinity',
  sourceId: NOBODY,
  dimension: '',
});

export function writeCursor({ after, span }: Cursor): string {
  const parts: z.input<typeof written> = [
    span.from.toISOString(),
    span.to.toISOString(),
    after.subscriptionId,
    after.hour,
    after.sourceId,
    after.dimension,
  ];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws DomainError `invalid_cursor` */
export function readCursor(cursor: string): Cursor {
  try {
    const [from, to, subscriptionId, hour, sourceId, dimension] = written.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString()),
    );
    return { after: { subscriptionId, hour, sourceId, dimension }, span: { from: new Date(from), to: new Date(to) } };
  } catch {
    throw new DomainError('invalid', 'invalid_cursor', 'The cursor is not one that came with a page; begin without one.', [
      { path: 'cursor', message: 'must be the nextCursor of a page' },
    ]);
  }
}
