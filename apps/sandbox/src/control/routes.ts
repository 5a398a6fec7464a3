/**
 * The control port: plain JSON over HTTP with which people and tests move the clock, make calls fail, add keys and images,
 * make bad weather and lose machines. No vendor has this; it listens on its own port so that nothing of it shows on theirs.
 */
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import type { SandboxClock } from '../clock.ts';
import type { Credentials } from '../credentials.ts';
import type { World } from '../ec2/world.ts';
import type { Faults } from '../faults.ts';
import type { Identity } from '../imds/identity.ts';
import { addImage } from '../seed.ts';
import { VendorError } from '../vendor-error.ts';
import * as input from './input.ts';
import { machineRoutes } from './machine-routes.ts';
import { weatherRoutes } from './weather-routes.ts';
import type { StripeControl } from '../stripe/control.ts';
import { addStripeRoutes } from './stripe-routes.ts';

export interface ControlParts {
  world: World;
  clock: SandboxClock;
  faults: Faults;
  credentials: Credentials;
  identity: Identity;
  stripe: StripeControl;
  /** Brings listeners in line; resolves when a machine that should answer does. */
  changed: () => Promise<void>;
  /** Back to a fresh sandbox. */
  reset: () => void;
}

export function controlServer(parts: ControlParts): FastifyInstance {
  const { world, clock, faults, credentials, identity, changed } = parts;
  const app = Fastify({ forceCloseConnections: true });
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => void (method === 'HEAD' || routes.push(`${String(method)} ${url}`)));
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `The control port has no ${request.method} ${request.url}`, routes }),
  );
  app.setErrorHandler((error, _, reply) => sendError(reply, error));

  app.get('/health', () => ({ status: 'ok' }));

  app.get('/clock', () => ({ now: clock.now() }));
  app.post('/clock', (request) => {
    const asked = input.read(input.clock, request.body);
    if (asked.reset) clock.reset();
    if (asked.now) clock.set(new Date(asked.now));
    if (asked.advanceMs !== undefined) clock.advance(asked.advanceMs);
    return changed().then(() => ({ now: clock.now() }));
  });

  app.post('/faults', (request, reply) => reply.code(201).send(faults.failNext(input.read(input.fault, request.body))));
  app.delete('/faults', (_, reply) => {
    faults.clear();
    return reply.code(204).send();
  });

  app.post('/access-keys', (request, reply) => {
    const key = input.read(input.accessKey, request.body);
    credentials.addKey(key);
    return reply.code(201).send({ accessKeyId: key.accessKeyId, accountId: key.accountId });
  });
  app.post('/roles', (request, reply) => {
    const role = input.read(input.role, request.body);
    credentials.roles.set(role.roleArn, role);
    return reply.code(201).send(role);
  });

  app.post('/images', (request, reply) => {
    const asked = input.read(input.image, request.body);
    return reply
      .code(201)
      .send(world.store.atomically(() => addImage(world, { ...world.images.get(asked.imageId ?? ''), ...asked })));
  });

  machineRoutes(app, parts);
  weatherRoutes(app, parts);

  addStripeRoutes(app, parts.stripe);

  app.get('/identity-certificate', (_, reply) => reply.type('application/x-pem-file').send(identity.certificatePem));

  app.post('/reset', (_, reply) => {
    parts.reset();
    return changed().then(() => reply.code(204).send());
  });
  return app;
}

function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof VendorError) return reply.code(400).send({ error: `${error.code}: ${error.message}` });
  if (error instanceof z.ZodError) return reply.code(400).send({ error: z.prettifyError(error) });
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode >= 500) console.error(error);
  return reply.code(statusCode).send({ error: message });
}
