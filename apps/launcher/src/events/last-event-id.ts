/** `@LastEventId() after?: string`: after which event somebody goes on who was cut off. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#domain/errors.ts';

/** What browsers send by themselves when they connect again. @throws DomainError `invalid_last_event_id`. */
export const LastEventId = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const id = context.switchToHttp().getRequest<FastifyRequest>().headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && /^\d{1,18}$/.test(id)) return id;
  throw new DomainError('invalid', 'invalid_last_event_id', 'Last-Event-ID must be the id of an event, or be left out.');
});
