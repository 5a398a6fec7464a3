/** Every error leaves a process as problem+json (RFC 9457), with a stable code, and the request id to look it up by. */
import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { DomainError, type ErrorKind } from '#domain/errors.ts';
import { isDatabaseAway } from './database.ts';
import { LOG } from './tokens.ts';

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  too_large: 413,
  throttled: 429,
  unavailable: 503,
};

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  requestId?: string;
  errors?: ReadonlyArray<{ path: string; message: string }>;
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(error);
    problem.requestId = http.getRequest<FastifyRequest>().id;
    if (problem.status >= 500) this.log.error({ err: error }, problem.detail);
    if (problem.status === 503) void reply.header('retry-after', '2');
    void reply.status(problem.status).header('content-type', 'application/problem+json; charset=utf-8').send(problem);
  }
}

/** What a caller may know of an error: all of a DomainError, the status of an HTTP one, nothing of the rest. */
export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError) return problem(STATUS[error.kind], error.code, error.detail, error.fields);
  if (error instanceof HttpException) return problem(error.getStatus(), codeOf(error.getStatus()), error.message);
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return problem(status, codeOf(status), (error as Error).message);
  if (isDatabaseAway(error))
    return problem(
      503,
      'database_unavailable',
      'The database does not answer at the moment. Nothing was changed; try again shortly.',
    );
  return problem(500, 'internal', 'Something went wrong on our side. Quote the request id when you report it.');
}

const problem = (status: number, code: string, detail: string, errors: Problem['errors'] = []): Problem => ({
  type: `urn:slipway:problem:${code}`,
  title: code.replaceAll('_', ' '),
  status,
  code,
  detail,
  ...(errors.length > 0 ? { errors } : {}),
});

const CODES: Record<number, string> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'throttled',
};
const codeOf = (status: number): string => CODES[status] ?? (status < 500 ? 'refused' : 'internal');
