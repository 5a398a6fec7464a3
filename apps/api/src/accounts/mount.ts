/** Hands /v1/auth/* to the sign-in library, which speaks fetch's Request and Response. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fromNodeHeaders } from 'better-auth/node';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiConfig } from '../config.ts';
import { AuthProvider } from './callers.ts';

export function mountAuth(app: NestFastifyApplication): void {
  const { auth } = app.get(AuthProvider);
  const { PUBLIC_URL: publicUrl } = app.get(ApiConfig);
  app
    .getHttpAdapter()
    .getInstance()
    .route({
      method: ['GET', 'POST'],
      url: '/v1/auth/*',
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const headers = fromNodeHeaders(request.headers);
        // Fastify has read the body already; its length as text may differ.
        headers.delete('content-length');
        // Limits per address go by the connection, not by what a client says of itself.
        headers.set('x-forwarded-for', request.ip);
        const body = request.body === undefined || request.body === null ? undefined : JSON.stringify(request.body);
        const response = await auth.handler(
          new Request(new URL(request.url, publicUrl), { method: request.method, headers, body }),
        );
        void reply.status(response.status);
        for (const [name, value] of response.headers) if (name !== 'set-cookie') void reply.header(name, value);
        const cookies = response.headers.getSetCookie();
        if (cookies.length > 0) void reply.header('set-cookie', cookies);
        return reply.send(response.body ? await response.text() : null);
      },
    });
}
