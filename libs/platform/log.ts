/** One logger (pino) for a process, with the request id of whatever it is working on in every line. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

interface Doing {
  requestId: string;
}

const doing = new AsyncLocalStorage<Doing>();

/** Runs `work` with a request id that every log line, job and forwarded call made inside it carries. */
export const withRequestId = <T>(requestId: string, work: () => T): T => doing.run({ requestId }, work);

export const currentRequestId = (): string | undefined => doing.getStore()?.requestId;

export function createLog(app: string, level: string): Logger {
  return pino({
    name: app,
    level,
    base: { app },
    mixin: () => ({ requestId: currentRequestId() }),
    redact: ['req.headers.authorization', 'req.headers.cookie', '*.secret', '*.secretAccessKey', '*.password'],
  });
}

/** Nest's own messages through the same pino. Nest tells every route and module at `log`: that is `debug` for an operator. */
export class NestLog implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.pino.debug({ context }, String(message));
  }
  error(message: unknown, stack?: unknown, context?: unknown): void {
    this.pino.error({ context, stack }, String(message));
  }
  warn(message: unknown, context?: unknown): void {
    this.pino.warn({ context }, String(message));
  }
  debug(message: unknown, context?: unknown): void {
    this.pino.trace({ context }, String(message));
  }
}
