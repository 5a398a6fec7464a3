/** Who is calling `api`: a signed-in person acting for their active organisation, or an organisation's API key. */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { fromNodeHeaders } from 'better-auth/node';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { CallerSource, SAFE_METHODS, type AccountKind, type Caller } from '#platform/auth.ts';
import { LOG } from '#platform/tokens.ts';
import { ApiConfig } from '../config.ts';
import { API_KEY_PREFIX, createAuth, type Auth } from './auth.ts';

/** The sign-in library, once per process. */
@Injectable()
export class AuthProvider implements OnApplicationShutdown {
  readonly auth: Auth;
  private readonly pool: Pool;

  constructor(config: ApiConfig, @Inject(LOG) log: Logger) {
    const made = createAuth({
      databaseUrl: config.DATABASE_URL,
      publicUrl: config.PUBLIC_URL,
      secret: config.AUTH_SECRET,
      trustedOrigins: config.TRUSTED_ORIGINS,
      log,
    });
    this.auth = made.auth;
    this.pool = made.pool;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

@Injectable()
export class SignedInCallers extends CallerSource {
  constructor(
    private readonly provider: AuthProvider,
    private readonly config: ApiConfig,
    private readonly db: DataSource,
  ) {
    super();
  }

  async callerOf(request: FastifyRequest): Promise<Caller | null> {
    const bearer = request.headers.authorization?.match(/^Bearer (\S+)$/i)?.[1];
    if (bearer?.startsWith(API_KEY_PREFIX)) return this.byApiKey(bearer);
    if (!request.headers.cookie?.includes('slipway.')) return null;
    return this.bySession(request);
  }

  private async byApiKey(key: string): Promise<Caller | null> {
    const { valid, key: found } = await this.provider.auth.api.verifyApiKey({ body: { key } });
    if (!valid || !found) return null;
    const [organization] = await this.db.query('select organization.kind from api.organization where organization.id = $1', [
      found.referenceId,
    ]);
    return organization ? { userId: null, organizationId: found.referenceId, kind: organization.kind as AccountKind } : null;
  }

  private async bySession(request: FastifyRequest): Promise<Caller | null> {
    this.refuseForeignOrigin(request);
    const session = await this.provider.auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
    if (!session?.session.activeOrganizationId) return null;
    // Asked each time: a member who was removed loses access with the next request, not with the session.
    const [membership] = await this.db.query(
      `select organization.kind from api.member join api.organization on organization.id = member."organizationId"
       where member."userId" = $1 and member."organizationId" = $2`,
      [session.user.id, session.session.activeOrganizationId],
    );
    if (!membership) return null;
    return {
      userId: session.user.id,
      organizationId: session.session.activeOrganizationId,
      kind: membership.kind as AccountKind,
    };
  }

  /** A browser names the page that sends; a foreign page must not use the session of whoever looks at it. */
  private refuseForeignOrigin(request: FastifyRequest): void {
    const { origin } = request.headers;
    if (SAFE_METHODS.has(request.method) || !origin) return;
    if (new URL(this.config.PUBLIC_URL).origin === origin || this.config.TRUSTED_ORIGINS.includes(origin)) return;
    throw new DomainError('forbidden', 'foreign_origin', `Pages of ${origin} may not do this with your session.`);
  }
}
