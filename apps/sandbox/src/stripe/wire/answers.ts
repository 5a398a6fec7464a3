/** How an answer goes out, or breaks off on the way because a fault asked for it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StripeRefusal } from './errors.ts';
import type { Answer } from './idempotency.ts';

/** What a refusal, or a mistake of the sandbox's own, looks like on the wire. */
export function answerTo(error: unknown): Answer {
  if (error instanceof StripeRefusal) return { status: error.httpStatus, body: JSON.stringify(error.body()) };
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: JSON.stringify(new StripeRefusal(500, 'api_error', `The sandbox broke: ${message}`).body()) };
}

/** @param refusal adds its own headers. */
export function send(reply: FastifyReply, answer: Answer, refusal?: unknown): FastifyReply {
  if (refusal instanceof StripeRefusal) reply.headers(refusal.headers);
  return reply.code(answer.status).header('content-type', 'application/json; charset=utf-8').send(answer.body);
}

/**
 * The caller learns nothing: the connection closes without an answer, after half of one (`reset_mid_body`), or stays open and
 * silent until the caller gives up (`no_answer`).
 */
export function dropConnection(
  code: string,
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body }: Answer,
): FastifyReply {
  reply.hijack();
  if (code === 'no_answer') return reply;
  if (code !== 'reset_mid_body') {
    request.raw.socket.destroy();
    return reply;
  }
  reply.raw.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  reply.raw.write(body.slice(0, body.length / 2), () => request.raw.socket.destroy());
  return reply;
}
