/** Repeated POSTs. A caller's Idempotency-Key names the row that the first call made, so the second finds it instead of making another. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { v5 } from 'uuid';
import { DomainError } from '#domain/errors.ts';
import { newId } from './ids.ts';

const NAMESPACE = '0b1f9c1e-6f0a-5d7b-9a53-5d0f5d2f7f3a';

/** The value of the Idempotency-Key header, if any. @throws DomainError `invalid` when it is not 1 to 255 printable characters. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const key = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new DomainError(
    'invalid',
    'invalid_idempotency_key',
    'Idempotency-Key: must be 1 to 255 printable characters without spaces.',
  );
});

/** The id of the row that this call makes: the same for the same organisation, kind of row and key; a new one without a key. */
export const idFor = (organizationId: string, what: string, key: string | undefined): string =>
  key ? v5(`${organizationId}:${what}:${key}`, NAMESPACE) : newId();

/** @throws DomainError `idempotency_mismatch` when the row that the first call made differs from what this one asks for. */
export function assertSame(stored: Record<string, unknown>, asked: Record<string, unknown>): void {
  const different = Object.keys(asked).filter((name) => stored[name] !== asked[name]);
  if (different.length === 0) return;
  throw new DomainError(
    'conflict',
    'idempotency_mismatch',
    `This Idempotency-Key was used with another ${different.join(', ')}; use a new key for a new request.`,
  );
}
