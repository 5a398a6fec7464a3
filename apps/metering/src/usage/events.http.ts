/** How CloudEvents travel over HTTP (its HTTP protocol binding 1.0): structured, binary with ce-* headers, batched. */
import { HttpException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '#domain/errors.ts';
import { MOST_EVENTS } from './events.schema.ts';

export const EVENT_CONTENT_TYPE = 'application/cloudevents+json';
export const BATCH_CONTENT_TYPE = 'application/cloudevents-batch+json';
const HEADER_PREFIX = 'ce-';

/** Bodies of events are JSON. */
export function readEventBodies(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  server.addContentTypeParser(
    [EVENT_CONTENT_TYPE, BATCH_CONTENT_TYPE],
    { parseAs: 'string' },
    server.getDefaultJsonParser('error', 'error'),
  );
}

/** @throws DomainError `invalid_event` when the request is none of the three forms. */
export function eventsOf({ headers, body }: Pick<FastifyRequest, 'headers' | 'body'>): { events: unknown[]; isBatch: boolean } {
  const contentType = headers['content-type'] ?? '';
  const mediaType = contentType.split(';')[0]!.trim().toLowerCase();
  if (mediaType === BATCH_CONTENT_TYPE) return { events: batchOf(body), isBatch: true };
  if (mediaType === EVENT_CONTENT_TYPE) return { events: [body], isBatch: false };
  if (mediaType !== 'application/json') throw new HttpException('The data of a usage event is JSON.', 415);
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(HEADER_PREFIX) && typeof value === 'string' ? [[name.slice(HEADER_PREFIX.length), attributeOf(value)]] : [],
  );
  if (attributes.length === 0)
    throw invalidEvent(`Send ${EVENT_CONTENT_TYPE}, ${BATCH_CONTENT_TYPE}, or ce-* headers with the data as application/json.`);
  return { events: [{ ...Object.fromEntries(attributes), datacontenttype: contentType, data: body }], isBatch: false };
}

function batchOf(body: unknown): unknown[] {
  if (!Array.isArray(body)) throw invalidEvent('A batch is a JSON array of events.');
  if (body.length > MOST_EVENTS) throw invalidEvent(`A batch holds at most ${MOST_EVENTS} events.`);
  return body;
}

/** Quotes go first, then percent signs are decoded once (section 3.1.3.2 of the binding). */
function attributeOf(header: string): string {
  const quoted = /^"(.*)"$/s.exec(header)?.[1];
  try {
    return decodeURIComponent(quoted?.replaceAll(/\\(.)/gs, '$1') ?? header);
  } catch {
    throw invalidEvent('A ce-* header is not percent-encoded UTF-8.');
  }
}

const invalidEvent = (detail: string): DomainError => new DomainError('invalid', 'invalid_event', detail);
