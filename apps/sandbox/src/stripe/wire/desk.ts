/**
 * How every call is served: authenticated, counted, its form read, replayed when its Idempotency-Key has a stored answer, failed
 * when a fault was asked for, and otherwise done.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxClock } from '../../clock.ts';
import type { Fault, Faults } from '../../faults.ts';
import type { Store } from '../../store.ts';
import type { StripeState } from '../state.ts';
import { answerTo, dropConnection, send } from './answers.ts';
import { Auth, demandPermission } from './auth.ts';
import { invalid, notImitated, refusalOf, StripeRefusal } from './errors.ts';
import { expand } from './expand.ts';
import { type Form, parseForm } from './form.ts';
import { type Answer, Idempotency, type KeyedRequest } from './idempotency.ts';
import { newId } from './ids.ts';
import type { Limits } from './limits.ts';
import type { RequestLog } from './request-log.ts';
import type { Caller, Route } from './route.ts';
import { API_VERSION, versionFor } from './version.ts';

export interface DeskSettings {
  store: Store;
  clock: SandboxClock;
  faults: Faults;
  limits: Limits;
  log: RequestLog;
  /** Resolves when no webhook is under way, or when it has taken too long. */
  webhooksDelivered: () => Promise<void>;
  latencyMs?: number;
}

/** The counter at which every call is received. */
export class Desk {
  private readonly auth: Auth;
  private readonly idempotency: Idempotency;

  constructor(
    private readonly state: StripeState,
    private readonly settings: DeskSettings,
  ) {
    this.auth = new Auth(state);
    this.idempotency = new Idempotency(settings.store, settings.clock);
  }

  async serve(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const requestId = mark(request, reply);
    try {
      const key = this.auth.keyOf(request.headers);
      const owner = this.auth.ownerOf(key, request.headers);
      versionFor(headerOf(request, 'stripe-version'));
      this.settings.limits.take(owner, route.address);
      demandPermission(key, route);
      this.state.due.settle();
      const form = formOf(route, request);
      const call = { route, request, reply, requestId, form, owner, keyed: keyedRequest(route, request, owner, form) };
      return await this.execute(call);
    } catch (error) {
      return send(reply, answerTo(error), error);
    }
  }

  async refuseUnknown(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    mark(request, reply);
    try {
      this.auth.keyOf(request.headers);
      throw notImitated(`${request.method} ${request.url.split('?')[0]}`);
    } catch (error) {
      return send(reply, answerTo(error), error);
    }
  }

  private async execute(call: Execution): Promise<FastifyReply> {
    const stored = call.keyed && this.idempotency.begin(call.keyed);
    try {
      const { answer, fault, refusal } = await this.answer(call, stored);
      this.note(call, answer.status, stored !== undefined && answer === stored);
      if (fault?.commitThenTimeOut && !fault.httpStatus) {
        if (fault.code !== 'late_answer') return dropConnection(fault.code, call.request, call.reply, answer);
        await this.settings.webhooksDelivered();
      }
      if (call.keyed && !refusal) markReplay(call.reply, answer === stored ? stored.requestId : undefined, call.requestId);
      // Repeating a stored 5xx only replays it; the SDK is told not to bother, as Stripe does.
      if (call.keyed && answer.status >= 500) call.reply.header('stripe-should-retry', 'false');
      return send(call.reply, answer, refusal);
    } finally {
      if (call.keyed && !stored) this.idempotency.finish(call.keyed);
    }
  }

  /** Shape first, then the fault, then the work: a request that Stripe would not begin uses up neither fault nor key. */
  private async answer(call: Execution, stored: Answer | undefined): Promise<Outcome> {
    const { route } = call;
    let hasBegun = false;
    try {
      if (this.settings.latencyMs) await new Promise((resolve) => setTimeout(resolve, this.settings.latencyMs));
      const { params, expand: paths } = route.read(call.form);
      hasBegun = true;
      const fault = this.settings.faults.take(route.address);
      const decline = fault && !fault.commitThenTimeOut && route.charges(params) ? declineOf(fault) : undefined;
      if (fault && !fault.commitThenTimeOut && !decline) throw refusalOf(fault);
      return { answer: stored ?? this.work(call, params, paths, { fault, decline }), fault };
    } catch (error) {
      const answer = answerTo(error);
      const isKept = hasBegun && error instanceof StripeRefusal && error.isStored;
      if (call.keyed && !stored && isKept) this.idempotency.keep(call.keyed, call.requestId, answer);
      return { answer, refusal: error };
    }
  }

