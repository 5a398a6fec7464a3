/** The HTTP side of every process: request ids, an access line, times for Prometheus, validation that names each wrong field. */
import { randomUUID } from 'node:crypto';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Histogram } from 'prom-client';
import { DomainError } from '#domain/errors.ts';
import { withRequestId } from './log.ts';

const BODY_LIMIT_BYTES = 1_048_576;
const CLOSE_WITHIN_MS = 5_000;
const REQUEST_ID = /^[\w-]{8,64}$/;

const seconds = new Histogram({
  name: 'slipway_http_seconds',
  help: 'Time to answer, by method, route and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

/** @returns an adapter whose requests carry an id, the caller's own `x-request-id` when it is sane. */
export function httpServer(log: Logger): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: false,
    forceCloseConnections: 'idle',
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  adapter.getInstance().addHook('onRequest', (request: FastifyRequest, reply, done) => {
    void reply.header('x-request-id', request.id);
    withRequestId(request.id, done);
  });
  adapter.getInstance().addHook('preClose', (done) => {
    // Requests in hand are answered; a connection that is merely held open must not keep a process from ending.
    setTimeout(() => adapter.getHttpServer().closeAllConnections(), CLOSE_WITHIN_MS).unref();
    done();
  });
  adapter.getInstance().addHook('onResponse', (request: FastifyRequest, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    const line = {
      method: request.method,
      url: request.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      requestId: request.id,
    };
    if (route.startsWith('/health')) log.trace(line, 'request');
    else log.info(line, 'request');
    done();
  });
  return adapter;
}

export function prepareHttp(app: NestFastifyApplication): void {
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({
      exceptionFactory: (issues) => {
        const fields = issues.map((issue) => ({
          path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
          message: issue.message,
        }));
        const named = fields.map((field) => (field.path ? `${field.path}: ${field.message}` : field.message)).join('; ');
        return new DomainError('invalid', 'invalid_request', named, fields);
      },
    }),
  );
}
