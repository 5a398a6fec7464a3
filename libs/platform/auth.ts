/**
 * Who is calling. `api` signs people in; it hands each request on to the other apps with a short-lived signed note of who
 * is calling. Everything is denied unless a route says who may: `@Only('vendor')`, `@Public()`.
 */
import { createParamDecorator, Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { jwtVerify, SignJWT } from 'jose';
import { DomainError } from '#domain/errors.ts';

export type AccountKind = 'vendor' | 'buyer' | 'operator' | 'auditor';

export interface Caller {
  /** Null for an API key that belongs to the organisation and not to a person. */
  userId: string | null;
  organizationId: string;
  kind: AccountKind;
}

/** Finds out who sent a request. `api` looks at the session or API key, the others at the note from `api`. */
export abstract class CallerSource {
  abstract callerOf(request: FastifyRequest): Promise<Caller | null>;
}

export const CALLER_HEADER = 'x-slipway-caller';
const NOTE = { alg: 'HS256', issuer: 'slipway-api', seconds: 60 } as const;

/** @returns a note, valid for 60 seconds, that `caller` was authenticated by `api`. */
export function signCaller(caller: Caller, secret: string): Promise<string> {
  return new SignJWT({ org: caller.organizationId, kind: caller.kind, user: caller.userId })
    .setProtectedHeader({ alg: NOTE.alg })
    .setIssuer(NOTE.issuer)
    .setIssuedAt()
    .setExpirationTime(`${NOTE.seconds}s`)
    .sign(Buffer.from(secret));
}

export const CALLER_SECRET = Symbol('caller secret');

/** Callers as `api` vouches for them. */
@Injectable()
export class ForwardedCallers extends CallerSource {
  constructor(@Inject(CALLER_SECRET) private readonly secret: string) {
    super();
  }

  async callerOf(request: FastifyRequest): Promise<Caller | null> {
    const note = request.headers[CALLER_HEADER];
    if (typeof note !== 'string') return null;
    try {
      const { payload } = await jwtVerify(note, Buffer.from(this.secret), { issuer: NOTE.issuer, algorithms: [NOTE.alg] });
      return {
        organizationId: String(payload.org),
        kind: payload.kind as AccountKind,
        userId: (payload.user as string | null) ?? null,
      };
    } catch {
      return null;
    }
  }
}

const PUBLIC = Symbol('public');
const ONLY = Symbol('only');

/** Anyone may call this, signed in or not. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

/** Only accounts of these kinds may call this. */
export const Only = (...kinds: AccountKind[]): MethodDecorator & ClassDecorator => SetMetadata(ONLY, kinds);

/** The operator works with everybody's rows; an auditor reads them. */
export const seesEverybody = ({ kind }: Pick<Caller, 'kind'>): boolean => kind === 'operator' || kind === 'auditor';

/** The caller; on a public route undefined when nobody is signed in. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller | undefined =>
  callers.get(requestOf(context)),
);

const callers = new WeakMap<FastifyRequest, Caller>();
const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();

/** Requests that change nothing. */
export const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly source: CallerSource,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const isPublic = this.reflector.getAllAndOverride<boolean>(PUBLIC, targets) === true;
    const only = this.reflector.getAllAndOverride<AccountKind[]>(ONLY, targets);
    const request = requestOf(context);
    const caller = await this.source.callerOf(request);
    if (caller) callers.set(request, caller);
    if (isPublic) return true;
    if (!caller)
      throw new DomainError('unauthenticated', 'sign_in_required', 'Sign in, or send an API key as "Authorization: Bearer …".');
    if (!only) throw new DomainError('forbidden', 'not_for_you', 'Nobody was given access to this route.');
    if (!only.includes(caller.kind)) {
      throw new DomainError(
        'forbidden',
        'not_for_your_account',
        `This is for ${only.join(' and ')} accounts; yours is a ${caller.kind} account.`,
      );
    }
    // Whatever a route says: an auditor's seat is one to look from.
    if (caller.kind === 'auditor' && !SAFE_METHODS.has(request.method))
      throw new DomainError(
        'forbidden',
        'auditors_only_read',
        'An auditor reads and changes nothing; ask the operator to do it.',
      );
    return true;
  }
}
