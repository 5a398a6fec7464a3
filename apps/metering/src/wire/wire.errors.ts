/** Errors in the form that AWS's SDKs read: `{"__type","message"}`, and a request id in the header. */
import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LOG } from '#platform/tokens.ts';
import { TooMuchUsage } from '../usage/usage-writer.ts';
import { MOST_BODY_BYTES, WIRE_CONTENT_TYPE } from './wire.bodies.ts';

/** The header in which AWS's SDKs look for the id of a request. */
export const REQUEST_ID_HEADER = 'x-amzn-requestid';

export class WireError extends Error {
  override readonly name = 'WireError';

  /** @param type the shape's name in the service model, or one of AWS's common errors. */
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Whoever signed is not known, or not allowed: AWS answers 403. */
export const refused = (type: string, message: string): WireError => new WireError(type, message, 403);

export const invalid = (message: string): WireError => new WireError('ValidationException', message);

export const tooLarge = (): WireError =>
  new WireError('RequestEntityTooLargeException', `A request may hold ${MOST_BODY_BYTES} bytes.`, 413);

@Catch()
export class WireErrors implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const known = this.known(error);
    const reply = http.getResponse<FastifyReply>();
    this.send(reply.status(known.status).header(REQUEST_ID_HEADER, http.getRequest<FastifyRequest>().id), known);
  }

  protected send(reply: FastifyReply, { type, message }: WireError): void {
    void reply.header('content-type', WIRE_CONTENT_TYPE).send(JSON.stringify({ __type: type, message }));
  }

  /** SDKs try a 5xx again, so that is what a database that is away must be. */
  private known(error: unknown): WireError {
    if (error instanceof WireError) return error;
    if (error instanceof TooMuchUsage) return new WireError('ThrottlingException', error.message);
    this.log.error({ err: error }, 'a request on the wire failed');
    return new WireError(
      'InternalServiceErrorException',
      'Something went wrong on our side; nothing was recorded. Try again.',
      500,
    );
  }
}
