/**
 * The HTTP side of the sandbox's AWS: one port on which EC2 and STS take their Query calls, told apart by the service that the
 * request was signed for, and instances find their metadata. Checks who calls, applies the faults, writes the XML.
 */
import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { arnOf, type Caller, type Credentials } from './credentials.ts';
import { ec2Actions } from './ec2/actions.ts';
import { parseQuery, type Parameters } from './ec2/query.ts';
import { isRegion } from './ec2/regions.ts';
import type { World } from './ec2/world.ts';
import { element, type XmlObject } from './ec2/xml.ts';
import type { Fault, Faults } from './faults.ts';
import type { Identity } from './imds/identity.ts';
import { imdsRoutes } from './imds/routes.ts';
import { stsActions } from './sts/actions.ts';
import { messageOf, VendorError } from './vendor-error.ts';

export interface AwsParts {
  world: World;
  credentials: Credentials;
  faults: Faults;
  identity: Identity;
  /** Called after each call that may have changed an instance. */
  changed: () => void;
}

type Service = 'ec2' | 'sts';

export function awsServer(parts: AwsParts): FastifyInstance {
  const app = Fastify({ bodyLimit: 1_048_576, forceCloseConnections: true });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.post('/', (request, reply) => answer(parts, request, reply));
  imdsRoutes(app, parts);
  app.setNotFoundHandler((request, reply) =>
    sendError(
      reply,
      'ec2',
      new VendorError('InvalidAction', `The sandbox takes POST / here, not ${request.method} ${request.url}`, 404),
    ),
  );
  return app;
}

async function answer(parts: AwsParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  let service: Service = 'ec2';
  try {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const form = parseQuery(body.toString());
    service = form.Version === STS_VERSION ? 'sts' : 'ec2';
    const caller = parts.credentials.caller({ method: request.method, url: request.url, headers: request.headers, body });
    service = caller.service;
    const { Action: name, Version: version, ...parameters } = form;
    if (typeof name !== 'string') throw new VendorError('MissingAction', 'The request must contain the parameter Action');
    checkVersion(service, version);

    const run = actionNamed(parts, caller, name);
    const fault = parameters.DryRun === 'true' ? undefined : parts.faults.take(name);
    if (fault && !fault.commitThenTimeOut) throw asked(fault);
    const result = parts.world.store.atomically(() => run(parameters));
    parts.changed();
    if (fault) return hangUp(request, reply);
    return reply
      .code(200)
      .type(XML)
      .send(success(service, name, result));
  } catch (error) {
    if (error instanceof VendorError) return sendError(reply, service, error);
    console.error(error);
    return sendError(reply, service, new VendorError('InternalError', 'The sandbox itself failed; its own log says why.'));
  }
}

/** @throws VendorError with status 501 for an action that the service may have and the sandbox has not. */
function actionNamed({ world, credentials }: AwsParts, caller: Caller, name: string): (parameters: Parameters) => XmlObject {
  const actions = caller.service === 'ec2' ? ec2Actions : stsActions;
  if (!Object.hasOwn(actions, name)) {
    throw new VendorError(
      'InvalidAction',
      `The sandbox does not know ${name}. What it knows: ${Object.keys(actions).sort().join(', ')}.`,
      501,
    );
  }
  mustBeAllowed(credentials, caller, name);
  const { region, key } = caller;
  return (parameters) => {
    if (caller.service === 'sts') return stsActions[name]?.({ caller, credentials }, parameters) ?? {};
    if (!isRegion(region))
      throw new VendorError('AuthFailure', `Credential should be scoped to a valid region, not '${region}'.`);
    const call = { world, accountId: key.accountId, region, now: world.clock.now() };
    world.weather.admit(call, name, parameters);
    const run = () => ec2Actions[name]?.(call, parameters) ?? {};
    return name.startsWith('Describe') ? world.past.lookBack(run) : run();
  };
}

/** Comes before anything that is wrong with the call, so that a dry run tells who may do what. */
function mustBeAllowed(credentials: Credentials, caller: Caller, name: string): void {
  const action = `${caller.service}:${name}`;
  if (credentials.allows(caller, action)) return;
  const said = `User: ${arnOf(caller)} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`;
  throw caller.service === 'sts'
    ? new VendorError('AccessDenied', said)
    : new VendorError('UnauthorizedOperation', `You are not authorized to perform this operation. ${said}`);
}

const EC2_VERSION = '2016-11-15';
const STS_VERSION = '2011-06-15';

function checkVersion(service: Service, version: unknown): void {
  const expected = service === 'ec2' ? EC2_VERSION : STS_VERSION;
  if (version !== expected)
    throw new VendorError('InvalidParameterValue', `Version '${String(version)}' is not ${expected}, which the sandbox speaks`);
}

const asked = (fault: Fault): VendorError =>
  new VendorError(fault.code, fault.message ?? messageOf(fault.code), fault.httpStatus);

/** The work is done and the caller never hears of it. */
function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

const XML = 'text/xml;charset=UTF-8';
const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n';
const EC2_NAMESPACE = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';
const STS_NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';

function success(service: Service, name: string, result: XmlObject): string {
  const requestId = randomUUID();
  if (service === 'ec2') return PROLOGUE + element(`${name}Response`, { requestId, ...result }, EC2_NAMESPACE);
  return (
    PROLOGUE +
    element(`${name}Response`, { [`${name}Result`]: result, ResponseMetadata: { RequestId: requestId } }, STS_NAMESPACE)
  );
}

function sendError(reply: FastifyReply, service: Service, error: VendorError): FastifyReply {
  const requestId = randomUUID();
  const { code: Code, message: Message, httpStatus } = error;
  const body =
    service === 'ec2'
      ? element('Response', { Errors: { Error: { Code, Message } }, RequestID: requestId })
      : element(
          'ErrorResponse',
          { Error: { Type: httpStatus < 500 ? 'Sender' : 'Receiver', Code, Message }, RequestId: requestId },
          STS_NAMESPACE,
        );
  return reply
    .code(httpStatus)
    .type(XML)
    .send(PROLOGUE + body);
}
