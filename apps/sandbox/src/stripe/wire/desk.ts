/**
 * How every call is served: authenticated, its form read, replayed when its Idempotency-Key has a stored answer, failed when a
 * fault was asked for, and otherwise done.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxClock } from '../../clock.ts';
import type { Fault, Faults } from '../../faults.ts';
import type { Store } from '../../store.ts';
import { Auth } from './auth.ts';
import { invalid, refusalOf, StripeRefusal, unknownRoute } from './errors.ts';
import { API_VERSION } from '../webhooks/events.ts';
import { expand } from './expand.ts';
import { parseForm } from './form.ts';
import { type Answer, Idempotency, type KeyedRequest } from './idempotency.ts';
import { newId } from './ids.ts';
import type { Caller, Route } from './route.ts';
import type { StripeState } from '../state.ts';

export interface DeskSettings {
  store: Store;
  clock: SandboxClock;
  faults: Faults;
  latencyMs?: number;
}

/** The counter at which every call is received. */
export class Desk {
  private readonly auth: Auth;
  private readonly idempotency: Idempotency;
  private readonly faults: Faults;
  private readonly latencyMs: number;

  constructor(
    private readonly state: StripeState,
    { store, clock, faults, latencyMs = 0 }: DeskSettings,
  ) {
    this.auth = new Auth(state);
    this.idempotency = new Idempotency(store, clock);
    this.faults = faults;
    this.latencyMs = latencyMs;
  }

  async serve(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const requestId = this.mark(request, reply);
    try {
      const owner = this.auth.ownerOf(request.headers);
      this.state.due.settle();
      const form = parseForm(route.method === 'GET' ? (request.url.split('?')[1] ?? '') : ((request.body as string) ?? ''));
      const key = route.method === 'POST' ? headerOf(request, 'idempotency-key') : undefined;
      if (key && key.length > 255) throw invalid('Idempotency keys can have at most 255 characters.');
      const keyed = key ? { owner, key, method: route.method, path: request.url, form } : undefined;
      return await this.execute({ route, request, reply, requestId, keyed, form, owner });
    } catch (error) {
      return send(reply, answerTo(error));
    }
  }

  async refuseUnknown(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    this.mark(request, reply);
    try {
      this.auth.ownerOf(request.headers);
      throw unknownRoute(request.method, request.url.split('?')[0]!);
    } catch (error) {
      return send(reply, answerTo(error));
    }
  }

  /** Headers that every answer carries. */
  private mark(request: FastifyRequest, reply: FastifyReply): string {
    const requestId = newId('req');
    reply.header('request-id', requestId);
    reply.header('stripe-version', headerOf(request, 'stripe-version') ?? API_VERSION);
    for (const name of ['stripe-account', 'idempotency-key']) {
      const value = headerOf(request, name);
      if (value) reply.header(name, value);
    }
    return requestId;
  }

  /** Shape first, then the key, then the fault, then the work: a request that Stripe would not begin uses up neither. */
  private async execute(call: Execution): Promise<FastifyReply> {
    const { route, request, reply, requestId, keyed } = call;
    const stored = keyed && this.idempotency.begin(keyed);
    const isFresh = keyed !== undefined && stored === undefined;
    let answer: Answer | undefined = stored;
    let kept: Answer | undefined;
    let fault: Fault | undefined;
    try {
      if (this.latencyMs) await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
      const { params, expand: paths } = route.read(call.form);
      fault = this.faults.take(`${route.method} ${route.path}`);
      const decline = fault && !fault.commitThenTimeOut && route.charges(params) ? declineOf(fault) : undefined;
      if (fault && !fault.commitThenTimeOut && !decline) throw refusalOf(fault);
      answer ??= this.work(call, params, paths, decline);
      // A 500 after the work is done: the object is there, and the key replays the 500 for ever.
      if (fault?.commitThenTimeOut && fault.httpStatus) answer = { status: fault.httpStatus, body: brokenAfterCommit(fault) };
      kept = answer;
    } catch (error) {
      answer = answerTo(error);
      kept = error instanceof StripeRefusal && error.isStored ? answer : undefined;
    } finally {
      if (isFresh) this.idempotency.finish(keyed, requestId, kept);
    }
    if (fault?.commitThenTimeOut && !fault.httpStatus) return dropConnection(fault, request, reply, answer!);
    if (stored && answer === stored) {
      reply.header('idempotent-replayed', 'true');
      reply.header('original-request', stored.requestId);
    }
    // Repeating a stored 5xx only replays it; the SDK is told not to bother, as Stripe does.
    if (keyed && answer!.status >= 500) reply.header('stripe-should-retry', 'false');
    return send(reply, answer!);
  }

  private work(call: Execution, params: unknown, paths: string[], decline: string | undefined): Answer {
    const { route, request, requestId, keyed, owner } = call;
    const path = request.params as Record<string, string | undefined>;
    const origin = `${request.protocol}://${request.host}`;
    const caller: Caller = { owner, id: path['id'] ?? '', subId: path['sub'] ?? '', origin, decline };
    const mark = { id: requestId, idempotency_key: keyed?.key ?? null };
    const result = this.state.events.during(route.method === 'GET' ? { id: null, idempotency_key: null } : mark, () =>
      route.handle(params, caller),
    );
    return { status: 200, body: expand(this.state, result, paths) };
  }
}

interface Execution {
  route: Route;
  request: FastifyRequest;
  reply: FastifyReply;
  requestId: string;
  keyed: KeyedRequest | undefined;
  form: Record<string, unknown>;
  owner: string;
}

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const declineOf = (fault: Fault): string | undefined => {
  const refusal = refusalOf(fault);
  return refusal.type === 'card_error' ? fault.code : undefined;
};

const brokenAfterCommit = (fault: Fault): unknown =>
  new StripeRefusal(fault.httpStatus!, 'api_error', fault.message ?? 'An unknown error occurred.').body();

function answerTo(error: unknown): Answer {
  if (error instanceof StripeRefusal) return { status: error.httpStatus, body: error.body() };
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: new StripeRefusal(500, 'api_error', `The sandbox broke: ${message}`).body() };
}

const send = (reply: FastifyReply, answer: Answer): FastifyReply =>
  reply.code(answer.status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer.body));

/**
 * The caller learns nothing: the connection closes without an answer, after half of one (`reset_mid_body`), or stays open and
 * silent until the caller gives up (`no_answer`).
 */
function dropConnection(fault: Fault, request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  reply.hijack();
  if (fault.code === 'no_answer') return reply;
  if (fault.code !== 'reset_mid_body') {
    request.raw.socket.destroy();
    return reply;
  }
  const body = JSON.stringify(answer.body);
  reply.raw.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  reply.raw.write(body.slice(0, body.length / 2), () => request.raw.socket.destroy());
  return reply;
}
