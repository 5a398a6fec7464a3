/** Serves the built portal: its files, and its one page for every path that is the portal's own to route. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import helmet from '@fastify/helmet';
import statics from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#domain/errors.ts';
import { toProblem } from '#platform/problems.ts';
import type { ApiConfig } from '../config.ts';

export async function servePortal(app: NestFastifyApplication, config: ApiConfig): Promise<void> {
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  await server.register(helmet, {
    contentSecurityPolicy: {
      // Mantine sets element styles; scripts come from us alone.
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'https:'],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: config.PUBLIC_URL.startsWith('https:'),
  });
  const root = resolve(config.PORTAL_DIR);
  const isBuilt = existsSync(resolve(root, 'index.html'));
  // Vite puts files with hashed names into `assets/`; nothing else is served by name.
  if (isBuilt)
    await server.register(statics, {
      root: resolve(root, 'assets'),
      prefix: '/assets/',
      index: false,
      maxAge: '365d',
      immutable: true,
    });

  server.get('/*', async (request: FastifyRequest, reply: FastifyReply) => {
    const isPage = request.headers.accept?.includes('text/html') && !request.url.startsWith('/v1/');
    if (!isPage) {
      const problem = {
        ...toProblem(
          new DomainError('missing', 'route_not_found', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`),
        ),
        requestId: request.id,
      };
      return reply.status(404).type('application/problem+json').send(problem);
    }
    if (!isBuilt)
      return reply.status(503).type('text/plain').send('The portal is not built: run "npm run build", or set PORTAL_DIR.\n');
    return reply.sendFile('index.html', root, { maxAge: 0, immutable: false });
  });
}