  /** The work and the answer stored for it, in one piece. */
  private work(call: Execution, params: unknown, paths: string[], { fault, decline }: Asked): Answer {
    return this.settings.store.atomically(() => {
      const done = this.attempt(call, params, paths, decline);
      // A 500 after the work is done: the object is there, and the key replays the 500 for ever.
      const isBroken = fault?.commitThenTimeOut && fault.httpStatus;
      const answer = isBroken ? { status: fault.httpStatus!, body: brokenAfterCommit(fault) } : done;
      if (call.keyed) this.idempotency.keep(call.keyed, call.requestId, answer);
      return answer;
    });
  }

  private attempt(call: Execution, params: unknown, paths: string[], decline: string | undefined): Answer {
    const { route, request, requestId, keyed, owner } = call;
    const path = request.params as Record<string, string | undefined>;
    const origin = `${request.protocol}://${request.host}`;
    const caller: Caller = { owner, id: path['id'] ?? '', subId: path['sub'] ?? '', origin, decline };
    const mark = route.method === 'GET' ? NOBODY : { id: requestId, idempotency_key: keyed?.key ?? null };
    try {
      const result = this.state.events.during(mark, () => route.handle(params, caller));
      return { status: 200, body: JSON.stringify(expand(this.state, result, paths)) };
    } catch (error) {
      if (error instanceof StripeRefusal && error.keepsWork) return answerTo(error);
      throw error;
    }
  }

  private note({ route, request, requestId, owner, keyed, form }: Execution, status: number, isReplay: boolean): void {
    this.settings.log.add({
      requestId,
      at: this.settings.clock.now().toISOString(),
      endpoint: route.address,
      path: request.url.split('?')[0]!,
      account: owner,
      idempotencyKey: keyed?.key ?? null,
      params: form,
      status,
      isReplay,
    });
  }
}

interface Execution {
  route: Route;
  request: FastifyRequest;
  reply: FastifyReply;
  requestId: string;
  keyed: KeyedRequest | undefined;
  form: Form;
  owner: string;
}

interface Asked {
  fault: Fault | undefined;
  decline: string | undefined;
}

interface Outcome {
  answer: Answer;
  fault?: Fault | undefined;
  /** Why nothing was done. */
  refusal?: unknown;
}

const NOBODY = { id: null, idempotency_key: null };

/** Headers that every answer carries. @returns the request's id */
function mark(request: FastifyRequest, reply: FastifyReply): string {
  const requestId = newId('req');
  reply.header('request-id', requestId);
  reply.header('stripe-version', API_VERSION);
  for (const name of ['stripe-account', 'idempotency-key']) {
    const value = headerOf(request, name);
    if (value) reply.header(name, value);
  }
  return requestId;
}

function markReplay(reply: FastifyReply, originalId: string | undefined, requestId: string): void {
  if (originalId) reply.header('idempotent-replayed', 'true');
  reply.header('original-request', originalId ?? requestId);
}

/** @throws StripeRefusal 400 for a body that is no form. */
function formOf(route: Route, request: FastifyRequest): Form {
  if (route.method === 'GET') return parseForm(request.url.split('?')[1] ?? '');
  if (headerOf(request, 'content-type')?.includes('json')) {
    throw invalid('Invalid request: the body has to be application/x-www-form-urlencoded.');
  }
  return parseForm((request.body as string | undefined) ?? '');
}

/** Only what changes something has a key; on others it is ignored. @throws StripeRefusal 400 for a key that is too long. */
function keyedRequest(route: Route, request: FastifyRequest, owner: string, form: Form): KeyedRequest | undefined {
  const key = route.method === 'POST' ? headerOf(request, 'idempotency-key') : undefined;
  if (key && key.length > 255) throw invalid('Idempotency keys can have at most 255 characters.');
  return key ? { owner, key, method: route.method, path: request.url, form } : undefined;
}

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const declineOf = (fault: Fault): string | undefined => (refusalOf(fault).type === 'card_error' ? fault.code : undefined);

const brokenAfterCommit = (fault: Fault): string =>
  JSON.stringify(new StripeRefusal(fault.httpStatus!, 'api_error', fault.message ?? 'An unknown error occurred.').body());
