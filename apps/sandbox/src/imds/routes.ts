/**
 * The metadata service of every instance, IMDSv2, at /imds/INSTANCE-ID/latest/… where a machine has http://169.254.169.254.
 * A token is for one instance and for as long as it was asked for; a machine that does not run does not answer.
 */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { stateOf, type Instance } from '../ec2/instance-state.ts';
import type { World } from '../ec2/world.ts';
import type { Table } from '../store.ts';
import type { Identity } from './identity.ts';
import { textAt, treeOf } from './tree.ts';

interface Token {
  token: string;
  instanceId: string;
  /** Epoch milliseconds, the sandbox's time. */
  expiresAt: number;
}

type ToInstance = FastifyRequest<{ Params: { instanceId: string; '*'?: string } }>;

const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';
const LONGEST_TTL_SECONDS = 21_600;

export function imdsRoutes(app: FastifyInstance, { world, identity }: { world: World; identity: Identity }): void {
  const tokens: Table<Token> = world.store.table('imds.token');

  app.put('/imds/:instanceId/latest/api/token', (request: ToInstance, reply) => {
    const instance = machine(world, request, reply);
    if (!instance) return reply;
    // A request that came through a proxy is not the machine's own.
    if (request.headers['x-forwarded-for'] || instance.metadata.httpEndpoint === 'disabled')
      return refuse(reply, 403, 'Forbidden');
    const asked = String(request.headers[TTL_HEADER] ?? '');
    const ttlSeconds = Number(asked);
    if (!/^\d+$/.test(asked) || ttlSeconds < 1 || ttlSeconds > LONGEST_TTL_SECONDS) return refuse(reply, 400, 'Bad Request');
    const token = randomBytes(40).toString('base64url');
    forgetExpired(tokens, world.clock.now());
    tokens.set(token, { token, instanceId: instance.instanceId, expiresAt: world.clock.now().getTime() + ttlSeconds * 1000 });
    return reply.header(TTL_HEADER, String(ttlSeconds)).type('text/plain').send(token);
  });

  app.get('/imds/:instanceId/latest/*', async (request: ToInstance, reply) => {
    const instance = machine(world, request, reply);
    if (!instance) return reply;
    if (instance.metadata.httpEndpoint === 'disabled') return refuse(reply, 403, 'Forbidden');
    const given = request.headers[TOKEN_HEADER];
    if (given !== undefined || instance.metadata.httpTokens === 'required') {
      const token = tokens.get(String(given));
      const leftMs = (token?.expiresAt ?? 0) - world.clock.now().getTime();
      if (token?.instanceId !== instance.instanceId || leftMs <= 0) return refuse(reply, 401, 'Unauthorized');
      reply.header(TTL_HEADER, String(Math.ceil(leftMs / 1000)));
    }
    const path = request.params['*'] ?? '';
    if (path === 'dynamic/instance-identity/pkcs7') {
      return refuse(reply, 501, 'The sandbox does not know pkcs7, the DSA signature with SHA-1; it has signature and rsa2048');
    }
    const text = await textAt(treeOf(world, identity, instance), path);
    return text === undefined ? refuse(reply, 404, 'Not Found') : reply.type('text/plain').send(text);
  });
}

/** The instance, when it is up; else the caller hears nothing, or that there never was one. */
function machine(world: World, request: ToInstance, reply: FastifyReply): Instance | undefined {
  const instance = world.instances.get(request.params.instanceId);
  if (!instance) {
    void refuse(reply, 404, 'Not Found');
    return undefined;
  }
  if (['pending', 'running'].includes(stateOf(instance, world.clock.now()))) return instance;
  reply.hijack();
  request.raw.socket.destroy();
  return undefined;
}

const refuse = (reply: FastifyReply, status: number, title: string): FastifyReply =>
  reply
    .code(status)
    .type('text/html')
    .send(
      `<?xml version="1.0" encoding="iso-8859-1"?>\n<html><head><title>${status} - ${title}</title></head><body><h1>${status} - ${title}</h1></body></html>\n`,
    );

function forgetExpired(tokens: Table<Token>, now: Date): void {
  // The table is small: an agent holds one token and renews it every few hours.
  for (const { token, expiresAt } of tokens.values()) if (expiresAt <= now.getTime()) tokens.delete(token);
}
